"""Identifying titles: what a file or an id is, by the word of a provider."""

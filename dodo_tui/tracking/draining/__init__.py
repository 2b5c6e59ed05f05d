"""Draining the queue: what still has to be told to a provider."""

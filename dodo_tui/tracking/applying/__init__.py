"""Applying what a provider told to what is here."""

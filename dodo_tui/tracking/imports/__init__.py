"""Importing what other programs and services have kept.

`source` opens a file within bounds, each importer reads records out of it, `merging` joins them
into what is here. Nothing that is imported is ever told to a provider.
"""

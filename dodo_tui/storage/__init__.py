"""The local truth: a SQLite file and a few small files beside it. The only place with SQL."""

"""The use cases: record a play, decide a scrobble, drain the queue, identify files, sync.

Plain functions, most of them async, joining storage, providers, players and library.
"""

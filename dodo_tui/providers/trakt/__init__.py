"""Trakt: sign-in, scrobbling, history, playback, lists and ratings over its HTTP API."""

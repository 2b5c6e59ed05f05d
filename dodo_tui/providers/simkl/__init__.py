"""Simkl: sign-in, scrobbling, history, playback and lookup over its HTTP API."""

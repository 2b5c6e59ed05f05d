"""Viewings in players that dodo did not start: from samples of many players to plays."""

"""The routes of the stand-in for Trakt."""

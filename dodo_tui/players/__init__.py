"""Players: each behind the same `Protocol`, each turned into one stream of `PlayerState`."""

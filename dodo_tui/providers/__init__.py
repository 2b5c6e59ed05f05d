"""Watch trackers on the network, each behind the same `Provider` protocol."""

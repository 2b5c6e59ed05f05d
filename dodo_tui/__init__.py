"""dodo: a watch tracker and player for a television run from a terminal."""

__version__ = "0.1.0"

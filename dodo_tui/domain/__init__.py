"""What dodo knows and decides: ids, media, plays, thresholds and rules.

Frozen values and pure functions only: no I/O, no clock, nothing from outside the standard library.
"""

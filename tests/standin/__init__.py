"""Tests of the stand-in for the Simkl API, by nothing but the standard library."""

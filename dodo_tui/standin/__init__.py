"""Stand-ins for Simkl and Trakt on the loopback interface: for `dodo demo` and for the tests.

They keep everything in memory and need nothing but the standard library. What is here serves
both: the server, the faults, the clock, the titles; the rules of each are in `simkl/` and `trakt/`.
"""

"""Stand-ins for Simkl and Trakt on the loopback interface: for `dodo demo` and for the tests.

They follow the contracts (`reference/simkl-api.md`, section 18, and `reference/trakt-api.md`,
section 20, list what a faithful one must do), keep everything in memory and need nothing but the
standard library. `dodo_tui.standin.server` and `dodo_tui.standin.trakt.server` are the ways in.
"""

"""A stand-in for the Simkl API on the loopback interface: for `dodo demo` and for the tests.

It follows the contract (`reference/simkl-api.md`; section 18 lists what a faithful one must do),
keeps everything in memory and needs nothing but the standard library. `dodo_tui.standin.server`
is the way in.
"""

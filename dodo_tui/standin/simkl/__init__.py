"""A stand-in for the Simkl API: its own rules, on the same server, clock, faults and catalogue.

It follows the contract (`reference/simkl-api.md`; section 18 lists what a faithful one must do).
`dodo_tui.standin.simkl.server` is the way in.
"""

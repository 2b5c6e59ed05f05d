"""A stand-in for the Trakt API: its own rules, on the same server, clock, faults and catalogue.

It follows the contract (`reference/trakt-api.md`; section 20 lists what a faithful one must do).
`dodo_tui.standin.trakt.server` is the way in.
"""

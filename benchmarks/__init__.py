"""How fast and how lean dodo is, as ratios against programs that anyone can run.

    .venv/bin/python -m benchmarks.start        # the commands that read
    .venv/bin/python -m benchmarks.first_paint  # first picture, keys, rest, memory
    .venv/bin/python -m benchmarks.instructions # the way to the first picture, in instructions
    .venv/bin/python -m benchmarks.pictures     # what posters add to it
    .venv/bin/python -m benchmarks.tick         # what a player's tick costs and writes
    .venv/bin/python -m benchmarks.drain        # how many requests a full queue takes
    .venv/bin/python -m benchmarks.pull         # a first pull and deltas of a large library
    .venv/bin/python -m benchmarks.memory       # what is held after a sync
    .venv/bin/python -m benchmarks.daemon       # the daemon at rest
    .venv/bin/python -m benchmarks.watched      # the daemon while it watches three players
    .venv/bin/python -m benchmarks.soak         # a hundred kills, and nothing lost

What measures time runs dodo and something to compare it with in turns, so that a slow moment of
the machine meets both, and prints the ratio; `drain`, `instructions` and `soak` count. They measure
and never fail on a slow machine; tests assert no duration. What they are made of: `history` (a long
history), `big_library` (a large stand-in), `terminal` (a terminal to look into), `paired` (two in
turns), `baselines`.
"""

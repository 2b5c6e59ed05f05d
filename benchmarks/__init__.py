"""How fast and how lean dodo is, as ratios against programs that anyone can run.

    .venv/bin/python -m benchmarks.start
    .venv/bin/python -m benchmarks.first_paint
    .venv/bin/python -m benchmarks.tick
    .venv/bin/python -m benchmarks.drain
    .venv/bin/python -m benchmarks.pull
    .venv/bin/python -m benchmarks.memory

Each runs dodo and something to compare it with in turns, so that a slow moment of the machine meets
both, and prints the ratio. They measure and never fail on a slow machine; tests assert no duration.
"""

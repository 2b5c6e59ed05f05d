"""The headless app: reactive state, watchers and workers. `dodo` is the same engine with screens."""

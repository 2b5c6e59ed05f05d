"""The headless app: reactive state, watchers and workers; `dodo` is it with screens."""

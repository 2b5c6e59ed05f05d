"""The screens: what is shown where. They hold no logic; they bind to the engine and ask it."""

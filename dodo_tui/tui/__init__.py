"""The face: screens, widgets and navigation. It shows what the engine knows and asks it to act."""

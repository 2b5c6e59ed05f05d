"""The building blocks of the screens: few widgets, each drawn line by line."""

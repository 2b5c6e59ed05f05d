"""What the face looks like: theme, density, motion and glyphs, chosen on the screen."""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import BUILTIN_THEMES, Theme

from dodo_tui.tui.appearance import AUTO, Appearance, Density, kept_as, look_for
from dodo_tui.tui.face.set_once import SetOnce
from dodo_tui.tui.look import Look
from dodo_tui.tui.themes import THEMES, choose_theme


class Appearing(SetOnce, part=True):
    """Looks as the user chose, as far as the terminal can show it."""

    look: Look
    appearance: Appearance
    _environment: Mapping[str, str]

    @property
    def desk(self) -> bool:
        """Whether much is shown at a time, for somebody who sits close by."""
        return self.appearance.density is Density.DESK

    @property
    def reduced_motion(self) -> bool:
        """Whether nothing is to move by itself."""
        return self.appearance.reduced_motion

    @property
    def look_given(self) -> bool:
        """Whether the environment says what may be drawn."""
        return bool(self._environment.get("DODO_LOOK"))

    def _theme_for(self, appearance: Appearance) -> Theme:
        """The theme that was chosen, if there is such a one and the terminal can show it."""
        wanted = None
        if appearance.theme != AUTO:
            known = {**BUILTIN_THEMES, **{theme.name: theme for theme in THEMES}}
            wanted = known.get(appearance.theme)
        return choose_theme(self.look, self._environment, wanted)

    _has_theme = False

    def get_css_variables(self) -> dict[str, str]:
        """None before the theme is known: Textual asks first for those of its own theme."""
        return super().get_css_variables() if self._has_theme else {}

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours of the roles, for themes that know nothing of them."""
        theme = self.current_theme
        if "dodo-text" in theme.variables:
            return {}
        from dodo_tui.tui.contrast import role_variables

        return role_variables(theme)

    def use_appearance(self, appearance: Appearance) -> None:
        """Look like this from now on, without keeping it."""
        from dodo_tui.tui.dressing import dress

        self.appearance = appearance
        self.look = look_for(appearance, self._environment)
        dress(self, self._theme_for(appearance))

    def keep_appearance(self, appearance: Appearance) -> None:
        """Look like this from now on, also after the next start."""
        self.use_appearance(appearance)
        self.keep_preferences(kept_as(appearance, self._environment))

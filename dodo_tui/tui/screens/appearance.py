"""Appearance: theme, density, motion and look, each shown as soon as it is chosen."""

from __future__ import annotations

from dataclasses import replace

from textual.app import ComposeResult

from dodo_tui.tui.appearance import AUTO, Appearance, next_of
from dodo_tui.tui.look import Look
from dodo_tui.tui.pictures.choice import Wish, has_decoder, read_wish
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.themes import theme_names, theme_title
from dodo_tui.tui.widgets.choice import Choice
from dodo_tui.tui.widgets.hint_bar import Hint
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.words import Words

_LOOKS = {
    AUTO: "by the terminal",
    Look.FULL: "every glyph",
    Look.CONSOLE: "a Linux console's glyphs",
    Look.ASCII: "plain letters",
}


def appearance_rows(appearance: Appearance, theme: str, look_given: bool) -> tuple[MenuRow, ...]:
    """The settings with their values; `theme` is the one that is shown.

    `look_given` says that the environment decides about the look.
    """
    title = theme_title(theme)
    density = {"couch": "large, for the couch", "desk": "small, for a desk"}
    return (
        MenuRow(
            "theme",
            "Theme",
            status=f"by the terminal ({title})" if appearance.theme == AUTO else title,
            detail="Twenty themes, dark and light, and two of dodo's own for a dark room.",
        ),
        MenuRow(
            "density",
            "Density",
            status=density[appearance.density],
            detail="How much is on the screen at a time.",
        ),
        MenuRow(
            "motion",
            "Reduced motion",
            status="on" if appearance.reduced_motion else "off",
            detail="Nothing turns while dodo waits.",
        ),
        MenuRow(
            "look",
            "Glyphs",
            status="DODO_LOOK says so" if look_given else _LOOKS[appearance.look],
            detail="What this kind of terminal has a font for.",
            enabled=not look_given,
        ),
    )


def pictures_row(wish: Wish, *, given: bool, installed: bool, drawn: bool) -> MenuRow:
    """The setting of the posters.

    `given` says that a variable or the file decides, `installed` whether the extra is there, and
    `drawn` whether this terminal shows posters now.
    """
    status = _PICTURES.get(wish, f"by the terminal ({'drawn' if drawn else 'words'})")
    detail = "Posters, where the terminal draws them; fetched once and kept."
    if not installed:
        status, detail = "not installed", "They need the extra: pipx install 'dodo-tui[pictures]'"
    elif given:
        status = "DODO_PICTURES says so"
    return MenuRow(
        "pictures", "Pictures", status=status, detail=detail, enabled=installed and not given
    )


_PICTURES = {
    Wish.ON: "on",
    Wish.OFF: "off",
    Wish.BLOCKS: "blocks of colour",
    Wish.KITTY: "kitty's graphics",
    Wish.SIXEL: "sixel",
}


class AppearanceScreen(DodoScreen):
    """How dodo looks on this machine."""

    NAME = "Appearance"
    DEFAULT_ZONE = "MenuList"

    _offered: tuple[Wish, ...] = (Wish.AUTO, Wish.OFF)
    """How pictures can be drawn here, as far as that is known yet."""

    def on_mount(self) -> None:
        """Find out what the terminal can draw."""
        if has_decoder():
            self.refill(self._read_offered)

    async def _read_offered(self) -> None:
        self._offered = await self.dodo.offered_pictures()

    def compose(self) -> ComposeResult:
        """The settings."""
        yield Words("Appearance", classes="-strong")
        yield MenuList(self._rows(), two_lines=True, ok_hint="change")
        yield Foot()

    def _rows(self) -> tuple[MenuRow, ...]:
        dodo = self.dodo
        pictures = pictures_row(
            read_wish(dodo.picture_wish),
            given=bool(dodo.settings.pictures),
            installed=has_decoder(),
            drawn=dodo.gallery is not None,
        )
        return (*appearance_rows(dodo.appearance, dodo.theme, dodo.look_given), pictures)

    def hints(self) -> list[Hint]:
        """OK on the theme opens the list of them."""
        hints = list(super().hints())
        menu = self.query_one_optional(MenuList)
        row = menu.row if menu is not None else None
        if row is not None and row.id == "theme":
            hints[0] = ("OK", "choose")
        elif row is not None and not row.enabled:
            del hints[0]
        return hints

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """The next value, or the list of themes."""
        message.stop()
        if message.row.id == "theme":
            self._choose_theme()
        elif message.row.id == "pictures":
            self.dodo.choose_pictures(self._next_wish)
            self.query_one(MenuList).rows = self._rows()
        else:
            self._use(next_of(self.dodo.appearance, message.row.id))

    @property
    def _next_wish(self) -> Wish:
        """After the last way to draw pictures, and after one not offered here, comes the first."""
        wish = read_wish(self.dodo.picture_wish)
        following = dict(zip(self._offered, self._offered[1:], strict=False))
        return following.get(wish, Wish.AUTO)

    def _choose_theme(self) -> None:
        before = self.dodo.appearance
        rows = (
            MenuRow(AUTO, "By the terminal"),
            *(MenuRow(name, theme_title(name)) for name in theme_names(self.dodo)),
        )

        def show(theme: str) -> None:
            self.dodo.use_appearance(replace(before, theme=theme))

        def chosen(theme: str | None) -> None:
            self._use(before if theme is None else replace(before, theme=theme))

        self.app.push_screen(Choice("Theme", rows, before.theme, show), chosen)

    def _use(self, appearance: Appearance) -> None:
        self.dodo.keep_appearance(appearance)
        self.query_one(MenuList).rows = self._rows()
        self.update_hints()

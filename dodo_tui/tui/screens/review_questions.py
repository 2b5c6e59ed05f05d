"""The two questions of a review: which episode a file is, and how far the user's word reaches."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from dodo_tui.domain.media import episode_label
from dodo_tui.domain.review import Place, Reach, Scope
from dodo_tui.tui.nav.modal import NavModal
from dodo_tui.tui.widgets.headline import Headline
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.place_picker import PlacePicker
from dodo_tui.tui.widgets.words import Words
from dodo_tui.tui.words import shortened


class PlaceScreen(NavModal[Place | None]):
    """Which season and episode a file is. Gives the place, None for Back."""

    def __init__(self, name: str, place: Place | None) -> None:
        super().__init__()
        self._heading = name
        self._picker = PlacePicker(place or Place(1, 1))

    def compose(self) -> ComposeResult:
        """The title, and two numbers to set with the arrows."""
        with Vertical(classes="panel"):
            yield Headline(self._heading)
            yield Words(
                "Which episode is this file?  Season 0 holds the specials.", classes="-quiet"
            )
            yield self._picker
        yield HintBar()

    def on_place_picker_picked(self, message: PlacePicker.Picked) -> None:
        """It is this one."""
        message.stop()
        self.dismiss(message.place)


def scope_rows(
    reach: Reach, scopes: Sequence[Scope], shift: tuple[Place, Place] | None
) -> tuple[MenuRow, ...]:
    """How far the word may reach, each with what that means."""
    along = ""
    if shift is not None:
        was, real = (episode_label(*place) for place in shift)
        along = f"{was} is {real}, and those after it shift along"
    details = {
        Scope.FILE: ("This file", ""),
        Scope.FOLDER: (
            f"This folder, {reach.folder_files} files",
            along or f"All in {shortened(reach.folder_name)}, and what is added to it",
        ),
        Scope.SERIES: (
            f"The whole series, {reach.series_files} files"
            if reach.named is not None
            else f"Every copy of it, {reach.series_files} files",
            along or "Everything of this name, and what is added",
        ),
    }
    return tuple(
        MenuRow(scope, details[scope][0].replace(" 1 files", " 1 file"), detail=details[scope][1])
        for scope in scopes
    )


class ScopeScreen(NavModal[Scope | None]):
    """How far the user's word reaches. Gives the scope, None for Back."""

    def __init__(
        self,
        name: str,
        reach: Reach,
        scopes: Sequence[Scope],
        default: Scope,
        shift: tuple[Place, Place] | None = None,
    ) -> None:
        super().__init__()
        self._heading = name
        rows = scope_rows(reach, scopes, shift)
        self._menu = MenuList(rows, two_lines=True, ok_hint="say so", classes="-short-list")
        self._menu.go_to(default)

    def compose(self) -> ComposeResult:
        """What is said, and of what it may be said."""
        with Vertical(classes="panel"):
            yield Headline(self._heading)
            yield Words(
                "What was watched goes along; a wrong mark is taken back and sent right.",
                classes="-quiet",
            )
            yield self._menu
        yield HintBar()

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """So far."""
        message.stop()
        self.dismiss(Scope(message.row.id))

"""Choosing a folder with six keys."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Vertical

from dodo_tui.domain.figures import counted
from dodo_tui.domain.folders import Contents
from dodo_tui.tui.nav.modal import NavModal
from dodo_tui.tui.widgets.headline import Headline
from dodo_tui.tui.widgets.hint_bar import Hint, HintBar
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.words import Words

if TYPE_CHECKING:
    from dodo_tui.tui.app import DodoApp

_USE = "use"
_UP = "up"


def folder_name(path: str) -> str:
    """A path as text: `~` for home, and a mark for bytes that are not UTF-8."""
    home = str(Path.home())
    if path == home or path.startswith(home + os.sep):
        path = "~" + path.removeprefix(home)
    return os.fsencode(path).decode("utf-8", "replace")


def folder_rows(found: Contents) -> tuple[MenuRow, ...]:
    """A folder that is open: take it, go up, or go into one of its folders."""
    files = counted(found.files, "file")
    rows = [
        MenuRow(_USE, "Use this folder", status=files, enabled=not found.problem),
        MenuRow(_UP, ".."),
    ]
    rows += [MenuRow(f"into-{name}", folder_name(name)) for name in found.folders]
    return tuple(rows)


class FolderPicker(NavModal[str | None]):
    """Goes through the folders of this machine; gives the one chosen, None for Back at the top.

    Back goes up as one came down.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self._sentence = sentence
        self._trail: list[str] = []
        """The folders that are open, one in the other; empty: the places to start from."""

    def compose(self) -> ComposeResult:
        """Where one is, and what is there."""
        with Vertical(classes="panel"):
            yield Words(self._sentence, classes="-strong")
            yield Headline("")
            yield MenuList(empty_text="Looking.", ok_hint="open", classes="-short-list")
            yield Words(id="problem", classes="-warn")
        yield HintBar()

    @property
    def _dodo(self) -> DodoApp:
        """The app, with its type."""
        return cast("DodoApp", self.app)

    def hints(self) -> Sequence[Hint]:
        """Back goes up, and from the top out."""
        *others, (back, _) = super().hints()
        return [*others, (back, "up" if self._trail else "cancel")]

    def on_mount(self) -> None:
        """Begin with the likely places."""
        self._look("")

    def _look(self, stand_on: str) -> None:
        self.run_worker(self._show(stand_on), group="look", exclusive=True)

    async def _show(self, stand_on: str) -> None:
        """Read what is there, off the loop, and show it."""
        folder = self._trail[-1] if self._trail else ""
        rows: tuple[MenuRow, ...]
        problem = ""
        if folder:
            found = await self._dodo.look_into(folder)
            rows = folder_rows(found)
            problem = found.problem or ("There is more here than is shown." if found.is_cut else "")
        else:
            likely = await self._dodo.likely_places()
            rows = tuple(MenuRow(f"into-{path}", folder_name(path)) for path in likely)
        self.query_one(Headline).text = folder_name(folder) if folder else "Where are they?"
        menu = self.query_one(MenuList)
        menu.rows = rows
        if not menu.go_to(f"into-{stand_on}"):
            menu.to_start()
        words = self.query_one("#problem", Words)
        words.text = problem
        words.display = bool(problem)
        self.update_hints()

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Take it, go up, or go in."""
        message.stop()
        row_id = message.row.id
        if row_id == _USE:
            self.dismiss(self._trail[-1])
        elif row_id == _UP:
            self._go_up()
        else:
            name = row_id.removeprefix("into-")
            self._trail.append(str(Path(self._trail[-1], name)) if self._trail else name)
            self._look("")

    def _go_up(self) -> None:
        """To the folder above, also above where one began; from the root to the places."""
        folder = self._trail.pop()
        above = str(Path(folder).parent)
        if not self._trail and above != folder:
            self._trail.append(above)
        self._look(Path(folder).name if self._trail else folder)

    def go_back(self) -> None:
        """One step back the way one came; from the places, out."""
        if not self._trail:
            self.dismiss(None)
            return
        folder = self._trail.pop()
        self._look(Path(folder).name if self._trail else folder)

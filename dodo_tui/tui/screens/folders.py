"""The library folders, and how to add one."""

from __future__ import annotations

from textual.app import ComposeResult

from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.words import Words


class FoldersScreen(DodoScreen):
    """Where the videos are."""

    NAME = "Library folders"
    DEFAULT_ZONE = "ButtonRow"

    def compose(self) -> ComposeResult:
        """The folders and the button that looks through them."""
        yield Words("Library folders", classes="-strong")
        yield Words("Add one from a shell:  dodo library add ~/Videos", classes="-quiet")
        yield ButtonRow(Button("scan", "Look for new files"))
        yield Words(id="scan", classes="-quiet")
        yield MenuList(empty_text="No folders yet.", ok_hint="")
        yield Foot()

    def on_mount(self) -> None:
        """Follow the scan and the database."""
        self.watch(self.dodo, "revision", self._read)
        self.watch(self.dodo, "scan", self._show_scan)

    def _read(self) -> None:
        self.refill(self._fill)

    async def _fill(self) -> None:
        self.query_one(MenuList).rows = tuple(
            MenuRow(folder, folder) for folder in await self.dodo.read_folders()
        )

    def _show_scan(self) -> None:
        scan = self.dodo.scan
        words = ""
        if scan is not None and scan.running:
            words = f"Looking: {scan.files_seen} files seen"
        elif scan is not None:
            words = "  ".join((f"{scan.files_seen} videos, {scan.files_new} new", *scan.problems))
        line = self.query_one("#scan", Words)
        line.text = words
        line.display = bool(words)

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """Look through the folders."""
        message.stop()
        self.dodo.scan_library()

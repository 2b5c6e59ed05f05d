"""The library folders: chosen, looked through and let go; and what is never tracked."""

from __future__ import annotations

from textual.app import ComposeResult

from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.screens.folder_picker import FolderPicker, folder_name
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.question import Question
from dodo_tui.tui.widgets.words import Words
from dodo_tui.tui.words import found_text, looking_text


class FoldersScreen(DodoScreen):
    """Where the videos are."""

    NAME = "Library folders"
    DEFAULT_ZONE = "ButtonRow"

    def compose(self) -> ComposeResult:
        """The buttons, how the last look went, and the folders."""
        yield Words("Library folders", classes="-strong")
        yield Words("dodo looks for films and shows in these.", classes="-quiet")
        yield ButtonRow(
            Button("scan_library", "Look for new files"),
            Button("add", "Add a folder"),
            Button("show_untracked", "Never tracked"),
        )
        yield Words(id="scan", classes="-quiet")
        yield Words(id="problems", classes="-warn")
        yield MenuList(empty_text="No folders yet.", ok_hint="let go", of_things=True)
        yield Foot()

    def on_mount(self) -> None:
        """Follow the scan and the database."""
        self.watch(self.dodo, "revision", self._read)
        self.watch(self.dodo, "scan", self._show_scan)

    def _read(self) -> None:
        self.refill(self._fill)

    async def _fill(self) -> None:
        fixed = self.dodo.settings.library
        self.query_one(MenuList).rows = tuple(
            MenuRow(
                folder,
                folder_name(folder),
                status="set in config.toml" if folder in fixed else "",
                enabled=folder not in fixed,
            )
            for folder in await self.dodo.read_folders()
        )

    def _show_scan(self) -> None:
        scan = self.dodo.scan
        words, problems = "", tuple[str, ...]()
        if scan is not None and scan.running:
            words = looking_text(scan.files_seen)
        elif scan is not None:
            words, problems = found_text(scan.files_seen, scan.files_new), scan.problems
        for name, text in (("#scan", words), ("#problems", "\n".join(problems))):
            line = self.query_one(name, Words)
            line.text = text
            line.display = bool(text)

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """Look through the folders, add one, or say what is never tracked."""
        message.stop()
        match message.label.id:
            case "scan_library":
                self.dodo.scan_library()
            case "add":
                self.app.push_screen(FolderPicker("A folder with videos"), self._add)
            case _:
                from dodo_tui.tui.screens.untracked import UntrackedScreen

                self.app.push_screen(UntrackedScreen())

    def _add(self, folder: str | None) -> None:
        if folder is not None:
            self.dodo.add_folder(folder)

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Let a folder go, once it is sure that it is meant."""
        message.stop()
        folder = message.row.id

        def answered(answer: str | None) -> None:
            if answer == "remove":
                self.dodo.remove_folder(folder)

        answers = (Button("remove", "Remove"), Button("keep", "Keep"))
        detail = "Its files leave the library and stay on the disk. What was watched stays, too."
        question = Question(f"Remove {folder_name(folder)}?", answers, "keep", detail)
        self.app.push_screen(question, answered)

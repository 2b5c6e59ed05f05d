"""Review: files that dodo is not sure of, settled by the user with six keys.

What is unsure is never sent. A list of files, then what each may be, then how far the word reaches.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from dodo_tui.domain.figures import counted
from dodo_tui.domain.review import Corrected, Reason, ReviewEntry
from dodo_tui.domain.status import Tone
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.screens.review_entry import NO_FILE, ReviewEntryScreen, thought_of
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.words import Words
from dodo_tui.tui.words import shortened


def review_rows(entries: Sequence[ReviewEntry]) -> tuple[MenuRow, ...]:
    """The files under two headings: those that may be several things, and those nobody knew."""
    rows: list[MenuRow] = []
    reason: Reason | None = None
    for entry in entries:
        if entry.reason is not reason:
            reason = entry.reason
            words = "Not sure" if reason is Reason.UNSURE else "Not known to anybody"
            rows.append(MenuRow(f"reason:{reason}", words, heading=True))
        more = entry.file_count - 1
        others = f"and {counted(more, 'more file')} of it, " if more > 0 else ""
        where = f"{others}in {entry.folder}" if entry.folder else NO_FILE
        rows.append(
            MenuRow(
                str(entry.subject),
                entry.file_name,
                status=thought_of(entry),
                tone=Tone.WARN if entry.candidates else Tone.QUIET,
                detail=where,
            )
        )
    return tuple(rows)


def done_text(done: Corrected) -> str:
    """What a decision came to, in a sentence or two."""
    files = "The file is" if done.files == 1 else _are(done.files, "file")
    if not done.files:
        files = "What was imported is"
    said = f"{files} {shortened(done.title) if done.title else 'no film and no episode'} now."
    if done.plays:
        said += f" {_are(done.plays, 'viewing')} moved."
    if done.taken_back:
        said += f" {_are(done.taken_back, 'wrong mark')} taken back and sent right."
    return said


def _are(count: int, noun: str) -> str:
    return f"{counted(count, noun)} {'is' if count == 1 else 'are'}"


class ReviewScreen(DodoScreen):
    """What waits for the user's word."""

    NAME = "Review"
    DEFAULT_ZONE = "MenuList"

    def compose(self) -> ComposeResult:
        """Filled as soon as the database has answered."""
        yield self.top_bar("")
        yield Words("Review", classes="-strong")
        yield Words("What dodo is not sure of is never sent. Say what it is.", classes="-quiet")
        yield Words(id="done", classes="-good")
        yield MenuList(
            empty_text="Nothing to review.",
            two_lines=True,
            ok_hint="say what it is",
            of_things=True,
        )
        yield Foot()

    def on_mount(self) -> None:
        """Read the files now and whenever the database changes."""
        self._say("")
        self.watch(self.dodo, "revision", self._read)

    def _say(self, words: str) -> None:
        line = self.query_one("#done", Words)
        line.text = words
        line.display = bool(words)

    def _read(self) -> None:
        self.refill(self._fill)

    async def _fill(self) -> None:
        self.query_one(MenuList).rows = review_rows(await self.dodo.read_review())

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Look at one."""
        message.stop()
        row_id = message.row.id
        subject = int(row_id) if row_id.isdecimal() else row_id
        self.app.push_screen(ReviewEntryScreen(subject, self._settled))

    def _settled(self, done: Corrected) -> None:
        self._say(done_text(done))

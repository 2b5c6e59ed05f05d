"""The question before the first sync: what is there, what is here, and what may happen."""

from __future__ import annotations

from textual.app import ComposeResult

from dodo_tui.engine.state import FirstSync
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.words import Words


def first_sync_text(first_sync: FirstSync | None) -> str:
    """What is known so far, in a few lines."""
    if first_sync is None or first_sync.looking:
        return "Looking at what is there. Nothing is changed before you choose."
    if first_sync.trouble is not None:
        return first_sync.trouble
    return "\n".join(first_sync.lines)


def first_sync_buttons(first_sync: FirstSync | None) -> tuple[Button, ...]:
    """What can be chosen now."""
    later = Button("later", "Not now")
    if first_sync is None or first_sync.looking:
        return (later,)
    if first_sync.trouble is not None:
        return (Button("again", "Try again"), later)
    return (
        Button("merge", "Merge"),
        Button("theirs", "Take theirs"),
        Button("mine", "Send mine"),
        later,
    )


class FirstSyncScreen(DodoScreen):
    """Asked once for each account, before anything is written on either side."""

    NAME = "First sync"
    DEFAULT_ZONE = "ButtonRow"
    LEAVE_HINT = "not now"
    BACK_CLIMBS = False

    def __init__(self, provider_id: str) -> None:
        super().__init__()
        self.provider_id = provider_id

    def compose(self) -> ComposeResult:
        """The counts and the choices."""
        yield Words("First sync", classes="-strong")
        yield Words(id="plan")
        yield ButtonRow()
        yield Words("It can be undone later under Integrations.", classes="-quiet")
        yield Foot()

    def on_mount(self) -> None:
        """Count, and show what comes of it."""
        self.dodo.look_at_first_sync(self.provider_id)
        self.watch(self.dodo, "first_sync", self._follow)

    def _follow(self, first_sync: FirstSync | None) -> None:
        self.query_one("#plan", Words).text = first_sync_text(first_sync)
        row = self.query_one(ButtonRow)
        labels = first_sync_buttons(first_sync)
        if labels != row.labels:
            if row.labels:
                self.dodo.focus_was_moved()
            row.labels = labels
            row.to_start()

    def go_back(self) -> None:
        """Back is "not now"."""
        self._choose("later")

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """The answer."""
        message.stop()
        if message.label.id == "again":
            self.dodo.look_at_first_sync(self.provider_id)
        else:
            self._choose(message.label.id)

    def _choose(self, choice: str) -> None:
        self.dodo.choose_first_sync(self.provider_id, choice)
        self.dismiss()

"""The sound and subtitle tracks of what plays, as a small list on top of its screen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from dodo_tui.domain.languages import language_name
from dodo_tui.domain.status import Tone
from dodo_tui.domain.tracks import Track, TrackKind
from dodo_tui.tui.screens.modal import DodoModal
from dodo_tui.tui.widgets.headline import Headline
from dodo_tui.tui.widgets.hint_bar import HintBar
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow

TITLES = {TrackKind.AUDIO: "Sound", TrackKind.SUBTITLES: "Subtitles"}

_NONE = {
    TrackKind.AUDIO: "There is no other sound in this one.",
    TrackKind.SUBTITLES: "There are no subtitles in this one.",
}

OFF = "off"


def track_name(track: Track) -> str:
    """`German, Commentary`; a number where the file says nothing."""
    words = [language_name(track.language), track.title]
    return ", ".join(word for word in words if word) or f"Track {track.id}"


def track_rows(tracks: tuple[Track, ...], kind: TrackKind) -> tuple[MenuRow, ...]:
    """The tracks of one kind, the way to have none first; nothing if there are none."""
    mine = [track for track in tracks if track.kind is kind]
    if not mine:
        return ()
    rows = [
        MenuRow(
            str(track.id),
            track_name(track),
            status="chosen" if track.selected else track.detail,
            tone=Tone.GOOD if track.selected else Tone.QUIET,
        )
        for track in mine
    ]
    is_off = not any(track.selected for track in mine)
    if kind is TrackKind.SUBTITLES or is_off:
        rows.insert(0, MenuRow(OFF, "Off", status="chosen" if is_off else "", tone=Tone.GOOD))
    return tuple(rows)


class TracksMenu(DodoModal):
    """The list; it chooses and closes."""

    def __init__(self, kind: TrackKind) -> None:
        super().__init__()
        self._kind = kind

    def compose(self) -> ComposeResult:
        """What it is about, and the tracks as soon as the player has named them."""
        with Vertical(classes="panel"):
            yield Headline(TITLES[self._kind])
            yield MenuList((), "Asking the player", ok_hint="choose", classes="-short-list")
        yield HintBar()

    def on_mount(self) -> None:
        """Ask the player."""
        self.refill(self._fill)

    async def _fill(self) -> None:
        menu = self.query_one(MenuList)
        tracks = await self.dodo.read_tracks()
        menu.rows = track_rows(tracks, self._kind)
        menu.empty_text = _NONE[self._kind]
        for track in tracks:
            if track.kind is self._kind and track.selected:
                menu.go_to(str(track.id))
        self.update_hints()

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Choose it."""
        message.stop()
        row_id = message.row.id
        self.dodo.select_track(self._kind, None if row_id == OFF else int(row_id))
        self.dismiss()

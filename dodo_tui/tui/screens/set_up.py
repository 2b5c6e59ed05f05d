"""Set up a provider: the steps to a client id of one's own, and the page's address as a QR code."""

from __future__ import annotations

import os
from pathlib import Path

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal

from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.engine.services import CLIENT_ID_PAGES, SIMKL_APP_TYPE, TRAKT_REDIRECT_URI
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.qr import QrCode
from dodo_tui.tui.widgets.words import Words

_STEP_COLUMNS = 45
"""As wide as the longest of the steps with its number, and air."""
_ROWS_AROUND = 2
"""The heading, and air."""


def short_path(path: Path, home: str) -> str:
    """A path as people write it: `~` for what is at home."""
    text = str(path)
    return f"~{text[len(home) :]}" if home and text.startswith(f"{home}/") else text


def steps(provider_id: str, config_file: str) -> tuple[tuple[str, str], ...]:
    """What to do, one after the other, and with what."""
    made = (
        ("Make an app; its type is", SIMKL_APP_TYPE)
        if provider_id == "simkl"
        else ("Make an app; its redirect URI is", TRAKT_REDIRECT_URI)
    )
    key = f"{provider_id}_client_id"
    found = [
        ("On a phone or computer open", CLIENT_ID_PAGES[provider_id]),
        made,
        ("Here, or over SSH, write into", config_file),
        ("Its client id, in quotes", f'{key} = "..."'),
    ]
    if provider_id == "trakt":
        found.append(("And its secret, if it has one", 'trakt_client_secret = "..."'))
    return (*found, ("Start dodo again, and choose", "Connect"))


class SetUpScreen(DodoScreen):
    """What to do where there is no client id; nothing can be done about it with a remote."""

    NAME = "Set up"
    DEFAULT_ZONE = "MenuList"

    def __init__(self, provider_id: str) -> None:
        super().__init__()
        self.provider_id = provider_id

    def compose(self) -> ComposeResult:
        """The steps at the left, the QR code at the right where it fits."""
        path = short_path(self.dodo.paths.config_file, os.environ.get("HOME", ""))
        rows = tuple(
            MenuRow(str(number), text, lead=str(number), detail=detail)
            for number, (text, detail) in enumerate(steps(self.provider_id, path), 1)
        )
        yield Words(f"Set up {PROVIDER_NAMES[self.provider_id]}", classes="-strong")
        with Horizontal(id="steps"):
            yield MenuList(rows, two_lines=True, ok_hint="")
            yield QrCode(f"https://{CLIENT_ID_PAGES[self.provider_id]}")
        yield Foot()

    async def on_resize(self, event: events.Resize) -> None:
        """Another size has room for the QR code, or no longer."""
        del event
        self.call_after_refresh(self._make_room)

    def _make_room(self) -> None:
        qr = self.query_one(QrCode)
        around = _ROWS_AROUND + self.query_one(Foot).outer_size.height
        width, height = self.size.width - _STEP_COLUMNS, self.size.height - around
        qr.display = qr.drawing(width, height) is not None

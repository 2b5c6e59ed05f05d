"""Sign-in: a big code, an address, a QR code and how long it is good for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from dodo_tui.domain.cards import TitlePage
from dodo_tui.domain.figures import clock_text
from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.engine.state import SignIn, SignInPhase
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.look import Look
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.widgets.big_text import BigText, big_text
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.hint_bar import Hint
from dodo_tui.tui.widgets.qr import QrCode
from dodo_tui.tui.widgets.words import Words

_SECOND = 1.0
_INDENT = 3
_STEP_COLUMNS = 32
"""As wide as the longest of the steps."""
_ROWS_WITH_AIR = 18
"""Rows above the foot below which there is no air between the steps: the buttons must be seen."""
_ROWS_FOR_BIG = 12
"""Rows above the foot below which the code is written plainly and no more."""
_ROWS_AROUND = 7
"""Rows above and below the steps: the heading, the state, the buttons, and air."""


def big_text_width(text: str, *, narrow: bool) -> int:
    """How many columns a code takes in big letters, whatever the look."""
    rows = big_text(text, Look.FULL, narrow=narrow)
    return len(rows[0]) if rows else 0


def qr_contents(address: str, direct_address: str | None) -> tuple[str, ...]:
    """What a phone may read, the best first: the address with the code in it, or without."""
    return (direct_address, address) if direct_address else (address,)


def state_sentence(sign_in: SignIn | None, seconds_left: float) -> str:
    """Where a sign-in stands, in one calm sentence."""
    if sign_in is None:
        return ""
    match sign_in.phase:
        case SignInPhase.ASKING:
            return f"Asking {PROVIDER_NAMES[sign_in.provider]} for a code."
        case SignInPhase.WAITING:
            left = clock_text(seconds_left)
            if sign_in.trouble:
                return f"{sign_in.trouble} dodo keeps trying. The code is good for {left}."
            return f"Waiting for you. The code is good for {left}."
        case SignInPhase.CONNECTED:
            user = f" as {sign_in.user}" if sign_in.user else ""
            return f"Connected{user}. Next: what the first sync may do."
        case SignInPhase.EXPIRED:
            return sign_in.trouble or "The code has run out."
        case SignInPhase.FAILED:
            return sign_in.trouble or "The sign-in did not work."


def state_buttons(sign_in: SignIn | None) -> tuple[Button, ...]:
    """What can be done now; an OK too many while a code is shown must not lose it."""
    phase = sign_in.phase if sign_in else SignInPhase.ASKING
    match phase:
        case SignInPhase.CONNECTED:
            return (Button("done", "Done"),)
        case SignInPhase.EXPIRED | SignInPhase.FAILED:
            return (Button("again", "Try again"), Button("cancel", "Cancel"))
        case _:
            return (
                Button("wait", "Keep waiting", hint="keep waiting"),
                Button("again", "New code"),
                Button("cancel", "Cancel"),
            )


class SignInScreen(DodoScreen):
    """The device-code sign-in of one provider."""

    DEFAULT_ZONE = "ButtonRow"
    NAME = "Connect"
    LEAVE_HINT = "cancel"
    BACK_CLIMBS = False

    def __init__(self, provider_id: str) -> None:
        super().__init__()
        self.provider_id = provider_id

    def compose(self) -> ComposeResult:
        """The steps at the left, the QR code at the right where it fits."""
        yield Words(f"Connect {PROVIDER_NAMES[self.provider_id]}", classes="-strong")
        with Horizontal(id="steps"):
            with Vertical():
                yield Words("1  On your phone or computer open", classes="-quiet")
                yield Words(id="address", classes="-strong")
                yield Words("2  Type this code", classes="-quiet")
                yield BigText(id="big-code")
                yield Words(id="code", classes="-strong")
            yield QrCode(id="qr")
        yield Words(id="state")
        yield ButtonRow()
        yield Foot()

    def on_mount(self) -> None:
        """Begin, follow the sign-in, and count down."""
        self.dodo.begin_sign_in(self.provider_id)
        self.watch(self.dodo, "sign_in", self._follow)
        self.set_interval(_SECOND, self._count_down)

    def _follow(self, sign_in: SignIn | None) -> None:
        code = sign_in.code if sign_in else None
        self.query_one("#steps").display = code is not None
        if code is not None:
            address = code.address.removeprefix("https://").removeprefix("http://")
            self.query_one("#address", Words).text = address
            self.query_one("#code", Words).text = code.user_code
            self.query_one(BigText).text = code.user_code
        self._make_room()
        self._count_down()
        row = self.query_one(ButtonRow)
        labels = state_buttons(sign_in)
        if labels != row.labels:
            row.labels = labels
            row.to_start()

    async def on_resize(self, event: events.Resize) -> None:
        """Another size has room for the QR code, or no longer."""
        del event
        self.call_after_refresh(self._make_room)

    def _make_room(self) -> None:
        """Show a QR code where one fits beside the big code: the code comes first."""
        sign_in = self.dodo.sign_in
        if sign_in is None or sign_in.code is None:
            return
        self._rows = rows = self._rows_above_foot
        self.set_class(rows < _ROWS_WITH_AIR, "-tight")
        big = self.query_one(BigText)
        letters = big_text_width(big.text, narrow=True)
        big.display = 0 < letters <= self.size.width - _INDENT and rows >= _ROWS_FOR_BIG
        qr = self.query_one(QrCode)
        height = rows - _ROWS_AROUND
        code = sign_in.code
        contents = qr_contents(code.address, code.direct_address)
        for content, narrow in itertools.product(contents, (False, True)):
            letters = big_text_width(code.user_code, narrow=narrow)
            columns = self.size.width - max(letters, _STEP_COLUMNS) - 2 * _INDENT
            qr.content = content
            qr.display = qr.drawing(columns, height) is not None
            if qr.display:
                return

    _rows = 0
    """The rows that there was room for last."""

    @property
    def _rows_above_foot(self) -> int:
        """What the foot leaves: a sentence about trouble makes it higher, and so does the tour."""
        return self.size.height - self.query_one(Foot).outer_size.height

    def _count_down(self) -> None:
        sign_in = self.dodo.sign_in
        if self._rows != self._rows_above_foot:
            self._make_room()
        left = 0.0
        if sign_in is not None and sign_in.code is not None:
            left = max((sign_in.code.expires_at - self.now).total_seconds(), 0.0)
        self.query_one("#state", Words).text = state_sentence(sign_in, left)

    def hints(self) -> list[Hint]:
        """What is done is not cancelled any more."""
        hints = list(super().hints())
        if any(button.id == "done" for button in self.query_one(ButtonRow).labels):
            hints[-1] = ("Back", "leave")
        return hints

    def go_back(self) -> None:
        """Back cancels; a sign-in that is done stays done."""
        self.dodo.cancel_sign_in()
        self.dismiss()

    def deeds_in(self, zone: Zone, page: TitlePage | None) -> Iterator[Deed]:
        """What the buttons do; to keep waiting is to do nothing."""
        yield from (deed for deed in super().deeds_in(zone, page) if deed.id != "wait")

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """A new code, or out."""
        message.stop()
        if message.label.id == "wait":
            return
        if message.label.id == "again":
            self.dodo.begin_sign_in(self.provider_id)
            return
        is_done = message.label.id == "done"
        self.go_back()
        if is_done:
            self.dodo.ask_first_sync(self.provider_id)

"""Now playing: what plays, here or in another dodo, how far it is, and a remote for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from textual.app import ComposeResult
from textual.widget import Widget

from dodo_tui.domain.cards import TitlePage
from dodo_tui.domain.figures import clock_text
from dodo_tui.domain.ids import Key
from dodo_tui.domain.playback import Playback
from dodo_tui.domain.queue import DeliveryState
from dodo_tui.domain.seeking import DELAY_SECONDS, Seeking, target_seconds
from dodo_tui.domain.status import ProviderStatus
from dodo_tui.domain.thresholds import FINISH_RATIO
from dodo_tui.engine.on_air import OnAir
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.keys import Direction
from dodo_tui.tui.nav.screen import Pane
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.headline import Headline
from dodo_tui.tui.widgets.hint_bar import Hint
from dodo_tui.tui.widgets.transport import Transport
from dodo_tui.tui.widgets.words import Words

_WIDE = 100
"""Columns from which the hint line has room for more words."""

_TRACKS = (
    Button("subtitles", "Subtitles", hint="list them"),
    Button("sound", "Sound", hint="list them"),
)
_OFFER = (
    Button("accept", "Play now", hint="play it now"),
    Button("decline", "Not now", hint="let nothing follow"),
)

_TELLING = {
    ("start", DeliveryState.SENT): "watching now",
    ("pause", DeliveryState.SENT): "paused",
    ("stop", DeliveryState.SENT): "watched",
    ("", DeliveryState.SENT): "watched",
    ("", DeliveryState.WAITING): "waiting to be sent",
    ("", DeliveryState.HELD): "held, see Queue",
    ("", DeliveryState.REJECTED): "refused, see Queue",
}
"""What a provider knows of a viewing that runs, by the verb it took last and how that went."""


class NowPlayingScreen(DodoScreen):
    """What plays; Back leaves it playing."""

    NAME = "Now playing"
    DEFAULT_ZONE = "Transport"
    LEAVE_HINT = "leave it playing"
    BACK_CLIMBS = False

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, tuple[str, DeliveryState]] = {}
        self._was_over = False

    def compose(self) -> ComposeResult:
        """Title, what can be chosen, the bar, what comes next, and what providers know."""
        with Pane(id="now"):
            yield Headline(id="name")
            yield Words(id="where", classes="-quiet")
            yield ButtonRow(id="choices")
            yield Transport()
            yield Words(id="next", classes="-strong")
            yield ButtonRow(*_OFFER, id="offer")
            yield ButtonRow(Button("stop", "Stop", hint="stop"), id="end")
            yield Words(id="told", classes="-quiet")
        yield Foot()

    @property
    def _transport(self) -> Transport:
        return self.query_one(Transport)

    def hints(self) -> list[Hint]:
        """On the bar the arrows seek, and what lies above and below it is said."""
        hints = list(super().hints())
        if not isinstance(self.focused, Transport) or self._transport.is_watched:
            return hints
        is_wide = self.app.size.width >= _WIDE
        at = next((n for n, hint in enumerate(hints) if hint[0] == "Menu"), -1)
        hints[at:at] = [
            ("Up", "subtitles, sound, next" if is_wide else "more"),
            ("Down", "next" if self.query_one("#offer").display else "stop"),
        ]
        if self._transport.pending.seconds:
            hints[-1] = ("Back", "do not jump")
        return [("Left/Right", "seek"), *hints]

    def on_mount(self) -> None:
        """Follow what plays."""
        self.watch(self.dodo, "on_air", self._follow)
        self.watch(self.dodo, "revision", self._look_what_was_told)
        self.watch(self.dodo, "providers", self._say_told, init=False)

    def on_screen_resume(self) -> None:
        """Nothing plays any more since something was opened from here: there is nothing to see."""
        if self.dodo.on_air is None and self.is_current:
            self.dodo.pop_screen()

    # -- what is shown --------------------------------------------------------------------------

    def _follow(self, on_air: OnAir | None) -> None:
        if on_air is None:
            return
        playback = on_air.playback
        self.query_one("#name", Headline).text = f"{playback.title}  {playback.label}".strip()
        where = f"in {on_air.device}: use its own keys" if on_air.is_watched else ""
        self.query_one("#where", Words).text = where or f"on {on_air.device}"
        self._offer_choices(on_air)
        self._offer_hands(on_air)
        transport = self._transport
        was = transport.playback
        transport.playback = playback
        transport.ends = self._ends(playback)
        self._show_offer(on_air)
        if was is None or was.paused is not playback.paused or was.play_id != playback.play_id:
            self.update_hints()
        if was is None or was.play_id != playback.play_id:
            self._told = {}
            self._look_what_was_told()
        self._say_told()

    def _offer_choices(self, on_air: OnAir) -> None:
        """The row above the bar; episodes have neighbours."""
        buttons = list(_TRACKS)
        for id_, word, label in (
            ("previous_episode", "Previous", on_air.previous),
            ("next_episode", "Next", on_air.next),
        ):
            if label:
                buttons.append(Button(id_, f"{word}, {label}", hint=f"play {label}"))
        row = self.query_one("#choices", ButtonRow)
        if row.labels != tuple(buttons):
            row.labels = tuple(buttons)

    def _offer_hands(self, on_air: OnAir) -> None:
        """What is only watched cannot be steered: nothing offers to."""
        self._transport.is_watched = on_air.is_watched
        rows = [self.query_one(name) for name in ("#choices", "#end")]
        if rows[0].display is on_air.is_watched:
            for row in rows:
                row.display = not on_air.is_watched
            self.zones_changed()
            self.update_hints()

    def _show_offer(self, on_air: OnAir) -> None:
        """The next episode, while it is offered. Once the film is over it is all there is to do."""
        offer, words, row = on_air.offer, self.query_one("#next", Words), self.query_one("#offer")
        words.text = "" if offer is None else offer.words
        if row.display is not (offer is not None):
            words.display = row.display = offer is not None
            self.zones_changed()
            self.update_hints()
        is_over = offer is not None and on_air.playback.end is not None
        if is_over and not self._was_over and self.focused is self._transport:
            self._hand_focus_to(row)
        elif self._was_over and not is_over and offer is None:
            self._hand_focus_to(self._transport)
        self._was_over = is_over

    def _hand_focus_to(self, zone: Widget) -> None:
        """Put something in focus that nobody asked for."""
        self.dodo.focus_was_moved()
        self.call_after_refresh(self.focus_zone, zone)

    def _ends(self, playback: Playback) -> str:
        if playback.end is not None:
            return "over"
        if playback.duration_seconds is None:
            return ""
        left = (playback.duration_seconds - playback.position_seconds) / max(playback.speed, 0.01)
        return f"ends {self.now.astimezone() + timedelta(seconds=left):%H:%M}"

    def _look_what_was_told(self) -> None:
        self.refill(self._read_told)

    async def _read_told(self) -> None:
        on_air = self.dodo.on_air
        if on_air is not None:
            self._told = await self.dodo.read_told(on_air.playback.play_id)
            self._say_told()

    def _say_told(self) -> None:
        """What each provider knows, and when it counts as watched."""
        playback = self._transport.playback
        if playback is None:
            return
        lines = ["Private: nothing of it is recorded or sent."]
        if playback.recorded:
            lines = [self._told_line(provider, playback) for provider in self.dodo.providers]
        words = self.query_one("#told", Words)
        words.text = "\n".join(line for line in lines if line)
        words.display = bool(words.text)

    def _told_line(self, provider: ProviderStatus, playback: Playback) -> str:
        if not provider.connected or not provider.scrobbling_enabled:
            return ""
        if playback.key.startswith("local:"):
            return f"Not identified yet: remembered here, not sent to {provider.name}."
        facts = []
        known = _TELLING.get(self._told.get(provider.id, ("", DeliveryState.OFF)))
        if known is not None:
            facts.append(known)
        if playback.watched_at is not None:
            facts = facts if known in ("watched", "waiting to be sent") else ["counts as watched"]
        elif playback.duration_seconds is not None:
            when = clock_text(playback.duration_seconds * FINISH_RATIO)
            facts.append(f"counts as watched at {when}")
        return f"{provider.name}: {', '.join(facts)}" if facts else ""

    # -- what the palette lists ------------------------------------------------------------------

    @property
    def title_in_focus(self) -> str:
        """What plays is what everything here is about."""
        on_air = self.dodo.on_air
        return str(Key.parse(on_air.playback.key).media_id) if on_air is not None else ""

    def deeds(self, page: TitlePage | None = None) -> Iterator[Deed]:
        """The remote first, then what can be learned and said of what plays."""
        yield from super().deeds(page)
        on_air, media_id = self.dodo.on_air, self.title_in_focus
        if on_air is None:
            return
        from dodo_tui.tui.screens.card_menu import rating_text
        from dodo_tui.tui.title_questions import ask_about, ask_rating

        playback = on_air.playback
        name = f"{playback.title}  {playback.label}".rstrip()
        show = partial(self.dodo.show_title, media_id)
        rate = partial(ask_about, self.dodo, media_id, ask_rating)
        yield Deed("details", "Details", show, playback.title)
        yield Deed("rate", rating_text(page), rate, playback.title)
        yield Deed("why", "Why?", partial(self.dodo.show_why, playback.key), name)

    # -- keys -----------------------------------------------------------------------------------

    def on_transport_pressed(self, message: Transport.Pressed) -> None:
        """One more press: the jump grows, and is made when no other follows."""
        message.stop()
        self.press_seek(1 if message.direction is Direction.RIGHT else -1)

    def press_seek(self, step: int) -> None:
        """Right (1) or Left (-1), or the keys on a remote that mean them."""
        transport = self._transport
        playback = transport.playback
        if playback is None or playback.end is not None:
            return
        if transport.is_watched:
            self.dodo.seek(0.0)  # says why not
            return
        transport.pending = transport.pending.press(step, self.dodo.clock.monotonic())
        self.update_hints()
        self.run_worker(self._jump_soon(), group="jump", exclusive=True, exit_on_error=False)

    async def _jump_soon(self) -> None:
        await self.dodo.clock.sleep(DELAY_SECONDS)
        self._jump()

    def _jump(self) -> None:
        """Make the jump that is pending."""
        transport = self._transport
        seconds, playback = transport.pending.seconds, transport.playback
        self._forget_jump()
        if seconds and playback is not None:
            position = playback.position_seconds
            target = target_seconds(position, seconds, playback.duration_seconds)
            self.dodo.seek(target - position)

    def _forget_jump(self) -> None:
        self.workers.cancel_group(self, "jump")
        self._transport.pending = Seeking()
        self.update_hints()

    def on_transport_confirmed(self, message: Transport.Confirmed) -> None:
        """OK makes a pending jump at once; else it pauses and resumes."""
        message.stop()
        if self._transport.pending.seconds:
            self._jump()
        else:
            self.dodo.toggle_pause()

    def action_back(self) -> None:
        """Back takes a pending jump back; else it leaves."""
        if self._transport.pending.seconds:
            self._forget_jump()
        else:
            super().action_back()

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """A button of the remote."""
        message.stop()
        match message.label.id:
            case "accept" | "decline":
                self.dodo.answer_offer(accepted=message.label.id == "accept")
            case command_id:
                self.app.call_later(self.app.run_action, command_id)

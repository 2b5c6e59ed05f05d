"""`MpvPlayer`: starts mpv, gives it its files, and turns what it says into `PlayerState`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path

from dodo_tui.clock import Clock
from dodo_tui.domain.playback import PlayerState
from dodo_tui.domain.text import clean_text
from dodo_tui.domain.tracks import Track, TrackKind
from dodo_tui.players.errors import PlayerError
from dodo_tui.players.mpv import launch, prompting
from dodo_tui.players.mpv.display import DisplayMode, display_mode, why_no_display
from dodo_tui.players.mpv.ipc import MpvRefusedError
from dodo_tui.players.mpv.run import MpvRun, Patience
from dodo_tui.players.mpv.tracks import PROPERTIES, read_tracks
from dodo_tui.players.protocol import Keys, PlayRequest, Prompt


class MpvPlayer:
    """Plays with mpv, one request at a time: the `Player` of dodo.

    Iterate `play` inside `contextlib.aclosing`: closing it ends mpv in order, within about
    `quit_seconds + terminate_seconds`. If the closing itself is cancelled mpv is killed. Controls
    without a running mpv do nothing, as the film may end at any moment.
    """

    def __init__(
        self,
        program: str = launch.DEFAULT_PROGRAM,
        extra_args: Sequence[str] = (),
        *,
        runtime_folder: Path,
        clock: Clock,
        display: DisplayMode = DisplayMode.WINDOW,
        no_display_reason: str = "mpv has no screen to play on here.",
        patience: Patience | None = None,
    ) -> None:
        """Prepare a player; nothing is started.

        `runtime_folder` is made if missing, for this user only. With `DisplayMode.CONSOLE` the
        caller must have let go of the terminal before it iterates `play`; with `DisplayMode.NONE`
        `play` fails with `no_display_reason`.
        """
        self._program = program
        self._extra_args = tuple(extra_args)
        self._runtime_folder = runtime_folder
        self._clock = clock
        self._display = display
        self._no_display_reason = no_display_reason
        self._patience = patience or Patience()
        self._run: MpvRun | None = None
        self._keys: Keys | None = None
        self._prompt: Prompt | None = None
        self._kept_open: tuple[object, object] | None = None
        """How the user has set what `hold` changes, while it is changed."""

    @classmethod
    def configured(
        cls,
        program: str,
        mpv_args: str,
        *,
        runtime_folder: Path,
        clock: Clock,
        environment: Mapping[str, str],
        is_tty: bool,
    ) -> MpvPlayer:
        """The player for these settings in this place.

        `mpv_args` is shell-quoted; `is_tty` tells whether dodo's standard input and output are a
        terminal.

        Raises:
            PlayerError: `mpv_args` cannot be read.
        """
        extra_args = launch.split_arguments(mpv_args)
        return cls(
            program,
            extra_args,
            runtime_folder=runtime_folder,
            clock=clock,
            display=display_mode(environment, is_tty, extra_args),
            no_display_reason=why_no_display(environment),
        )

    @property
    def display(self) -> DisplayMode:
        """Where the picture goes: with `CONSOLE` the terminal must be handed over first."""
        return self._display

    @property
    def pid(self) -> int | None:
        """The running mpv's process id."""
        return self._run.pid if self._run else None

    async def play(self, request: PlayRequest) -> AsyncGenerator[PlayerState, None]:
        """Start mpv and yield what it does, until it has gone.

        A file that cannot be played is not raised but told, as `End.FAILED` with `error`.

        Raises:
            PlayerMissingError: mpv is not installed.
            PlayerError: there is nothing to play, nowhere to show it, or mpv could not be started
                or controlled.
        """
        if self._run is not None:
            raise PlayerError("mpv is already playing.")
        if not request.paths:
            raise PlayerError("There is nothing to play.")
        if self._display is DisplayMode.NONE:
            raise PlayerError(self._no_display_reason)
        program = launch.find_program(self._program)
        run = self._run = MpvRun(
            program,
            self._extra_args,
            self._runtime_folder,
            self._clock,
            self._display,
            self._patience,
            self._on_key,
        )
        self._prompt, self._kept_open = None, None
        try:
            await run.start(request)
            while (state := await run.states.get()) is not None:
                yield state
            await run.finished()
        finally:
            try:
                await run.end()
            finally:
                self._run = None

    async def pause(self, paused: bool) -> None:
        """Pause or resume; asking for the state it is in does nothing.

        Raises:
            PlayerError: mpv does not answer.
        """
        await self._ask(["set_property", "pause", paused])

    async def seek(self, seconds: float) -> None:
        """Jump by so many seconds, backwards if negative, to the nearest place to start from.

        Raises:
            PlayerError: there is no jumping in this stream, or mpv does not answer.
        """
        try:
            await self._ask(["seek", seconds, "relative"])
        except MpvRefusedError as error:
            raise PlayerError("mpv cannot jump in this one.") from error

    async def step(self, items: int) -> bool:
        """Go so many items further in the playlist, or back; answers whether there were any.

        Raises:
            PlayerError: mpv does not answer.
        """
        try:
            position = await self._ask(["get_property", "playlist-pos"])
            count = await self._ask(["get_property", "playlist-count"])
        except MpvRefusedError:
            return False
        if not isinstance(position, int) or not isinstance(count, int) or position < 0:
            return False
        target = min(max(position + items, 0), count - 1)
        if target == position:  # the same one would begin again
            return False
        await self._ask(["set_property", "playlist-pos", target])
        return True

    async def play_next(self, request: PlayRequest) -> None:
        """Play something else in the same window, in place of the current item.

        Raises:
            PlayerError: mpv does not answer.
        """
        if self._run is not None:
            await self._run.load_next(request)

    async def hold(self, held: bool) -> None:
        """Keep the last picture when the last item ends, or let mpv do as its user has set it.

        Raises:
            PlayerError: mpv does not answer.
        """
        if held and self._kept_open is None:
            kept_open = await self._ask(["get_property", "keep-open"])
            pauses = await self._ask(["get_property", "keep-open-pause"])
            self._kept_open = (kept_open, pauses)
            await self._ask(["set_property", "keep-open-pause", False])
            await self._ask(["set_property", "keep-open", True])
        elif not held and self._kept_open is not None:
            (kept_open, pauses), self._kept_open = self._kept_open, None
            await self._ask(["set_property", "keep-open", kept_open])
            await self._ask(["set_property", "keep-open-pause", pauses])
            if self._run is not None and self._run.is_at_end and not kept_open:
                await self._run.stop()

    async def tracks(self) -> tuple[Track, ...]:
        """The sound and subtitle tracks of the current item.

        Raises:
            PlayerError: mpv does not answer.
        """
        try:
            return read_tracks(await self._ask(["get_property", "track-list"]))
        except MpvRefusedError:
            return ()

    async def select_track(self, kind: TrackKind, track_id: int | None) -> None:
        """Choose a track; None switches that kind off.

        Raises:
            PlayerError: there is no such track, or mpv does not answer.
        """
        known = {track.id for track in await self.tracks() if track.kind is kind}
        if track_id is not None and track_id not in known:
            raise PlayerError(
                f"There is no track {track_id} of that kind."
            )  # mpv would choose none
        value: object = "no" if track_id is None else track_id
        await self._ask(["set_property", PROPERTIES[kind], value])

    async def change_volume(self, percent: float) -> None:
        """Louder by so many percent, softer if negative; mpv shows it.

        Raises:
            PlayerError: mpv does not answer.
        """
        await self._ask(["osd-msg-bar", "add", "volume", percent])

    async def toggle_mute(self) -> None:
        """Sound off, or on again.

        Raises:
            PlayerError: mpv does not answer.
        """
        await self._ask(["osd-msg-bar", "cycle", "mute"])

    def listen_to_keys(self, keys: Keys) -> None:
        """Say what mpv's own keys for the next and the previous episode do."""
        self._keys = keys

    async def show_prompt(self, prompt: Prompt | None) -> None:
        """Show a question on the picture, or take it away, and lend or give back its keys.

        Raises:
            PlayerError: mpv does not answer.
        """
        shown, self._prompt = self._prompt, prompt
        if prompt is not None:
            commands = prompting.show_commands(prompt.text, prompt.hint)
            if shown is not None:
                commands = commands[:1]  # the keys are lent already
        elif shown is not None:
            commands = prompting.hide_commands()
        else:
            return
        for command in commands:
            await self._ask(command)

    def _on_key(self, key: str) -> None:
        """One of dodo's keys was pressed on mpv's window."""
        keys, prompt = self._keys, self._prompt
        if prompt is not None and key == prompting.ACCEPT:
            prompt.accept()
        elif prompt is not None and key == prompting.DECLINE:
            prompt.decline()
        elif keys is not None and key == prompting.NEXT:
            keys.next_episode()
        elif keys is not None and key == prompting.PREVIOUS:
            keys.previous_episode()

    async def show_text(self, text: str, seconds: float) -> None:
        """Show a line on the picture for so long.

        Raises:
            PlayerError: mpv does not answer.
        """
        await self._ask(["show-text", clean_text(text), max(round(seconds * 1000), 0)])

    async def stop(self) -> None:
        """End mpv in order and wait until it has gone; the last state still arrives."""
        if self._run is not None:
            await self._run.stop()

    async def _ask(self, command: prompting.Command) -> object:
        """Send a command, if there still is somebody to send it to."""
        return await self._run.ask(command) if self._run is not None else None

"""What `dodo play` does at its end while somebody else writes."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from dodo_tui.cli.playing import _WRITE_DEADLINE_SECONDS, _write_rest
from dodo_tui.domain.playback import End
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.history import history
from dodo_tui.storage.plays import watched_among
from dodo_tui.storage.store import Store
from dodo_tui.tracking.record import Recorder
from tests.storage.support import put_film, put_mark, put_profile
from tests.support.clock import FakeClock
from tests.support.locked import locked
from tests.tracking.samples import FILM, Viewer, ended, opened


class Patience(FakeClock):
    """Somebody stops writing after a while."""

    def __init__(self, waits: int, stack: contextlib.ExitStack) -> None:
        super().__init__()
        self.waits, self.stack = waits, stack

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        self.waits -= 1
        if self.waits == 0:
            self.stack.close()
        await super().sleep(seconds)


@pytest.mark.parametrize(("waits", "is_written"), [(3, True), (1000, False)])
async def test_the_end_is_waited_for(tmp_path: Path, waits: int, is_written: bool) -> None:
    """For a while, and not for ever: the next dodo closes the play then."""
    troubles: list[StorageError] = []
    with contextlib.closing(Store.open(tmp_path / "dodo.db")) as store:
        store.run_now(put_profile)
        store.run_now(put_film, FILM, "The Matrix")
        with contextlib.ExitStack() as stack:
            clock = Patience(waits, stack)
            recorder = Recorder(store, clock, troubles.append)
            playback = opened(Viewer(start=clock.start).sample())
            recorder.note(playback)
            store.run_now(lambda _connection: None)
            stack.enter_context(locked(store))
            recorder.note(ended(playback, End.CLOSED))
            await _write_rest(recorder, clock)
            assert recorder.owes is not is_written
            assert clock.elapsed <= _WRITE_DEADLINE_SECONDS
            assert troubles
        (play,) = store.run_now(history, 1)
    assert (play.ended_at is not None) is is_written


def test_only_what_is_written_is_said_to_be_watched(tmp_path: Path) -> None:
    """A viewing that could not be written is not called watched."""
    with contextlib.closing(Store.open(tmp_path / "dodo.db")) as store:
        store.run_now(put_profile)
        store.run_now(put_film, FILM, "The Matrix")
        store.run_now(put_mark, FILM, "written")
        assert store.run_now(watched_among, ("written", "lost")) == {"written"}

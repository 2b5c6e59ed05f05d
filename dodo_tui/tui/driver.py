"""Textual's driver for terminals that may go away: an SSH session that ends, a closed window.

A terminal that hangs up sends SIGHUP, on which dodo ends in order, and SIGCONT, on which Textual
would start on the dead terminal anew. Writing to it fails; the thread that writes would die of it,
and the next writer would wait for ever.
"""

from __future__ import annotations

import contextlib
import os
from typing import IO, TYPE_CHECKING, Any, cast

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App


class _Forgiving:
    """A file whose other end may be gone: what cannot be written is lost, and that is all."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        """Write, if there is still somebody."""
        with contextlib.suppress(OSError):
            return self._file.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, if there is still somebody."""
        with contextlib.suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        """The file's own."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal, still."""
        return self._file.isatty()


class CouchDriver(LinuxDriver):
    """The driver that dodo runs on."""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if self._file is not None:
            self._file = cast("Any", _Forgiving(self._file))

    @property
    def is_gone(self) -> bool:
        """Whether there was a terminal and it has hung up."""
        return self.input_tty and not os.isatty(self.fileno)

    def _sigcont_application(self, *_: object) -> None:
        """Come back from a suspension, but not from a hang-up."""
        if not self.is_gone:
            super()._sigcont_application()

    def _run_input_thread(self) -> None:
        """A terminal that is gone has no more keys; it is no mistake of ours."""
        try:
            self.run_input_thread()
        except OSError:
            return
        except Exception as error:  # noqa: BLE001 - the app says it and logs it whole
            self._app.call_later(self._app._handle_exception, error)  # noqa: SLF001

"""A server on the loopback interface in a thread of its own, whatever provider it stands in for."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from dodo_tui.standin.connection import Service, Site, serve_connection
from dodo_tui.standin.faults import Faults
from dodo_tui.standin.listener import HOST, Port
from dodo_tui.standin.requests_log import RequestsLog
from dodo_tui.standin.wire import MOST_HEADER_BYTES, reset, reset_on_close

_PATIENCE_SECONDS = 10.0


class LoopbackServer:
    """A provider on `http://127.0.0.1`, for a `with` block or between `start()` and `stop()`.

    All of it may be used from any thread.
    """

    def __init__(self, name: str, site: Site, port: int = 0) -> None:
        """Prepare a server; nothing listens yet. `name` is its thread's; `port` 0 takes any."""
        self.faults = Faults()
        """The troubles to make."""
        self.log = RequestsLog()
        """The requests seen."""
        self._name = name
        self._service = Service(site, self.faults, self.log)
        self._wanted_port = port
        self._port: Port | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Event | None = None
        self._listener: socket.socket | None = None
        self._connections: dict[
            asyncio.Task[None], tuple[socket.socket, asyncio.StreamWriter | None]
        ] = {}
        self._offline = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it is reached, without a slash at the end."""
        if self._port is None:
            raise RuntimeError("the stand-in has not been started")
        return f"http://{HOST}:{self._port.number}"

    @property
    def errors(self) -> list[str]:
        """Tracebacks of the stand-in's own mistakes; a test may assert that there are none."""
        return list(self._service.errors)

    @property
    def offline(self) -> bool:
        """Whether connections are refused; setting it also resets the ones that are open."""
        return self._offline

    @offline.setter
    def offline(self, offline: bool) -> None:
        self._offline = offline
        if self._thread is not None:
            self._run_in_loop(self._go_offline() if offline else self._go_online())

    def on_listening(self, url: str) -> None:
        """The address is known; a provider that names it itself extends this."""

    def start(self) -> None:
        """Listen, and come back once connections are accepted; OSError when the port is taken."""
        if self._thread is not None:
            return
        self._port = Port(self._wanted_port)
        self._wanted_port = self._port.number
        self.on_listening(self.url)
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(ready,), name=self._name, daemon=True
        )
        self._thread.start()
        ready.wait(_PATIENCE_SECONDS)
        if not self._offline:
            try:
                self._run_in_loop(self._go_online())
            except OSError:
                self.stop()
                raise

    def stop(self) -> None:
        """End every connection and the thread; the state stays, `start()` takes the port anew."""
        thread, loop, ending = self._thread, self._loop, self._ending
        if thread is None or loop is None or ending is None:
            return
        loop.call_soon_threadsafe(ending.set)
        thread.join(_PATIENCE_SECONDS)
        self._thread = self._loop = self._ending = None
        if self._port is not None:
            self._port.close()

    def _run(self, ready: threading.Event) -> None:
        asyncio.run(self._serve(ready))

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._note_loop_error)
        self._ending = asyncio.Event()
        ready.set()
        await self._ending.wait()
        await self._go_offline()

    async def _go_online(self) -> None:
        if self._listener is None and self._port is not None:
            self._listener = self._port.listening_socket()
            loop = asyncio.get_running_loop()
            loop.add_reader(self._listener, self._accept, self._listener)

    async def _go_offline(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            asyncio.get_running_loop().remove_reader(listener)
            listener.close()
        connections = dict(self._connections)
        for task, (sock, writer) in connections.items():
            if writer is not None:
                reset(writer)
            else:
                reset_on_close(sock)
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await asyncio.sleep(0)  # a transport closes its socket in the turn after
        for sock, _ in connections.values():
            sock.close()

    def _accept(self, listener: socket.socket) -> None:
        # By hand: asyncio's own server (Python 3.11) forgets a socket that is accepted in the
        # moment in which it is closed.
        try:
            sock, _ = listener.accept()
        except (BlockingIOError, ConnectionError):
            return
        task = asyncio.get_running_loop().create_task(self._talk(sock))
        self._connections[task] = (sock, None)
        task.add_done_callback(self._connections.pop)

    async def _talk(self, sock: socket.socket) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        # Going offline cancels it; asyncio would report a cancelled task otherwise.
        with contextlib.suppress(asyncio.CancelledError):
            reader, writer = await asyncio.open_connection(sock=sock, limit=MOST_HEADER_BYTES)
            self._connections[task] = (sock, writer)
            await serve_connection(self._service, reader, writer)

    def _run_in_loop(self, work: Coroutine[Any, Any, None]) -> None:
        if self._loop is None:
            work.close()
            return
        asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE_SECONDS)

    def _note_loop_error(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        problem = context.get("exception")
        if not isinstance(problem, OSError):
            self._service.errors.append(f"{context.get('message')}: {problem!r}")

"""The real command line in processes of its own, each with folders of its own."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

from dodo_tui.cli import main
from dodo_tui.config import Paths
from dodo_tui.domain.account import Tokens, User
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage import accounts
from dodo_tui.storage.credentials import TokenFile
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store
from tests.support.clock import START

REPOSITORY = Path(__file__).parents[2]

SAFETY_SECONDS = 60
"""No command takes so long unless it hangs."""

WRITE_SCOPE = "media:read media:write"


class _Captured(io.TextIOWrapper):
    """A standard stream that is kept."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        super().__init__(self._bytes, encoding="utf-8")

    def text(self) -> str:
        """What was written."""
        self.flush()
        return self._bytes.getvalue().decode()


@dataclass(frozen=True)
class Result:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its one JSON document."""
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """The one line it said on standard error."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        return lines[0]


@contextlib.contextmanager
def _own_log() -> Iterator[None]:
    """Leave logging as it was, whatever a command in this process does about it."""
    root, ours = logging.getLogger(), logging.getLogger("dodo_tui")
    handlers, level, raises = root.handlers[:], ours.level, logging.raiseExceptions
    try:
        yield
    finally:
        for handler in [each for each in root.handlers if each not in handlers]:
            root.removeHandler(handler)
            handler.close()
        ours.setLevel(level)
        logging.raiseExceptions = raises


class Dodo:
    """One user's dodo: its folders, its environment, and a way to run it."""

    def __init__(self, root: Path, **environment: str) -> None:
        self.root = root
        self.home = root / "home"
        self.home.mkdir(parents=True)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONDONTWRITEBYTECODE": "1",
            "XDG_CONFIG_HOME": str(root / "config"),
            "XDG_DATA_HOME": str(root / "data"),
            "XDG_STATE_HOME": str(root / "state"),
            "XDG_CACHE_HOME": str(root / "cache"),
            "XDG_RUNTIME_DIR": str(root / "run"),
            **environment,
        }
        self.paths = Paths(
            config_file=root / "config" / "dodo" / "config.toml",
            data=root / "data" / "dodo",
            state=root / "state" / "dodo",
            cache=root / "cache" / "dodo",
            runtime=root / "run" / "dodo",
        )

    def command(self, *arguments: str | bytes) -> list[str | bytes]:
        """What is run."""
        return [sys.executable, "-m", "dodo_tui", *arguments]

    def run(self, *arguments: str | bytes, **environment: str | None) -> Result:
        """Run a command to its end; an environment variable of None is taken away."""
        ended = subprocess.run(
            self.command(*arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SAFETY_SECONDS,
            env=self._environment(environment),
            cwd=self.home,
        )
        return Result(
            ended.returncode, ended.stdout.decode(errors="replace"), ended.stderr.decode()
        )

    def read(self, *arguments: str, **environment: str | None) -> Result:
        """Run a command in this process: much quicker, for questions asked many times over."""
        output, errors = _Captured(), _Captured()
        with (
            _own_log(),
            mock.patch.dict(os.environ, self._environment(environment), clear=True),
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(errors),
        ):
            code = main.run(arguments)
        return Result(code, output.text(), errors.text())

    def do(self, *arguments: str) -> None:
        """Run a command that must succeed in this process: to prepare what a test is about."""
        result = self.read(*arguments)
        assert result.code == 0, result

    def ok(self, *arguments: str | bytes, **environment: str | None) -> Result:
        """Run a command that must succeed."""
        result = self.run(*arguments, **environment)
        assert result.code == 0, result
        return result

    def json(self, *arguments: str | bytes, **environment: str | None) -> Any:
        """The document of a command that must succeed."""
        result = self.ok(*arguments, "--json", **environment)
        assert result.err == ""
        return result.json

    def start(self, *arguments: str | bytes, **options: Any) -> subprocess.Popen[bytes]:
        """Start a command; whoever starts it ends it."""
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environment,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **options,
        )

    def write_config(self, text: str) -> None:
        """Write `config.toml`."""
        self.paths.config_file.parent.mkdir(parents=True, exist_ok=True)
        self.paths.config_file.write_text(text)

    @contextlib.contextmanager
    def store(self) -> Iterator[Store]:
        """The database, opened in this process."""
        self.paths.make()
        with contextlib.closing(Store.open(self.paths.database)) as store:
            yield store

    def use(self, standin: StandIn, client_id: str = "demo-v2") -> None:
        """Talk to a stand-in."""
        self.environment["DODO_SIMKL_API_URL"] = standin.url
        self.environment["DODO_SIMKL_CLIENT_ID"] = client_id

    def use_runtime(self, folder: Path) -> None:
        """Keep sockets in another folder."""
        self.environment["XDG_RUNTIME_DIR"] = str(folder)
        self.paths = replace(self.paths, runtime=folder / "dodo")

    def connect(self, standin: StandIn, user: str = "Dodo") -> Tokens:
        """Sign the first profile in at a stand-in, without the detour by the command line."""
        self.use(standin)
        with self.store() as store:
            return sign_in_directly(standin, store, self.paths, user)

    def _environment(self, changes: dict[str, str | None]) -> dict[str, str]:
        merged = {**self.environment, **changes}
        return {name: value for name, value in merged.items() if value is not None}


def sign_in_directly(standin: StandIn, store: Store, paths: Paths, user: str = "Dodo") -> Tokens:
    """Give the first profile a sign-in that the stand-in knows."""
    known = standin.world.accounts
    with standin.world.lock:
        code = known.begin(known.clients["demo-v2"], WRITE_SCOPE, 900, 5, 5)
        grant = known.grant(code, known.user(user))
    tokens = Tokens(
        access=grant.access_token,
        refresh=grant.refresh_token,
        expires_at=grant.access_expires_at,
        scope=grant.scope,
    )
    profile = store.run_now(active_profile, None, START)
    TokenFile(paths.data, "simkl", profile.id).write(tokens)
    who = User(str(grant.user.account_id), user)
    store.run_now(accounts.connect_account, profile.id, "simkl", who, START)
    return tokens


def has_no_controls(text: str) -> bool:
    """Whether a text moves no cursor and turns no writing direction; line ends are fine."""
    turning = set(range(0x202A, 0x202F)) | set(range(0x2066, 0x206A)) | {0x200E, 0x200F, 0x061C}
    return not any(
        (ord(character) < 32 and character != "\n")
        or 0x7F <= ord(character) < 0xA0
        or ord(character) in turning
        for character in text
    )

"""Settings and folders: environment over `config.toml` over defaults.

Folders follow XDG through platformdirs. Every folder dodo makes is 0700.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field, fields, replace
from pathlib import Path
from typing import Any

from dodo_tui.values import dataclass

APP_NAME = "dodo"

SIMKL_API_URL = "https://api.simkl.com"
TRAKT_API_URL = "https://api.trakt.tv"
TRAKT_AUTH_URL = "https://auth.trakt.tv"


class ConfigError(Exception):
    """The configuration cannot be used; the text names the file and line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Where dodo keeps things."""

    config_file: Path
    data: Path
    state: Path
    cache: Path
    runtime: Path

    @property
    def database(self) -> Path:
        """The local truth."""
        return self.data / "dodo.db"

    @property
    def log(self) -> Path:
        """The rotating log."""
        return self.state / "dodo.log"

    def make(self) -> None:
        """Create the folders that are missing, for this user only.

        Raises:
            OSError: a folder cannot be created.

        """
        for folder in (self.data, self.state, self.cache, self.runtime):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user has decided. Each field is a key of `config.toml` and a variable `DODO_…`."""

    simkl_client_id: str | None = field(default=None, metadata={"env": "DODO_SIMKL_CLIENT_ID"})
    simkl_api_url: str = field(default=SIMKL_API_URL, metadata={"env": "DODO_SIMKL_API_URL"})
    trakt_client_id: str | None = field(default=None, metadata={"env": "DODO_TRAKT_CLIENT_ID"})
    trakt_client_secret: str | None = field(
        default=None, metadata={"env": "DODO_TRAKT_CLIENT_SECRET"}, repr=False
    )
    trakt_api_url: str = field(default=TRAKT_API_URL, metadata={"env": "DODO_TRAKT_API_URL"})
    trakt_auth_url: str = field(default=TRAKT_AUTH_URL, metadata={"env": "DODO_TRAKT_AUTH_URL"})
    mpv: str = field(default="mpv", metadata={"env": "DODO_MPV"})
    mpv_args: str = field(default="", metadata={"env": "DODO_MPV_ARGS"})
    profile: str | None = field(default=None, metadata={"env": "DODO_PROFILE"})
    library: tuple[str, ...] = field(default=(), metadata={"env": "DODO_LIBRARY"})
    auto_sync: bool = field(default=True, metadata={"env": "DODO_AUTO_SYNC"})
    watch_players: bool = field(default=True, metadata={"env": "DODO_WATCH_PLAYERS"})
    """Whether players that dodo did not start are watched."""
    mpv_sockets: tuple[str, ...] = field(default=(), metadata={"env": "DODO_MPV_SOCKETS"})
    """Where mpvs that others start have their sockets; `*` allowed. Empty: the usual places."""
    pictures: str = field(default="", metadata={"env": "DODO_PICTURES"})
    """`auto`, `on`, `off`, `blocks`, `sixel`, `kitty`; empty: as chosen in dodo, else `auto`."""
    kodi: str | None = field(default=None, metadata={"env": "DODO_KODI"})
    """Another machine's Kodi, as `host` or `host:port`; one on this machine is found by itself."""
    vlc: str | None = field(default=None, metadata={"env": "DODO_VLC"})
    """Where VLC's web interface is, as `host:port`."""
    vlc_password: str | None = field(
        default=None, metadata={"env": "DODO_VLC_PASSWORD"}, repr=False
    )
    mpris_players: tuple[str, ...] = field(default=(), metadata={"env": "DODO_MPRIS_PLAYERS"})
    """Names of players on the session bus that are watched. Empty: the well-known ones."""
    jellyfin_url: str | None = field(default=None, metadata={"env": "DODO_JELLYFIN_URL"})
    jellyfin_token: str | None = field(
        default=None, metadata={"env": "DODO_JELLYFIN_TOKEN"}, repr=False
    )
    jellyfin_user: str | None = field(default=None, metadata={"env": "DODO_JELLYFIN_USER"})
    """Whose viewings on the server are this household's; nobody else's count."""


_LISTS = {
    "library": '["/media/films"]',
    "mpv_sockets": '["~/.config/mpv/socket"]',
    "mpris_players": '["vlc", "mpv"]',
}
"""The settings that are lists of texts (in a variable: separated by colons), each with a sample."""

_SWITCHES = frozenset(item.name for item in fields(Settings) if isinstance(item.default, bool))


def default_paths() -> Paths:
    """The folders of this user, created when `Paths.make` is called."""
    from platformdirs import PlatformDirs  # 33 ms with its API; only real starts pay for it

    dirs = PlatformDirs(APP_NAME, appauthor=False)
    runtime_base = os.environ.get("XDG_RUNTIME_DIR")
    runtime = Path(runtime_base) / APP_NAME if runtime_base else Path(dirs.user_cache_dir) / "run"
    return Paths(
        config_file=Path(dirs.user_config_dir) / "config.toml",
        data=Path(dirs.user_data_dir),
        state=Path(dirs.user_state_dir),
        cache=Path(dirs.user_cache_dir),
        runtime=runtime,
    )


def load_settings(config_file: Path, environment: Mapping[str, str]) -> Settings:
    """Read the settings. An empty text counts as not set, in a variable and in the file.

    Raises:
        ConfigError: the file is not TOML, has an unknown key or a value of the wrong kind, or a
            variable has a value that cannot be used.

    """
    settings = _from_file(config_file)
    for item in fields(Settings):
        name = item.metadata["env"]
        if text := environment.get(name):
            changed: dict[str, Any] = {item.name: _from_text(name, item.name, text)}
            settings = replace(settings, **changed)
    return settings


def _from_file(config_file: Path) -> Settings:
    """The defaults with what `config.toml` says."""
    try:
        text = config_file.read_text("utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{config_file} cannot be read: {error}") from error
    import tomllib  # 3 ms; most of us have no such file

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{config_file} is not valid TOML: {error}") from error
    known = {item.name for item in fields(Settings)}
    settings = Settings()
    for name, value in table.items():
        place = f"{config_file}, line {_line_of(text, name)}"
        if name not in known:
            raise ConfigError(f"{place}: unknown setting {name!r}{_suggestion(name, known)}")
        if value == "":
            continue
        changed: dict[str, Any] = {name: _checked(place, name, value)}
        settings = replace(settings, **changed)
    return settings


def _checked(place: str, name: str, value: object) -> object:
    """A TOML value of the kind that its setting needs."""
    if name in _LISTS:
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(value)
        raise ConfigError(f"{place}: {name} must be a list of texts, like {_LISTS[name]}.")
    expected = bool if name in _SWITCHES else str
    if not isinstance(value, expected):
        wanted = "true or false" if expected is bool else "a text in quotes"
        raise ConfigError(f"{place}: {name} must be {wanted}.")
    return value


def _from_text(variable: str, name: str, text: str) -> object:
    """An environment variable's value as its setting needs it."""
    if name in _LISTS:
        return tuple(each for each in text.split(":") if each)
    if name in _SWITCHES:
        words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
        if text.lower() not in words:
            raise ConfigError(f"{variable} must be true or false, not {text!r}.")
        return words[text.lower()]
    return text


def _line_of(text: str, name: str) -> int:
    """The line on which a top-level key stands; 1 where it cannot be told."""
    for number, line in enumerate(text.split("\n"), 1):
        word = line.strip().lstrip("[\"' ")
        if word.startswith(name) and word[len(name) :].lstrip("\"' ")[:1] in ("=", "]", "."):
            return number
    return 1


def _suggestion(name: str, known: set[str]) -> str:
    """`; did you mean …?` where a known name is close, else a full stop."""
    import difflib  # only on the way to an error

    close = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {close[0]!r}?" if close else "."

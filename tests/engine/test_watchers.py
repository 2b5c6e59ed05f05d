"""Which players are watched, by the settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dodo_tui.clock import SystemClock
from dodo_tui.config import ConfigError, Paths, Settings
from dodo_tui.engine.watchers import host_and_port, make_watchers
from dodo_tui.players.watching import Sight, Watcher

JELLYFIN = Settings(
    jellyfin_url="http://127.0.0.1:8096", jellyfin_token="hush", jellyfin_user="Anna"
)


def watchers(settings: Settings, home: Path) -> dict[str, Watcher]:
    """By their names, for a user with this home."""
    paths = Paths(home / "config.toml", home, home, home, home / "run")
    made = make_watchers(settings, paths, SystemClock(), {}, home)
    return {watcher.id: watcher for watcher in made}


def test_without_settings_only_this_machine_is_looked_at(tmp_path: Path) -> None:
    """What can be found by itself is looked for; a server somewhere is not."""
    assert {"mpv", "mpris", "vlc"} <= set(watchers(Settings(), tmp_path))
    assert "jellyfin" not in watchers(Settings(), tmp_path)
    assert watchers(Settings(watch_players=False), tmp_path) == {}


def test_jellyfin_is_watched_where_all_of_it_is_set(tmp_path: Path) -> None:
    """Server, key and user."""
    assert "jellyfin" in watchers(JELLYFIN, tmp_path)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"jellyfin_token": None}, "Jellyfin also needs jellyfin_token."),
        (
            {"jellyfin_token": None, "jellyfin_user": None},
            "Jellyfin also needs jellyfin_token and jellyfin_user.",
        ),
        ({"jellyfin_url": "box:8096"}, "jellyfin_url must be an address like http://host:8096"),
        ({"jellyfin_url": "http://box:x"}, "jellyfin_url must be an address"),
        ({"jellyfin_url": "http://[::1"}, "jellyfin_url must be an address"),
        ({"jellyfin_token": "hu\nsh"}, "jellyfin_token holds characters that no token has."),
        ({"jellyfin_token": "hüsh"}, "jellyfin_token holds characters that no token has."),
        ({"kodi": "http://box/"}, "kodi must be a host, or host:port"),
        ({"vlc": "box:99999"}, "vlc must be a host, or host:port"),
    ],
)
def test_what_cannot_be_used_is_said(
    tmp_path: Path, changes: dict[str, str | None], sentence: str
) -> None:
    """One sentence, without the secret."""
    with pytest.raises(ConfigError) as error:
        watchers(replace(JELLYFIN, **changes), tmp_path)  # type: ignore[arg-type]
    assert str(error.value).startswith(sentence)
    assert "hush" not in str(error.value)
    assert "hüsh" not in str(error.value)


def test_vlc_with_its_own_password(tmp_path: Path) -> None:
    """An address alone is enough where VLC's settings have the password."""
    settings = Settings(vlc="127.0.0.1:8081")
    assert watchers(settings, tmp_path)["vlc"].report().sight is Sight.OFF
    (tmp_path / ".config" / "vlc").mkdir(parents=True)
    (tmp_path / ".config" / "vlc" / "vlcrc").write_text("http-password=hush\n")
    assert watchers(settings, tmp_path)["vlc"].report().sight is Sight.NONE


def test_an_address_is_read_with_and_without_a_port() -> None:
    """With and without a port, and addresses of the sixth version."""
    assert host_and_port("kodi", "box", 9090) == ("box", 9090)
    assert host_and_port("kodi", "box:80", 9090) == ("box", 80)
    assert host_and_port("kodi", "[::1]:80", 9090) == ("::1", 80)
    assert host_and_port("kodi", "::1", 9090) == ("::1", 9090)

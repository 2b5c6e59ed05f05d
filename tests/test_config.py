"""Settings and folders: what is wrong is said in one line that names the place."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from dodo_tui.config import ConfigError, Paths, Settings, default_paths, load_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where config.toml is to be."""
    return tmp_path / "config.toml"


def _refused(file: Path, text: str | bytes, environment: dict[str, str] | None = None) -> str:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as refused:
        load_settings(file, environment or {})
    assert "\n" not in str(refused.value)
    assert str(file) in str(refused.value)
    return str(refused.value)


def test_without_a_file_there_are_defaults(file: Path) -> None:
    """Nothing has to be configured to begin."""
    assert load_settings(file, {}) == Settings()


def test_the_environment_goes_over_the_file(file: Path) -> None:
    """Environment over config.toml over defaults."""
    file.write_text('simkl_client_id = "file"\nmpv = "/opt/mpv"\nlibrary = ["/a", "/b"]\n')
    settings = load_settings(
        file, {"DODO_SIMKL_CLIENT_ID": "env", "DODO_MPV": "", "DODO_AUTO_SYNC": "No"}
    )
    assert settings.simkl_client_id == "env"
    assert settings.mpv == "/opt/mpv"
    assert settings.library == ("/a", "/b")
    assert settings.auto_sync is False
    assert load_settings(file, {"DODO_LIBRARY": "/x::/y"}).library == ("/x", "/y")


def test_an_empty_text_counts_as_not_set(file: Path) -> None:
    """Defect 12: an empty client id is no client id."""
    file.write_text('simkl_client_id = ""\nmpv = ""\n')
    settings = load_settings(file, {"DODO_PROFILE": ""})
    assert settings.simkl_client_id is None
    assert settings.mpv == "mpv"
    assert settings.profile is None


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('mpv_args = ""\nmpv_arg = "--mute"\n', 2, "did you mean 'mpv_args'"),
        ("# auto_sync = 1\nauto_sync = 1\n", 2, "true or false"),
        ('mpv_args = "--mute"\nmpv = 5\n', 2, "a text in quotes"),
        ('library = "/films"\n', 1, "must be a list"),
        ("library = [1]\n", 1, "must be a list"),
        ('\n\n"nonsense" = true\n', 3, "unknown setting"),
        ("\n[simkl]\nclient_id = 'x'\n", 2, "unknown setting 'simkl'"),
        ("\nsimkl.client_id = 'x'\n", 2, "unknown setting 'simkl'"),
        ('mpv = "a"\nmpv_args = "unclosed\n', 2, "not valid TOML"),
        ("a = 1\na = 2\n", 2, "not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_line(file: Path, text: str, line: int, words: str) -> None:
    """A typo is found without reading the manual."""
    refused = _refused(file, text)
    assert f"line {line}" in refused
    assert words in refused


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a = \x00", b"\x1b[31m = 1"])
def test_what_is_no_text_is_one_line(file: Path, content: bytes) -> None:
    """Nor does it reach the terminal as it is."""
    assert "\x1b" not in _refused(file, content)


def test_a_folder_in_its_place_is_one_line(file: Path) -> None:
    """Somebody made a folder of that name."""
    file.mkdir()
    with pytest.raises(ConfigError) as refused:
        load_settings(file, {})
    assert str(file) in str(refused.value)


def test_a_variable_that_cannot_be_used_is_named(file: Path) -> None:
    """By its own name."""
    with pytest.raises(ConfigError, match="DODO_AUTO_SYNC"):
        load_settings(file, {"DODO_AUTO_SYNC": "maybe"})


def test_secrets_are_in_no_repr(file: Path) -> None:
    """Settings are logged at start."""
    assert "hush" not in repr(load_settings(file, {"DODO_TRAKT_CLIENT_SECRET": "hush"}))


def test_folders_are_made_for_this_user_only(tmp_path: Path) -> None:
    """0700, whatever the umask; what is there stays."""
    paths = Paths(
        tmp_path / "config.toml", *(tmp_path / name for name in ("data", "state", "cache", "run"))
    )
    before = os.umask(0)
    try:
        paths.make()
        paths.make()
    finally:
        os.umask(before)
    made = [paths.data, paths.state, paths.cache, paths.runtime]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in made} == {0o700}
    assert paths.database.parent == paths.data


def test_folders_follow_xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each by its own variable."""
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "RUNTIME"))
    paths = default_paths()
    assert paths.config_file == tmp_path / "CONFIG" / "dodo" / "config.toml"
    assert paths.data == tmp_path / "DATA" / "dodo"
    assert paths.state == tmp_path / "STATE" / "dodo"
    assert paths.cache == tmp_path / "CACHE" / "dodo"
    assert paths.runtime == tmp_path / "RUNTIME" / "dodo"

"""Which keys a file holds by its name."""

from __future__ import annotations

import pytest

from dodo_tui.domain.ids import Key
from dodo_tui.library.local_ids import local_media_id
from dodo_tui.library.names import ParsedName, parse_name
from dodo_tui.tracking.files import keys_in


def keys_of(parsed: ParsedName) -> tuple[Key, ...]:
    """The keys of a file that nobody has identified."""
    return keys_in(parsed, Key(local_media_id(parsed)))


def test_a_film_has_one_key() -> None:
    """A film is its media id."""
    parsed = parse_name("Sintel (2010).mkv")

    assert keys_of(parsed) == (Key(local_media_id(parsed)),)


def test_a_file_of_several_episodes_has_a_key_for_each() -> None:
    """Marking such a file marks every part of it."""
    parsed = parse_name("Show.S02E03E04.mkv")

    media_id = local_media_id(parsed)
    assert [str(key) for key in keys_of(parsed)] == [f"{media_id}:2:3", f"{media_id}:2:4"]


@pytest.mark.parametrize("name", ["[G] Frieren - 12.mkv", "Chernobyl E12.mkv"])
def test_an_episode_without_a_season_is_in_the_first(name: str) -> None:
    """Mini-series and anime have one season, and a key needs one."""
    (key,) = keys_of(parse_name(name))

    assert (key.season, key.number) == (1, 12)


def test_specials_are_season_zero() -> None:
    """Season 0 is a value, not a missing one."""
    (key,) = keys_of(parse_name("Doctor Who/Specials/03.mkv"))

    assert (key.season, key.number) == (0, 3)

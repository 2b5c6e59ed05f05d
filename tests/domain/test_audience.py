"""What is never tracked, and who a viewing is kept for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dodo_tui.domain.audience import Privacy, Rule, RuleKind, audience_words, is_untracked
from dodo_tui.domain.playback import Playback, shared
from dodo_tui.domain.profile import Belongings, Profile, belongings_words

FOLDER = Rule(RuleKind.FOLDER, "/media/home videos")
AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "covered"),
    [
        ("/media/home videos/1.mkv", True),
        ("/media/home videos/2026/Summer/1.mkv", True),
        ("/media/home videos", True),
        ("/media/home videos 2/1.mkv", False),
        ("/media/Home Videos/1.mkv", False),
        ("/other/media/home videos/1.mkv", False),
    ],
)
def test_a_folder_covers_what_is_in_it(path: str, covered: bool) -> None:
    """And nothing whose name only begins alike; folders differ by case."""
    assert is_untracked(path, [FOLDER]) is covered
    assert is_untracked(path, [Rule(RuleKind.FOLDER, "/media/home videos/")]) is covered


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        ("*trailer*", "/films/Heat/Heat-TRAILER.mkv", True),
        ("*trailer*", "/films/Heat/Heat.mkv", False),
        ("private", "/films/Private/Heat.mkv", True),
        ("private", "/films/Private parts/Heat.mkv", False),
        ("*.ts", "/recordings/news.ts", True),
        ("/recordings/*", "/recordings/a/b.mkv", True),
        ("*youtube.com*", "https://www.youtube.com/watch?v=1", True),
        ("[", "/films/[.mkv", False),
        ("*\udcff*", "/films/\udcff.mkv", True),
    ],
)
def test_a_pattern_matches_a_part_or_the_whole(pattern: str, path: str, covered: bool) -> None:
    """Whatever the case; an odd pattern matches nothing and breaks nothing."""
    assert is_untracked(path, [Rule(RuleKind.PATTERN, pattern)]) is covered


def test_who_is_watching_in_words() -> None:
    """Names, and private mode beside them."""
    anna, ben = Profile(1, "Anna", "blue"), Profile(2, "Ben", "green")
    assert audience_words(anna, (), Privacy.OFF) == "Anna"
    assert audience_words(anna, (ben,), Privacy.OFF) == "Anna, Ben"
    assert audience_words(anna, (), Privacy.ON) == "Anna, private"
    assert audience_words(anna, (), Privacy.ONCE) == "Anna, private once"


def test_a_viewing_of_several_is_a_play_of_each() -> None:
    """With ids that are always the same, and nobody twice."""
    playback = Playback(
        "a" * 32, 1, "tt1", "T", "", "mpv", "i", AT, AT, 0.0, with_profile_ids=(2, 3, 1)
    )
    plays = shared(playback)
    assert [play.profile_id for play in plays] == [1, 2, 3]
    assert plays == shared(playback)
    assert len({play.play_id for play in plays}) == 3
    assert plays[0].play_id == playback.play_id


@pytest.mark.parametrize(
    ("goes", "words"),
    [
        (Belongings(0, 0, 0, 0), "Nothing was watched here yet."),
        (Belongings(1, 0, 0, 0), "1 play goes."),
        (Belongings(12, 0, 1, 0), "12 plays and 1 sign-in go."),
        (Belongings(2, 3, 1, 4), "2 plays, 3 resume points, 1 sign-in and 4 unsent facts go."),
    ],
)
def test_what_goes_with_a_profile_in_words(goes: Belongings, words: str) -> None:
    """Said before it is asked whether it may."""
    assert belongings_words(goes) == words

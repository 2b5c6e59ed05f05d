from __future__ import annotations

import pytest

from dodo_tui.library.skips import MAX_EXTRA_BYTES, MAX_SAMPLE_BYTES, is_skipped

MIB = 1024**2

SKIPPED = [
    "sample.mkv",
    "Sample.avi",
    "sample-movie.2010.mkv",
    "movie.2010.1080p.x264-grp.sample.mkv",
    "movie-sample.mkv",
    "show.s01e05.720p.hdtv.x264-grp.sample.mkv",
    "Show S01E05-sample.mkv",
    "trailer.mp4",
    "Inception (2010)-trailer.mp4",
    "Inception (2010) - Trailer.mp4",
    "Inception.2010.Trailer2.mkv",
    "movie-trailer.mp4",
    "Show S01E05-trailer.mkv",
    "Making of-behindthescenes.mkv",
    "Stunts-featurette.mkv",
    "[Grp] Show - NCOP1 [1080p].mkv",
    "[Grp] Show NCED [BD].mkv",
    "index.ts",
]

KEPT = [
    "The Sample (2019).mkv",
    "The Sample.mkv",
    "Sample This 2012.mkv",
    "Trailer Park Boys.mkv",
    "Trailer Park Boys S01E01.mkv",
    "The Trailer.mkv",
    "Show - S01E05 - The Trailer.mkv",
    "Show.S01E05.The.Free.Sample.mkv",
    "Each-other.mkv",
    "A Love Story-short.mkv",
    "Resample.mkv",
    "Extras S01E01.mkv",
    "Funny Games.mkv",
]


@pytest.mark.parametrize("name", SKIPPED)
def test_what_is_no_title_is_skipped(name: str) -> None:
    """Small files with these names clutter the library of everybody."""
    assert is_skipped(name, MIB // 2, {name})


@pytest.mark.parametrize("name", KEPT)
def test_what_may_be_a_title_is_kept(name: str) -> None:
    """However small: a sample too many is seen, a film too few is not."""
    assert not is_skipped(name, MIB // 2, {name})


@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("sample.mkv", MAX_EXTRA_BYTES),
        ("movie-sample.mkv", MAX_SAMPLE_BYTES),
        ("trailer.mp4", MAX_EXTRA_BYTES),
        ("Show-featurette.mkv", MAX_EXTRA_BYTES),
    ],
)
def test_a_large_file_is_kept_whatever_its_name(name: str, bound: int) -> None:
    """A film of a gigabyte is a film."""
    assert not is_skipped(name, bound + 1, {name})


@pytest.mark.parametrize("kind", ["deleted", "interview", "scene", "short", "other", "clip"])
def test_an_everyday_word_counts_only_beside_its_title(kind: str) -> None:
    """`-other` ends titles as well; with the film next to it, it is an extra."""
    name = f"Inception (2010)-{kind}.mkv"

    assert is_skipped(name, MIB, {name, "Inception (2010).mkv"})
    assert not is_skipped(name, MIB, {name, "Sintel.mkv"})


def test_a_file_that_aria_still_writes_is_skipped() -> None:
    """It has its final name from the start; the control file beside it tells."""
    assert is_skipped("Film.mkv", 10**9, {"Film.mkv", "Film.mkv.aria2"})


def test_a_recording_is_no_source_code() -> None:
    """`.ts` is both."""
    assert is_skipped("main.ts", 20_000, {"main.ts"})
    assert not is_skipped("news.ts", 20 * MIB, {"news.ts"})

"""Text from outside is harmless, and times are UTC or unknown."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.text import clean_text, natural
from dodo_tui.domain.times import from_iso, known_time, to_iso, to_iso_seconds

_ANY_TEXT = st.text(st.characters(codec=None), max_size=60)
_MOMENTS = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))),
)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("The Matrix", "The Matrix"),
        ("  The \t\n Matrix ", "The Matrix"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("a\x9b31mb", "a 31mb"),
        ("a\u202eb\u2066c", "abc"),
        ("a\ud800b", "ab"),
        ("a\x00b", "a b"),
        ("a\u2028b", "a b"),
        ("e\u0301", "é"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\ufeffBOM", "BOM"),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
    ],
)
def test_text_is_one_harmless_line(text: str, clean: str) -> None:
    """No escapes, control characters, direction overrides or surrogates; markup is left as text."""
    assert clean_text(text) == clean


def test_long_text_is_cut_visibly() -> None:
    """A title of a megabyte is none."""
    assert clean_text("x" * 1_000_000, 10) == "x" * 9 + "…"
    assert clean_text("x" * 10, 10) == "x" * 10


@given(_ANY_TEXT, st.integers(1, 30))
def test_clean_text_holds_its_promises(text: str, limit: int) -> None:
    """Whatever comes in, what comes out is bounded, in NFC, without category C, and final."""
    clean = clean_text(text, limit)
    assert len(clean) <= limit
    assert clean == unicodedata.normalize("NFC", clean)
    assert all(unicodedata.category(c)[0] != "C" or c in "\u200c\u200d" for c in clean)
    assert "  " not in clean
    assert clean_text(clean, limit) == clean


@given(_MOMENTS)
def test_a_time_survives_being_kept_to_the_millisecond(moment: datetime) -> None:
    """Whatever the zone it was told in, it is kept in UTC."""
    text = to_iso(moment)
    assert text.endswith("Z")
    assert timedelta(0) <= moment - from_iso(text) < timedelta(milliseconds=1)
    assert from_iso(text).tzinfo is UTC
    assert to_iso(from_iso(text)) == text


@given(_MOMENTS, _MOMENTS)
def test_kept_times_sort_as_texts(one: datetime, other: datetime) -> None:
    """The database compares texts."""
    if from_iso(to_iso(one)) < from_iso(to_iso(other)):
        assert to_iso(one) < to_iso(other)


def test_a_time_without_an_offset_is_utc_both_ways() -> None:
    """Never the machine's own zone: pain 16 of the lessons."""
    naive = datetime(2026, 11, 22, 20, 15)  # noqa: DTZ001 - that is what is tested
    assert to_iso(naive) == "2026-11-22T20:15:00.000Z"
    assert to_iso_seconds(naive) == "2026-11-22T20:15:00Z"
    assert from_iso("2026-11-22T20:15:00") == datetime(2026, 11, 22, 20, 15, tzinfo=UTC)


def test_an_offset_is_honoured() -> None:
    """Summer time, winter time and half hours."""
    assert to_iso_seconds(from_iso("2026-07-01T01:00:00+05:30")) == "2026-06-30T19:30:00Z"


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-05:00"],
)
def test_what_is_no_time_is_a_value_error(text: str) -> None:
    """Also outside of the calendar, which Python calls something else."""
    with pytest.raises(ValueError):
        from_iso(text)


@pytest.mark.parametrize(
    "value", [None, "", 5, True, "1970-01-01T00:00:01Z", "1999-12-31T23:59:59Z", "0000-00-00", []]
)
def test_a_placeholder_is_unknown_and_not_1970(value: object) -> None:
    """Unknown is None, never a made-up value."""
    assert known_time(value) is None


def test_a_real_time_is_known() -> None:
    """From the year 2000 on a provider means it."""
    assert known_time("2000-01-01T00:00:00Z") == datetime(2000, 1, 1, tzinfo=UTC)


@given(
    st.integers(0, 10**40), st.integers(0, 10**40), st.integers(0, 5), st.text("ab ", max_size=3)
)
def test_names_are_in_order_by_their_numbers(one: int, other: int, zeros: int, text: str) -> None:
    """However long the numbers are, with zeros before them, and whatever stands around them."""
    first = natural(f"{text}{'0' * zeros}{one}{text}x")
    second = natural(f"{text}{other}{text}x")
    assert (first < second) is (one < other)
    assert (second < first) is (other < one)


def test_zeros_before_a_number_count_for_nothing() -> None:
    """As half of a season may be named with them and half without."""
    assert sorted(("e9", "e10", "e02"), key=natural) == ["e02", "e9", "e10"]

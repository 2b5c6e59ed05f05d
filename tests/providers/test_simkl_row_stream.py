"""Reading a library row by row: the same rows as when it is decoded whole, and no half answers."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.ids import Kind
from dodo_tui.providers.errors import BrokenError
from dodo_tui.providers.simkl.row_stream import SLOTS, library_rows
from tests.providers.support import check_error
from tests.providers.test_simkl_models import json_values

_OTHER_KEYS = st.text(max_size=6).filter(lambda key: key not in (*SLOTS, "error"))
_ANSWERS = st.dictionaries(
    st.sampled_from(tuple(SLOTS)), st.lists(json_values, max_size=4), max_size=3
)


@given(_ANSWERS, st.dictionaries(_OTHER_KEYS, json_values, max_size=2), st.sampled_from([None, 2]))
def test_every_row_comes_once_and_in_order(
    lists: dict[str, list[object]], others: dict[str, object], indent: int | None
) -> None:
    """Whatever is between them, and however it is spaced."""
    body = json.dumps({**others, **lists}, indent=indent).encode()
    expected = [(SLOTS[name], row) for name, found in lists.items() for row in found]
    assert str(list(library_rows(body))) == str(expected)


@given(_ANSWERS, st.data())
def test_an_answer_that_ends_early_is_never_taken_for_whole(
    lists: dict[str, list[object]], data: st.DataObject
) -> None:
    """Wherever it was cut."""
    body = json.dumps(lists).encode()
    end = data.draw(st.integers(1, len(body) - 1))
    with pytest.raises(BrokenError):
        list(library_rows(body[:end]))


@pytest.mark.parametrize(
    "body",
    [
        "",
        " \n",
        "null",
        "{}",
        "[]",
        " { } ",
        '{"shows": []}',
        '{"shows": null, "movies": {}, "anime": []}',
        '{"unknown": [1, {"a": "]}"}]}',
        '{"error": "empty", "code": 200}',
        '{"error": null}',
    ],
)
def test_the_many_ways_to_say_nothing(body: str) -> None:
    """All of them are "nothing" (contract §2.2, §11.3)."""
    assert list(library_rows(body.encode())) == []


@pytest.mark.parametrize(
    "body",
    [
        "<html></html>",
        '"x"',
        "7",
        "[{}]",
        '{"shows": "x"}',
        '{"shows": {"0": {}}}',
        '{"shows": 5}',
        '{"shows": []',
        '{"shows": [],}',
        '{"shows": [{},]}',
        '{"shows": [{} {}]}',
        '{"shows" []}',
        '{"shows": []} x',
        '{"shows": []}{}',
        "{1: []}",
        "{,}",
        '{"shows": [nul]}',
        '{"error": "internal"}',
        '{"shows": [' + "[" * 100_000,
        '{"shows": [' + "9" * 5_000 + "]}",
    ],
)
def test_nonsense_is_an_error(body: str) -> None:
    """It must not look like an empty library."""
    with pytest.raises(BrokenError) as caught:
        list(library_rows(body.encode()))
    check_error(caught.value)
    assert caught.value.__context__ is None


def test_a_byte_that_is_no_utf_8_spoils_its_own_text_only() -> None:
    """The rows around it stay whole."""
    body = b'{"movies": [{"t": "\xff"}, {"t": "\xc3\xa9"}]}'
    assert list(library_rows(body)) == [
        (Kind.MOVIE, {"t": "\ufffd"}),
        (Kind.MOVIE, {"t": "é"}),
    ]

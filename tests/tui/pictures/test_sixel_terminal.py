"""Sixel is drawn where a terminal says that it can, in the size of its cells."""

from __future__ import annotations

import asyncio

import pytest

from dodo_tui.tui.pictures.sixel_terminal import Cell, Paper, find_paper

XTERM = "\x1b[?63;1;2;4;6;9;15;16;22;28c"
PLAIN = "\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c"
SIZE = "\x1b[6;20;10t"
COLOURS = "\x1b[?1;0;1024S"


def paper(
    *rounds: tuple[str, ...],
    window: Cell | None = None,
    sure: bool = False,
) -> tuple[Paper | None, list[str]]:
    """What is found out of a terminal that answers so, and what it was asked."""
    asked: list[str] = []
    answers = iter(rounds)

    async def ask(question: str) -> tuple[str, ...]:
        asked.append(question)
        return next(answers, ())

    return asyncio.run(find_paper(ask, lambda: window, sure=sure)), asked


def test_a_terminal_with_sixel_says_all() -> None:
    """Whether, how large, how many colours; in two rounds, so that nobody else is asked more."""
    found, asked = paper((XTERM,), (SIZE, COLOURS, XTERM))
    assert found == Paper(10, 20, 128)
    assert asked == ["", "\x1b[16t\x1b[?1;1;0S"]


@pytest.mark.parametrize("answers", [(), (PLAIN,), ("\x1b[?4c",), ("\x1b[?62;14;24;44c",)])
def test_without_sixel_nothing_more_is_asked(answers: tuple[str, ...]) -> None:
    """Silent, without a 4, or with one that is the class of the terminal."""
    assert paper(answers, (SIZE, XTERM), window=(10, 20)) == (None, [""])


@pytest.mark.parametrize(
    ("answers", "window", "found"),
    [
        ((XTERM,), (6, 13), Paper(6, 13, 128)),
        ((SIZE, XTERM), (6, 13), Paper(10, 20, 128)),
        ((XTERM,), None, None),
        ((XTERM,), (0, 0), None),
        (("\x1b[6;0;0t", XTERM), None, None),
        (("\x1b[6;9999;9999t", XTERM), None, None),
        ((SIZE, "\x1b[?1;0;16S", XTERM), None, Paper(10, 20, 16)),
        ((SIZE, "\x1b[?1;0;2S", XTERM), None, Paper(10, 20, 16)),
        ((SIZE, "\x1b[?1;3;0S", XTERM), None, Paper(10, 20, 128)),
    ],
)
def test_the_size_of_a_cell_must_be_known(
    answers: tuple[str, ...], window: Cell | None, found: Paper | None
) -> None:
    """By the terminal, else by the window; what nobody can believe is not known."""
    assert paper((XTERM,), answers, window=window)[0] == found


def test_the_user_may_know_better() -> None:
    """A terminal that does not say so, and even one that is silent."""
    assert paper((PLAIN,), (SIZE, PLAIN), sure=True)[0] == Paper(10, 20, 128)
    assert paper((), (), window=(8, 16), sure=True)[0] == Paper(8, 16, 128)

"""Several things in one write, each of which gets an answer of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from dodo_tui.providers.facts import Answer, Fact, ListChange, Outcome, Rating

UNKNOWN = Answer(Outcome.UNKNOWN_TITLE)
DONE = Answer(Outcome.DONE)

ThingT = TypeVar("ThingT")


def check_facts(facts: Sequence[Fact], most: int) -> None:
    """Refuse facts that no single write can say.

    Raises:
        ValueError: more than `most`, or facts of several kinds.
    """
    _check(facts, most, lambda fact: fact.kind, "facts of one kind at once")


def check_ratings(ratings: Sequence[Rating], most: int) -> None:
    """Refuse ratings that no single write can say.

    Raises:
        ValueError: more than `most`, or some given and some taken back.
    """
    mixed = "ratings are given or taken back, not both at once"
    _check(ratings, most, lambda rating: rating.value is None, mixed)


def check_lists(changes: Sequence[ListChange], most: int) -> None:
    """Refuse changes of lists that no single write can say.

    Raises:
        ValueError: more than `most`, or some put on and some taken off.
    """
    mixed = "titles are put on lists or taken off, not both at once"
    _check(changes, most, lambda change: change.status is None, mixed)


def _check(
    things: Sequence[ThingT], most: int, sort_of: Callable[[ThingT], object], mixed: str
) -> None:
    if len(things) > most:
        raise ValueError(f"at most {most} at once")
    if len({sort_of(thing) for thing in things}) > 1:
        raise ValueError(mixed)


async def told(
    things: Sequence[ThingT],
    is_nameable: Callable[[ThingT], bool],
    send: Callable[[Sequence[ThingT]], Awaitable[Sequence[Answer]]],
    unknown: Callable[[ThingT], Answer] = lambda _thing: UNKNOWN,
) -> tuple[Answer, ...]:
    """One answer per thing, in order; `send` gets only what the provider could know, if anything.

    Raises:
        ProviderError: whatever `send` raises.
    """
    nameable = [index for index, thing in enumerate(things) if is_nameable(thing)]
    answers = [unknown(thing) for thing in things]
    sent = await send([things[index] for index in nameable]) if nameable else ()
    for index, answer in zip(nameable, sent, strict=True):
        answers[index] = answer
    return tuple(answers)

"""The people of a household."""

from __future__ import annotations

from dodo_tui.domain.figures import counted
from dodo_tui.values import dataclass

DEFAULT_NAME = "Me"
"""The first profile, until it is given a name."""

COLOURS = ("blue", "green", "magenta", "cyan", "yellow", "red")
"""What a profile may be marked with; every terminal has these."""

MOST_NAME_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Profile:
    """A person in the household."""

    id: int
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Belongings:
    """What hangs on a profile, as counts."""

    plays: int
    resume_points: int
    accounts: int
    unsent_facts: int


def belongings_words(belongings: Belongings) -> str:
    """What goes with a profile, in one sentence: `12 plays, 3 resume points and 1 account go`."""
    counts = (
        (belongings.plays, "play"),
        (belongings.resume_points, "resume point"),
        (belongings.accounts, "sign-in"),
        (belongings.unsent_facts, "unsent fact"),
    )
    things = [counted(count, noun) for count, noun in counts if count]
    if not things:
        return "Nothing was watched here yet."
    verb = "goes" if len(things) == 1 and things[0].startswith("1 ") else "go"
    return f"{' and '.join([', '.join(things[:-1]), things[-1]] if things[1:] else things)} {verb}."


def next_colour(colour: str) -> str:
    """The colour after another one, round and round."""
    index = COLOURS.index(colour) + 1 if colour in COLOURS else 0
    return COLOURS[index % len(COLOURS)]

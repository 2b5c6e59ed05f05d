"""How dodo looks: what the user chose, and what is chosen for a terminal where nobody did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from dodo_tui.tui.look import Look, choose_look
from dodo_tui.values import dataclass

PREFIX = "appearance."
"""Before the names of these settings in the database."""
AUTO = "auto"


class Density(StrEnum):
    """How much is shown at a time."""

    COUCH = "couch"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Appearance:
    """What the user chose."""

    theme: str = AUTO
    """The name of a theme."""
    density: Density = Density.COUCH
    reduced_motion: bool = False
    look: str = AUTO
    """A `Look`, on terminals of this kind: a television's console is no phone."""


def read_appearance(kept: Mapping[str, str], environment: Mapping[str, str]) -> Appearance:
    """What is kept for this kind of terminal; what makes no sense is as if it were not there."""
    density = kept.get(f"{PREFIX}density", "")
    look = kept.get(_look_name(environment), "")
    return Appearance(
        theme=kept.get(f"{PREFIX}theme", AUTO),
        density=Density(density) if density in set(Density) else Density.COUCH,
        reduced_motion=kept.get(f"{PREFIX}motion") == "reduced",
        look=look if look in set(Look) else AUTO,
    )


def kept_as(appearance: Appearance, environment: Mapping[str, str]) -> dict[str, str]:
    """The names and values to keep."""
    return {
        f"{PREFIX}theme": appearance.theme,
        f"{PREFIX}density": appearance.density.value,
        f"{PREFIX}motion": "reduced" if appearance.reduced_motion else "full",
        _look_name(environment): appearance.look,
    }


def look_for(appearance: Appearance, environment: Mapping[str, str]) -> Look:
    """The look: the variable `DODO_LOOK`, else what was chosen, else what the terminal can do."""
    if environment.get("DODO_LOOK") or appearance.look == AUTO:
        return choose_look(environment)
    return Look(appearance.look)


def next_of(appearance: Appearance, name: str) -> Appearance:
    """The appearance with the next value of one of its settings."""
    match name:
        case "density":
            is_couch = appearance.density is Density.COUCH
            return replace(appearance, density=Density.DESK if is_couch else Density.COUCH)
        case "motion":
            return replace(appearance, reduced_motion=not appearance.reduced_motion)
        case _:
            looks = [AUTO, *(look.value for look in Look)]
            following = looks[(looks.index(appearance.look) + 1) % len(looks)]
            return replace(appearance, look=following)


def _look_name(environment: Mapping[str, str]) -> str:
    """Where the look is kept: apart for each kind of terminal."""
    return f"{PREFIX}look.{environment.get('TERM', '')[:40] or 'none'}"

"""Values behave as the standard library's frozen dataclasses do."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui import values

Decorator = Callable[..., Callable[[type[Any]], type[Any]]]


def make(decorate: Decorator) -> type[Any]:
    """A value with everything that one can have."""

    @decorate(frozen=True, slots=True)
    class Value:
        """A value."""

        name: str
        seconds: float | None = None
        secret: str = dataclasses.field(default="", repr=False)
        parts: list[int] = dataclasses.field(default_factory=list, compare=False)

        def __post_init__(self) -> None:
            if not self.name:
                raise ValueError("no name")

        @property
        def loud(self) -> str:
            return self.name.upper()

    return Value


OURS = make(values.dataclass)
THEIRS = make(dataclasses.dataclass)

ARGUMENTS = st.tuples(st.sampled_from("ab"), st.none() | st.floats(0, 2), st.sampled_from("xy"))


@given(ARGUMENTS, ARGUMENTS)
def test_values_are_as_the_standard_library_makes_them(
    one: tuple[object, ...], other: tuple[object, ...]
) -> None:
    """Equality, hash and text are the same, with arguments given in any way."""
    ours, theirs = OURS(*one), THEIRS(*one)
    assert repr(ours) == repr(theirs)
    assert hash(ours) == hash(theirs)
    assert (ours == OURS(*other)) is (theirs == THEIRS(*other))
    assert ours == OURS(secret=one[2], seconds=one[1], name=one[0])
    assert ours != theirs
    assert ours.loud == str(one[0]).upper()


@pytest.mark.parametrize("made", [OURS, THEIRS])
def test_a_value_is_used_as_one(made: type[Any]) -> None:
    """`fields`, `replace`, `asdict`, copies and patterns know it."""
    value = made("a", 1.0, "s", [1])
    assert [item.name for item in dataclasses.fields(made)] == [
        "name",
        "seconds",
        "secret",
        "parts",
    ]
    assert dataclasses.replace(value, name="b") == made("b", 1.0, "s")
    assert dataclasses.asdict(value)["parts"] == [1]
    assert copy.copy(value) == copy.deepcopy(value) == value
    match value:
        case made(name, seconds):
            assert (name, seconds) == ("a", 1.0)
    assert "'s'" not in repr(value)
    assert made("a").parts is not made("a").parts


@pytest.mark.parametrize("made", [OURS, THEIRS])
def test_nothing_about_a_value_changes(made: type[Any]) -> None:
    """Neither a field nor anything else can be set or deleted."""
    value = made("a")
    with pytest.raises(dataclasses.FrozenInstanceError, match="'name'"):
        value.name = "b"
    with pytest.raises(dataclasses.FrozenInstanceError, match="'name'"):
        del value.name
    with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
        value.other = 1
    assert not hasattr(value, "__dict__")


@pytest.mark.parametrize("made", [OURS, THEIRS])
def test_a_value_is_made_whole_or_not_at_all(made: type[Any]) -> None:
    """Also the first one of its class."""
    with pytest.raises(TypeError):
        made()
    with pytest.raises(TypeError):
        made("a", 1.0, "s", [], "more")
    with pytest.raises(TypeError):
        made("a", unknown=1)
    with pytest.raises(ValueError, match="no name"):
        made("")


def test_own_methods_stay() -> None:
    """A class that says itself when it is the same is asked."""

    @values.dataclass(frozen=True, slots=True)
    class Loose:
        """The same whatever it holds."""

        name: str

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Loose)

        def __hash__(self) -> int:
            return 7

    assert Loose("a") == Loose("b")
    assert hash(Loose("a")) == 7


def test_a_value_may_be_empty() -> None:
    """Two of nothing are the same."""

    @values.dataclass(frozen=True, slots=True)
    class Nothing:
        """Nothing."""

    assert Nothing() == Nothing()
    assert len({Nothing(), Nothing()}) == 1


def test_only_values_are_made() -> None:
    """What can change is the standard library's to make."""
    with pytest.raises(TypeError):
        values.dataclass(frozen=False, slots=True)

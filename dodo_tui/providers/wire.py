"""What every provider's answers are checked with: tolerant of what is new, strict about the rest.

Unknown keys are ignored, optional values that make no sense are None, and a malformed row of a
list is left out, logged and counted, so that it never takes the list with it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from dodo_tui.domain.text import clean_text
from dodo_tui.domain.times import known_time

_MAX_NUMBER = 2**63 - 1
_MAX_COORDINATE = 99_999
_YEARS = range(1870, 2200)


def whole_number(value: object) -> int | None:
    """A whole number that a database can hold, written as one or as a text."""
    is_digits = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20
    if is_digits or (isinstance(value, float) and value.is_integer()):
        value = int(value)  # type: ignore[call-overload]
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _MAX_NUMBER else None


def _coordinate(value: object) -> int | None:
    """The number of a season or an episode."""
    number = whole_number(value)
    return number if number is not None and number <= _MAX_COORDINATE else None


def _year(value: object) -> int | None:
    """A year in which there were films."""
    number = whole_number(value)
    return number if number in _YEARS else None


def _time(value: object) -> datetime | None:
    """A time, or None where a provider says nothing or nonsense."""
    try:
        return known_time(value)
    except OverflowError:
        return None


def _text(value: object) -> str | None:
    """A text made safe to keep and show; an empty one says nothing."""
    return (clean_text(value) or None) if isinstance(value, str) else None


def mapping(value: object) -> dict[str, object]:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def or_empty(value: object) -> object:
    """What is null as an empty text."""
    return "" if value is None else value


def maybe_mapping(value: object) -> object:
    """An object, or nothing; `[]`, `{}` and `null` are "none"."""
    return value if isinstance(value, dict) and value else None


def _list(value: object) -> object:
    """An array, or an empty one."""
    return value if isinstance(value, list) else []


Number = Annotated[int | None, BeforeValidator(whole_number)]
Coordinate = Annotated[int | None, BeforeValidator(_coordinate)]
Year = Annotated[int | None, BeforeValidator(_year)]
Text = Annotated[str | None, BeforeValidator(_text)]
Time = Annotated[datetime | None, BeforeValidator(_time)]
Mapped = Annotated[dict[str, object], BeforeValidator(mapping)]
Listed = Annotated[list[Any], BeforeValidator(_list)]


class Wire(BaseModel):
    """Something that a provider sent. Its errors never quote what was sent: that may be a token."""

    # `defer_build`: each is built when first needed, not all of them at every start.
    model_config = ConfigDict(
        extra="ignore", frozen=True, hide_input_in_errors=True, defer_build=True
    )


WireT = TypeVar("WireT", bound=Wire)


@dataclass(frozen=True, slots=True)
class Rows(Generic[WireT]):
    """The rows of a list that could be read, and how many could not."""

    items: tuple[WireT, ...]
    skipped: int = 0


def parse(model: type[WireT], data: object) -> WireT | None:
    """One object, or None where it is not what it should be (which is logged)."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, e["loc"])) for e in error.errors(include_input=False))
        log = logging.getLogger(model.__module__)
        log.warning("%s is malformed at: %s", model.__name__, clean_text(places, 200))
        return None


def build(*models: type[Wire]) -> None:
    """Build models here and now, before a worker thread needs them: two must not do it at once."""
    for model in models:
        model.model_rebuild()


def rows(model: type[WireT], data: Sequence[object]) -> Rows[WireT]:
    """The rows that can be read; the others are logged and counted."""
    found = tuple(row for item in data if (row := parse(model, item)) is not None)
    return Rows(found, len(data) - len(found))

"""Frozen values at a tenth of the price: `dataclass(frozen=True, slots=True)`, made quickly.

The standard library writes six methods for each class and compiles them, which takes the best part
of a millisecond; the first picture of Home needs some sixty classes. Here the fields are still the
standard library's, so that `field`, `fields` and `replace` go with them. The methods are functions
that need no compiling, and `__init__` is written when the first value is made.

To a type checker it is the standard library's `dataclass`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

__all__ = ["dataclass"]

T = TypeVar("T")

_NOT_GIVEN = object()


def _frozen(cls: type[T]) -> type[T]:
    """The class with its fields as slots, and the methods of a value; its own methods stay."""
    made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    known = dataclasses.fields(made)  # type: ignore[arg-type]  # the checker does not follow it
    names = [item.name for item in known if item.compare]
    values: Callable[[T], Any] = attrgetter(*names) if names else lambda _self: ()
    shown = [item.name for item in known if item.repr]

    def init(self: T, *args: object, **kwargs: object) -> None:
        written = _written_init(made, known)
        setattr(made, "__init__", written)  # noqa: B010 - a checker knows no way to say this
        written(self, *args, **kwargs)

    def equals(self: T, other: T) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return values(self) == values(other)

    def text(self: T) -> str:
        inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{self.__class__.__qualname__}({inside})"

    def reduce(self: T) -> tuple[object, ...]:
        return self.__class__, tuple(getattr(self, item.name) for item in known)

    methods: dict[str, Callable[..., object]] = {
        "__init__": init,
        "__eq__": equals,
        "__hash__": lambda self: hash(values(self)),
        "__repr__": text,
        "__reduce__": reduce,
        "__setattr__": _refuse_to_set,
        "__delattr__": _refuse_to_delete,
    }
    for name, method in methods.items():
        if name not in cls.__dict__:
            setattr(made, name, method)
    return made


def _written_init(cls: type[Any], known: tuple[dataclasses.Field[Any], ...]) -> Callable[..., None]:
    """An `__init__` with a parameter for each field, as the standard library would write it."""
    scope: dict[str, Any] = {"_not_given": _NOT_GIVEN}
    parameters, lines = ["self"], []
    for number, item in enumerate(known):
        scope[f"_set_{number}"] = getattr(cls, item.name).__set__
        scope[f"_default_{number}"] = item.default
        scope[f"_make_{number}"] = item.default_factory
        value = item.name
        if item.default_factory is not MISSING:
            parameters.append(f"{item.name}=_not_given")
            value = f"_make_{number}() if {item.name} is _not_given else {item.name}"
        elif item.default is not MISSING:
            parameters.append(f"{item.name}=_default_{number}")
        else:
            parameters.append(item.name)
        lines.append(f"    _set_{number}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("    self.__post_init__()")
    body = "\n".join(lines) or "    pass"
    exec(f"def __init__({', '.join(parameters)}):\n{body}", scope)  # noqa: S102 - names of fields
    written: Callable[..., None] = scope["__init__"]
    return written


def _refuse_to_set(_self: object, name: str, _value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, slots: bool) -> Callable[[type[T]], type[T]]:
        """As in the standard library, for values alone.

        Raises:
            TypeError: it is not to be frozen, or to have no slots.
        """
        if not (frozen and slots):
            raise TypeError("only frozen classes with slots are made here")
        return _frozen

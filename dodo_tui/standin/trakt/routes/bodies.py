"""How the writes name what they are about (contract, section 12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dodo_tui.standin.messages import Json, JsonObject, as_int, as_list, as_object
from dodo_tui.standin.titles import Title
from dodo_tui.standin.trakt.endpoint import Call
from dodo_tui.standin.trakt.naming import Thing

SLOTS = ("movies", "shows", "seasons", "episodes")
"""The lists of a body and of `not_found`."""


@dataclass(frozen=True, slots=True)
class Named:
    """One thing that a body names."""

    slot: str
    """The list it stands in."""
    sent: JsonObject
    """As it was sent."""
    thing: Thing | None
    """The film or episode; None was not found."""
    when: Json = None
    """Its `watched_at`, as it was sent."""


def check_ids(call: Call, sent: JsonObject) -> None:
    """Note objects without an id, which may mean any title, and ids that are empty."""
    ids = as_object(sent.get("ids"))
    if not ids:
        call.violation("object-without-ids")
    elif any(value in ("", None) for value in ids.values()):
        call.violation("empty-id")


def titles_of(call: Call) -> Iterator[tuple[str, JsonObject, Title | None]]:
    """The films and shows of a body about titles: the list, the object, what it means."""
    fields = call.fields()
    for slot in ("movies", "shows"):
        for each in as_list(fields.get(slot)):
            sent = as_object(each)
            check_ids(call, sent)
            yield slot, sent, call.world.naming.title(sent, is_film=slot == "movies")


def things_of(call: Call) -> Iterator[Named]:
    """The films and episodes of a body about the history.

    A show without seasons means every episode, a season without episodes all of it; to name one so
    is a violation.
    """
    naming = call.world.naming
    fields = call.fields()
    for slot, sent, title in titles_of(call):
        if slot == "movies":
            thing = None if title is None else naming.part(title, None, None)
            yield Named(slot, sent, thing, sent.get("watched_at"))
        elif title is None:
            yield Named(slot, sent, None)
        else:
            yield from _episodes(call, title, sent)
    for each in as_list(fields.get("episodes")):
        sent = as_object(each)
        check_ids(call, sent)
        yield Named("episodes", sent, naming.episode(sent), sent.get("watched_at"))


def _episodes(call: Call, show: Title, sent: JsonObject) -> Iterator[Named]:
    seasons = as_list(sent.get("seasons"))
    if not seasons:
        call.violation("whole-show")
        for episode in show.regular:
            yield Named("shows", sent, Thing(show, episode.key), sent.get("watched_at"))
    for each in seasons:
        season = as_object(each)
        number = as_int(season.get("number"))
        episodes = as_list(season.get("episodes"))
        if not episodes:
            call.violation("whole-season")
            for known in show.episodes:
                if known.tvdb_season == number:
                    yield Named("seasons", sent, Thing(show, known.key), season.get("watched_at"))
        for entry in episodes:
            part = as_object(entry)
            thing = call.world.naming.of_show(show, part, number)
            echo: JsonObject = {
                **{key: value for key, value in sent.items() if key != "seasons"},
                "seasons": [{"number": number, "episodes": [part]}],
            }
            when = part.get("watched_at", sent.get("watched_at"))
            yield Named("shows", echo, thing, when)


def not_found(gone: list[tuple[str, JsonObject]]) -> JsonObject:
    """What was not found, by the list it stood in."""
    return {slot: [sent for where, sent in gone if where == slot] for slot in SLOTS}

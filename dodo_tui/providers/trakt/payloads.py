"""What is sent to Trakt: request bodies, built from items and facts by pure functions.

Trakt: a show without episodes means all of its episodes, a season without episodes all of it. Such
a body cannot be built here: the history's shows are `ShowEntry`s, and one is made from an episode.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dodo_tui.domain.ids import Kind, Scheme
from dodo_tui.domain.text import clean_text
from dodo_tui.domain.times import to_iso
from dodo_tui.providers.facts import Fact, FactKind, told_percent
from dodo_tui.providers.items import Item, TitleRef

BATCH_SIZE = 50
"""Trakt names no size; at most a hundred is what clients send, and fewer are easier to look up."""

UNKNOWN_TIME = "unknown"
"""Trakt's own word for "nobody knows when". Left out, it would stamp the moment of the request."""

_SCHEMES = (Scheme.TRAKT, Scheme.IMDB, Scheme.TMDB, Scheme.TVDB)
_SEASONAL = frozenset(_SCHEMES)

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FilmEntry:
    """A film of a history body."""

    title: Body
    watched_at: str | None = None
    """None where no time belongs: what is taken out of the history."""


@dataclass(frozen=True, slots=True)
class EpisodeEntry:
    """An episode of a history body, by its coordinates."""

    season: int
    number: int
    watched_at: str | None = None


@dataclass(frozen=True, slots=True)
class ShowEntry:
    """Episodes of one show in a history body: at least one, and never the show as a whole."""

    title: Body
    first: EpisodeEntry
    others: tuple[EpisodeEntry, ...] = ()

    def body(self) -> Body:
        """The show with its seasons, each with its episodes."""
        seasons: dict[int, list[Body]] = {}
        for episode in (self.first, *self.others):
            entry = _timed({"number": episode.number}, episode.watched_at)
            seasons.setdefault(episode.season, []).append(entry)
        listed = [{"number": number, "episodes": rows} for number, rows in seasons.items()]
        return {**self.title, "seasons": listed}


@dataclass(frozen=True, slots=True)
class KnownEpisodeEntry:
    """An episode of a history body, by Trakt's own id."""

    trakt_id: int
    watched_at: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What a write of the history names."""

    films: tuple[FilmEntry, ...] = ()
    shows: tuple[ShowEntry, ...] = ()
    episodes: tuple[KnownEpisodeEntry, ...] = field(default=())

    def body(self) -> Body:
        """The body to send."""
        lists = {
            "movies": [_timed(dict(film.title), film.watched_at) for film in self.films],
            "shows": [show.body() for show in self.shows],
            "episodes": [
                _timed({"ids": {"trakt": each.trakt_id}}, each.watched_at) for each in self.episodes
            ],
        }
        return {name: entries for name, entries in lists.items() if entries}


def history(facts: Iterable[Fact], trakt_ids: Sequence[int | None] = ()) -> History:
    """The entries of facts of one kind; each viewing is one, also of the same film twice.

    `trakt_ids` are those of episodes that go by Trakt's own id and not by their coordinates.
    """
    films: list[FilmEntry] = []
    episodes: list[KnownEpisodeEntry] = []
    shows: list[tuple[Body, list[EpisodeEntry]]] = []
    for index, fact in enumerate(facts):
        title, when, item = title_of(fact.item), _when(fact), fact.item
        trakt_id = trakt_ids[index] if trakt_ids else None
        if trakt_id is not None:
            episodes.append(KnownEpisodeEntry(trakt_id, when))
        elif item.season is None or item.number is None:
            films.append(FilmEntry(title, when))
        else:
            entry = EpisodeEntry(item.season, item.number, when)
            same = next((rows for known, rows in shows if known == title), None)
            if same is None:
                shows.append((title, [entry]))
            else:
                same.append(entry)
    made = tuple(ShowEntry(title, rows[0], tuple(rows[1:])) for title, rows in shows)
    return History(tuple(films), made, tuple(episodes))


def is_nameable(title: Item | TitleRef) -> bool:
    """Whether Trakt can know which title is meant.

    Trakt: by a title alone the newest of that name is taken, so an id is needed. An anime that is
    numbered as anime sites or Simkl do, in one season of its own, has no place in Trakt's seasons;
    in a season above the first it is numbered as TVDB does.
    """
    if not title_of(title).get("ids"):
        return False
    if not isinstance(title, Item) or title.kind is not Kind.ANIME or title.number is None:
        return True
    preferred = title.ids.preferred(title.kind)
    if preferred is None:
        return False
    return preferred.scheme in _SEASONAL or (title.season or 0) > 1


def title_of(title: Item | TitleRef) -> Body:
    """Title, year and every id that Trakt knows, empty ones left out. IMDb's are texts."""
    is_film = is_film_of(title)
    known = title.ids.media_ids(Kind.MOVIE if is_film else Kind.SHOW)
    ids: dict[str, str | int] = {}
    for scheme in _SCHEMES:
        value = next((each.value for each in known if each.scheme is scheme), None)
        if value is not None and not (is_film and scheme is Scheme.TVDB):
            ids[scheme.value] = value if scheme is Scheme.IMDB else int(value)
    body: Body = {"ids": ids}
    if name := clean_text(title.title):
        body["title"] = name
    if title.year is not None:
        body["year"] = title.year
    return body


def is_film_of(title: Item | TitleRef) -> bool:
    """Whether Trakt keeps it with the films. Trakt: an anime is a show, or a film."""
    if isinstance(title, Item):
        return title.number is None
    return title.kind is Kind.MOVIE


def slot_of(title: Item | TitleRef) -> str:
    """The list of a body in which a title stands."""
    return "movies" if is_film_of(title) else "shows"


def scrobble_body(item: Item, percent: float, trakt_id: int | None = None) -> Body:
    """The body of start, pause and stop; `trakt_id` is an episode's own.

    Raises:
        ValueError: the percent is no number.
    """
    body: Body = {"progress": told_percent(percent)}
    if trakt_id is not None:
        body["episode"] = {"ids": {"trakt": trakt_id}}
    elif is_film_of(item):
        body["movie"] = title_of(item)
    else:
        body["show"] = title_of(item)
        body["episode"] = {"season": item.season, "number": item.number}
    return body


def _when(fact: Fact) -> str | None:
    if fact.kind is FactKind.UNWATCHED:
        return None
    return UNKNOWN_TIME if fact.watched_at is None else to_iso(fact.watched_at)


def _timed(entry: Body, watched_at: str | None) -> Body:
    return entry if watched_at is None else {**entry, "watched_at": watched_at}

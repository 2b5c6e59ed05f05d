"""What Trakt calls titles and episodes: its own ids, its numbering, and how it finds what is meant.

Films and shows are numbered apart, as Trakt does. An anime is a show, in TVDB's seasons.
"""

from __future__ import annotations

from dataclasses import dataclass

from dodo_tui.standin.catalogue import Catalogue, plain
from dodo_tui.standin.clock import milliseconds
from dodo_tui.standin.messages import Json, JsonObject, as_int, as_object
from dodo_tui.standin.titles import FILM, Episode, EpisodeKey, Title

_EPISODE_IDS_FROM = 73_000
_SITES = ("imdb", "tmdb", "tvdb")


@dataclass(frozen=True, slots=True)
class Thing:
    """A film, or an episode of a show."""

    title: Title
    """The film or the show."""
    key: EpisodeKey
    """The episode in the catalogue's own numbering, or `FILM`."""

    @property
    def type(self) -> str:
        """`movie` or `episode`."""
        return "movie" if self.title.is_film else "episode"

    @property
    def episode(self) -> Episode:
        """The episode; of a film there is none."""
        return self.title.by_key[self.key]

    @property
    def place(self) -> EpisodeKey:
        """Season and number as Trakt counts them."""
        return self.key if self.title.is_film else (
            self.episode.tvdb_season, self.episode.tvdb_number
        )  # fmt: skip


class Naming:
    """Trakt's ids for a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def trakt_id(self, title: Title) -> int:
        """Trakt's id of a title; films and shows count apart, so the two share numbers."""
        alike = [each for each in self._catalogue.titles() if each.is_film == title.is_film]
        return alike.index(title) + 1

    def episode_id(self, thing: Thing) -> int:
        """Trakt's id of an episode."""
        return thing.episode.simkl_id % 1_000_000 + _EPISODE_IDS_FROM

    def by_id(self, site: str, value: Json, *, is_film: bool) -> Title | None:
        """The film or show with this id."""
        if site == "trakt":
            alike = [each for each in self._catalogue.titles() if each.is_film == is_film]
            number = as_int(value)
            return alike[number - 1] if number and number <= len(alike) else None
        if site == "slug":
            return next(
                (t for t in self._catalogue.titles() if t.is_film == is_film and t.slug == value),
                None,
            )
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            return None
        for kind in ("movie", "show"):
            found = self._catalogue.by_external_id(site, str(value), kind)
            if found is not None and found.is_film == is_film:
                return found
        return None

    def title(self, sent: JsonObject, *, is_film: bool) -> Title | None:
        """What an object means: its ids, `trakt` first, then its name, year or newest."""
        ids = as_object(sent.get("ids"))
        for site in ("trakt", *_SITES, "slug"):
            found = self.by_id(site, ids.get(site), is_film=is_film)
            if found is not None:
                return found
        name = sent.get("title")
        if not isinstance(name, str) or not plain(name):
            return None
        year = as_int(sent.get("year"))
        named = [t for t in self._catalogue.by_name(name) if t.is_film == is_film]
        exact = [t for t in named if t.year == year]
        return max(exact or named, key=lambda each: each.year, default=None)

    def episode(self, sent: JsonObject) -> Thing | None:
        """An episode by an id of its own."""
        ids = as_object(sent.get("ids"))
        trakt, tvdb = as_int(ids.get("trakt")), as_int(ids.get("tvdb"))
        for title in self._catalogue.titles():
            for episode in title.episodes:
                thing = Thing(title, episode.key)
                if trakt is not None and self.episode_id(thing) == trakt:
                    return thing
                if trakt is None and tvdb is not None and episode.tvdb_id == tvdb:
                    return thing
        return None

    def of_show(self, show: Title, sent: JsonObject, season: int | None = None) -> Thing | None:
        """An episode of a show, by season and number or by its absolute number."""
        absolute = as_int(sent.get("number_abs"))
        if absolute is not None:
            regular = show.regular
            return Thing(show, regular[absolute - 1].key) if 0 < absolute <= len(regular) else None
        wanted = as_int(sent.get("season")) if season is None else season
        number = as_int(sent.get("number"))
        if wanted is None or number is None:
            return None
        found = show.by_tvdb_key.get((wanted, number))
        return None if found is None else Thing(show, found.key)

    def media(self, title: Title) -> JsonObject:
        """A film or show as answers name it."""
        ids: JsonObject = {"trakt": self.trakt_id(title), "slug": title.slug}
        for site in _SITES:
            if title.is_film and site == "tvdb":
                continue
            value = title.ids.get(site)
            ids[site] = int(value) if value and site != "imdb" else value
        return {"title": title.title, "year": title.year, "ids": ids}

    def episode_media(self, thing: Thing, *, full: bool = False) -> JsonObject:
        """An episode as answers name it."""
        episode = thing.episode
        season, number = thing.place
        body: JsonObject = {
            "season": season,
            "number": number,
            "title": episode.title,
            "ids": {
                "trakt": self.episode_id(thing),
                "tvdb": episode.tvdb_id,
                "imdb": "",
                "tmdb": None,
            },
        }
        if full:
            order = [each.key for each in thing.title.regular]
            body["number_abs"] = order.index(thing.key) + 1 if thing.key in order else None
            body["first_aired"] = milliseconds(episode.aired_at) if episode.aired_at else None
            body["runtime"] = thing.title.minutes
        return body

    def named(self, thing: Thing) -> JsonObject:
        """What a row is about: `movie`, or `episode` and `show`."""
        if thing.title.is_film:
            return {"movie": self.media(thing.title)}
        return {"episode": self.episode_media(thing), "show": self.media(thing.title)}

    def part(self, title: Title, season: int | None, number: int | None) -> Thing:
        """A film, or an episode in Trakt's numbering; KeyError when there is none."""
        if title.is_film:
            return Thing(title, FILM)
        found = title.by_tvdb_key.get((1 if season is None else season, number or 1))
        if found is None:
            raise KeyError(f"{title.title} has no episode {season}x{number}")
        return Thing(title, found.key)

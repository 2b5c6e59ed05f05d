"""Everything the stand-in knows of, and how it finds what a client means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from dodo_tui.standin.messages import Json, JsonObject, as_int, as_object
from dodo_tui.standin.titles import FILM, Episode, EpisodeKey, Title

OuterKey = Literal["movie", "show", "anime"]
"""What a body calls the title: `show` may also mean an anime, `movie` an anime film."""

_GENERATED_IDS_FROM = 5_000_000
_EPISODE_IDS_FROM = 9_000_000
_NOT_FOR_LOOKUP = frozenset({"simkl", "slug"})


class Catalogue:
    """The titles, found by Simkl id, any other id, or by name and year (contract, section 7)."""

    def __init__(self) -> None:
        self._titles: dict[int, Title] = {}
        self._by_id: dict[tuple[str, str, bool], Title] = {}
        self._by_name: dict[str, list[Title]] = {}
        self._next_title_id = _GENERATED_IDS_FROM
        self._next_episode_id = _EPISODE_IDS_FROM

    def __len__(self) -> int:
        return len(self._titles)

    def titles(self) -> Sequence[Title]:
        """Every title, in the order they were added."""
        return tuple(self._titles.values())

    def get(self, simkl_id: int) -> Title | None:
        """The title with this Simkl id."""
        return self._titles.get(simkl_id)

    def add_movie(
        self,
        title: str,
        year: int,
        *,
        simkl_id: int | None = None,
        ids: Mapping[str, str] | None = None,
        runtime_minutes: int | None = None,
        poster: str | None = None,
        overview: str = "",
        genres: Sequence[str] = (),
        released: bool = True,
    ) -> Title:
        """Add a film."""
        return self._add(
            Title(
                simkl_id=self._title_id(simkl_id),
                kind="movie",
                title=title,
                year=year,
                ids=dict(ids or {}),
                runtime_minutes=runtime_minutes,
                poster=poster,
                status="released" if released else "tba",
                overview=overview,
                genres=tuple(genres),
            )
        )

    def add_show(
        self,
        title: str,
        year: int,
        seasons: Sequence[int],
        *,
        simkl_id: int | None = None,
        ids: Mapping[str, str] | None = None,
        runtime_minutes: int | None = None,
        poster: str | None = None,
        overview: str = "",
        genres: Sequence[str] = (),
        network: str | None = None,
        specials: int = 0,
        episode_titles: Mapping[EpisodeKey, str] | None = None,
        first_aired: datetime,
        airs: Mapping[int, datetime | None] | None = None,
        ended: bool = True,
    ) -> Title:
        """Add a show with so many episodes per season.

        Seasons begin a year apart from `first_aired` and run weekly, unless `airs` says when (or
        that nobody knows when) a season begins.
        """
        names = episode_titles or {}
        numbered = [(0, number) for number in range(1, specials + 1)]
        for season, count in enumerate(seasons, start=1):
            numbered += [(season, number) for number in range(1, count + 1)]
        episodes: list[Episode] = []
        for season, number in numbered:
            start = _season_start(season, first_aired, airs or {})
            aired = None if start is None else start + timedelta(weeks=number - 1)
            name = names.get((season, number), f"Episode {number}")
            episodes.append(self._episode((season, number), name, aired, (season, number)))
        return self._add(
            Title(
                simkl_id=self._title_id(simkl_id),
                kind="show",
                title=title,
                year=year,
                ids=dict(ids or {}),
                runtime_minutes=runtime_minutes,
                poster=poster,
                status="ended" if ended else "airing",
                overview=overview,
                genres=tuple(genres),
                network=network,
                episodes=tuple(episodes),
            )
        )

    def add_anime(
        self,
        title: str,
        year: int,
        episodes: int,
        *,
        simkl_id: int | None = None,
        ids: Mapping[str, str] | None = None,
        runtime_minutes: int | None = None,
        poster: str | None = None,
        overview: str = "",
        genres: Sequence[str] = (),
        tvdb_seasons: Sequence[int] = (),
        episode_titles: Mapping[int, str] | None = None,
        first_aired: datetime,
        ended: bool = True,
        anime_type: str = "tv",
    ) -> Title:
        """Add an anime: one season, which TVDB may split (`tvdb_seasons`: episodes of each).

        No episodes at all means an anime film.
        """
        names = episode_titles or {}
        elsewhere = [
            (season, number)
            for season, count in enumerate(tvdb_seasons or (episodes,), start=1)
            for number in range(1, count + 1)
        ]
        made = tuple(
            self._episode(
                (1, number),
                names.get(number, f"Episode {number}"),
                first_aired + timedelta(weeks=number - 1),
                elsewhere[number - 1],
            )
            for number in range(1, episodes + 1)
        )
        return self._add(
            Title(
                simkl_id=self._title_id(simkl_id),
                kind="anime",
                title=title,
                year=year,
                ids=dict(ids or {}),
                runtime_minutes=runtime_minutes,
                poster=poster,
                status=("ended" if ended else "airing") if made else "released",
                anime_type=anime_type if made else "movie",
                overview=overview,
                genres=tuple(genres),
                episodes=made,
            )
        )

    def by_external_id(self, name: str, value: str, kind: str | None = None) -> Title | None:
        """The title with this id; `kind` (`movie` or anything else) settles what `tmdb` means."""
        groups = (True, False) if kind is None else (kind == "movie",)
        for is_movie in groups:
            found = self._by_id.get((name, value, is_movie))
            if found is not None:
                return found
        return None

    def by_name(self, title: str, year: int | None = None) -> list[Title]:
        """The titles of exactly this name (case and punctuation aside), and year if given."""
        found = self._by_name.get(plain(title), [])
        return [each for each in found if year is None or each.year == year]

    def resolve(self, item: JsonObject, outer: OuterKey) -> Title | None:
        """What a media object means: `simkl`, then other ids, then title and year, then title."""
        ids = as_object(item.get("ids"))
        simkl_id = as_int(ids.get("simkl"))
        if simkl_id is not None:
            found = self._titles.get(simkl_id)
            if found is not None and fits(found, outer):
                return found
        for site, value in ids.items():
            text = _id_text(value)
            if site in _NOT_FOR_LOOKUP or text is None:
                continue
            found = self.by_external_id(site, text, outer)
            if found is None and outer == "movie":
                found = self.by_external_id(site, text, "anime")
            if found is not None and fits(found, outer):
                return found
        name = item.get("title")
        if not isinstance(name, str):
            return None
        year = as_int(item.get("year"))
        for candidates in (self.by_name(name, year), self.by_name(name)):
            for found in candidates:
                if fits(found, outer):
                    return found
        return None

    def _add(self, title: Title) -> Title:
        if title.simkl_id in self._titles:
            raise ValueError(f"the catalogue already has Simkl id {title.simkl_id}")
        self._titles[title.simkl_id] = title
        for name, value in title.ids.items():
            self._by_id.setdefault((name, value, title.kind == "movie"), title)
        self._by_name.setdefault(plain(title.title), []).append(title)
        return title

    def _title_id(self, wanted: int | None) -> int:
        if wanted is not None:
            return wanted
        self._next_title_id += 1
        return self._next_title_id

    def _episode(
        self, key: EpisodeKey, title: str, aired_at: datetime | None, tvdb: EpisodeKey
    ) -> Episode:
        self._next_episode_id += 1
        return Episode(
            season=key[0],
            number=key[1],
            title=title,
            simkl_id=self._next_episode_id,
            tvdb_id=self._next_episode_id - _EPISODE_IDS_FROM + 300_000,
            aired_at=aired_at,
            tvdb_season=tvdb[0],
            tvdb_number=tvdb[1],
        )


def resolve_part(title: Title, item: JsonObject, *, tvdb_numbering: bool) -> EpisodeKey | None:
    """Which episode a body's `episode` means; None when the title has no such one.

    Ids override numbers, and only `tvdb` (and `anidb`, which the catalogue does not hold) count.
    `tvdb_numbering` reads an anime's season and number as TVDB's where its own do not fit.
    """
    if title.is_film:
        return FILM
    tvdb_id = _id_text(as_object(item.get("ids")).get("tvdb"))
    if tvdb_id is not None and tvdb_id in title.by_tvdb_id:
        return title.by_tvdb_id[tvdb_id].key
    number = as_int(item.get("number"))
    if number is None:
        return None
    season = as_int(item.get("season"))
    key = (1 if season is None else season, number)
    if title.kind == "anime" and tvdb_numbering:
        found = title.by_tvdb_key.get(key)
        return found.key if found is not None else None
    return key if key in title.by_key else None


def fits(title: Title, outer: OuterKey) -> bool:
    """Whether a title may stand under this key of a body."""
    if outer == "movie":
        return title.kind == "movie" or (title.kind == "anime" and title.is_film)
    if outer == "anime":
        return title.kind == "anime"
    return title.kind != "movie"


def plain(title: str) -> str:
    """A name reduced to its letters and digits, for comparing."""
    return "".join(letter for letter in title.casefold() if letter.isalnum())


def _season_start(
    season: int, first_aired: datetime, airs: Mapping[int, datetime | None]
) -> datetime | None:
    if season in airs:
        return airs[season]
    return first_aired + timedelta(days=365 * max(season - 1, 0))


def _id_text(value: Json) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value) or None

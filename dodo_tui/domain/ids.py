"""Names of things to watch: ids per scheme, and keys that point at a film or one episode.

A *media id* names a title (`tt0133093`, `kitsu:7442`, `tmdb:movie:603`). A *key* names what can be
played: a film is its media id, an episode adds its coordinates (`tt0903747:1:5`, `kitsu:7442:5`).
The spelling is that of the Stremio world. Parsing is strict and per scheme: what does not parse
exactly raises `InvalidKeyError`, and is then untrackable and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Self

from dodo_tui.values import dataclass


class InvalidKeyError(ValueError):
    """A text that is not an id or key of a known scheme."""


class Kind(StrEnum):
    """What a title is. Anime is numbered in one season by the sites that specialise in it."""

    MOVIE = "movie"
    SHOW = "show"
    ANIME = "anime"


class Scheme(StrEnum):
    """Who gave an id. `LOCAL` is dodo itself, for a file nobody has identified yet."""

    IMDB = "imdb"
    SIMKL = "simkl"
    TMDB = "tmdb"
    TVDB = "tvdb"
    KITSU = "kitsu"
    MAL = "mal"
    ANIDB = "anidb"
    ANILIST = "anilist"
    TRAKT = "trakt"
    LOCAL = "local"


ONE_SEASON_SCHEMES = frozenset({Scheme.KITSU, Scheme.MAL, Scheme.ANIDB, Scheme.ANILIST})
"""Anime sites: an entry is one season, so an episode has a number and no season."""

_IMDB = re.compile(r"tt[0-9]{5,12}", re.ASCII)
_NUMBER = re.compile(r"[1-9][0-9]{0,11}", re.ASCII)
_COORDINATE = re.compile(r"0|[1-9][0-9]{0,4}", re.ASCII)
_LOCAL = re.compile(r"[0-9a-f]{16}", re.ASCII)
_SERIES_NAMESPACES = {Scheme.TMDB: "tv", Scheme.TRAKT: "show"}
"""Schemes that number films (`movie`) and series apart, and their word for a series."""


_COMPOSITE_SEPARATOR = "::"


@dataclass(frozen=True, slots=True)
class MediaId:
    """The id of a title in one scheme.

    `value` is the scheme's own id (`tt0133093`, `7442`); for TMDB and Trakt, where films and series
    are numbered apart, `namespace` is `movie` or `tv` (Trakt: `show`), elsewhere it is empty.
    """

    scheme: Scheme
    value: str
    namespace: str = ""

    def __post_init__(self) -> None:
        """Refuse an id that its scheme could not have given.

        Raises:
            InvalidKeyError: the value or namespace is not of the scheme's form.

        """
        pattern = {Scheme.IMDB: _IMDB, Scheme.LOCAL: _LOCAL}.get(self.scheme, _NUMBER)
        series = _SERIES_NAMESPACES.get(self.scheme)
        expected = {""} if series is None else {"movie", series}
        if not pattern.fullmatch(self.value) or self.namespace not in expected:
            raise InvalidKeyError(f"not a {self.scheme} id: {self.namespace} {self.value}"[:80])

    def __str__(self) -> str:
        if self.scheme is Scheme.IMDB:
            return self.value
        return ":".join(part for part in (self.scheme, self.namespace, self.value) if part)

    @classmethod
    def parse(cls, text: str) -> MediaId:
        """Read a media id such as `tt0133093`, `simkl:472214` or `tmdb:movie:603`.

        Raises:
            InvalidKeyError: the text is anything else.

        """
        media_id, rest = _split(text)
        if rest:
            raise InvalidKeyError(f"not a media id: {text[:80]}")
        return media_id


def _split(text: str) -> tuple[MediaId, list[str]]:
    """Take the media id off the front of a key; the coordinates are left over."""
    head, *rest = text.split(":")
    if head.startswith("tt"):
        return MediaId(Scheme.IMDB, head), rest
    try:
        scheme = Scheme(head)
    except ValueError:
        raise InvalidKeyError(f"unknown kind of id: {text[:80]}") from None
    if scheme is Scheme.IMDB or not rest:
        raise InvalidKeyError(f"not an id: {text[:80]}")
    if scheme in _SERIES_NAMESPACES:
        if rest[0] in ("movie", _SERIES_NAMESPACES[scheme]) and len(rest) > 1:
            return MediaId(scheme, rest[1], rest[0]), rest[2:]
        if scheme is Scheme.TMDB and len(rest) == 3:
            return MediaId(scheme, rest[0], "tv"), rest[1:]
    return MediaId(scheme, rest[0]), rest[1:]


@dataclass(frozen=True, slots=True)
class Key:
    """What can be watched in one sitting: a film (`number` None) or one episode.

    `season` is None for films and in schemes that number an anime as one season. Season 0 holds
    the specials and is a season like any other here; it is the only one that is named in every
    scheme, so that a special is never taken for the episode of the same number.
    """

    media_id: MediaId
    season: int | None = None
    number: int | None = None

    def __post_init__(self) -> None:
        """Refuse coordinates that do not fit the scheme.

        Raises:
            InvalidKeyError: a season without a number, or a season where the scheme has none.

        """
        one_season = self.media_id.scheme in ONE_SEASON_SCHEMES
        is_film_id = self.media_id.namespace == "movie"
        if self.number is None:
            consistent = self.season is None
        elif one_season:
            consistent = self.season in (None, 0)
        else:
            consistent = self.season is not None and not is_film_id
        in_range = all(n is None or 0 <= n <= 99_999 for n in (self.season, self.number))
        if not (consistent and in_range):
            raise InvalidKeyError(f"not an episode of {self.media_id}")

    def __str__(self) -> str:
        coordinates = (str(n) for n in (self.season, self.number) if n is not None)
        return ":".join((str(self.media_id), *coordinates))

    @property
    def is_episode(self) -> bool:
        """Whether this is one episode and not a film (or a whole title)."""
        return self.number is not None

    @property
    def season_number(self) -> int | None:
        """The season, 1 for an episode of a scheme that has only one; None for a film."""
        return 1 if self.number is not None and self.season is None else self.season

    @property
    def composite(self) -> str:
        """`media::video` for an episode, the media id alone for a film."""
        if not self.is_episode:
            return str(self)
        return f"{self.media_id}{_COMPOSITE_SEPARATOR}{self}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key such as `tt0133093`, `tt0903747:1:5`, `kitsu:7442:5` or `local:…:2:3`.

        Raises:
            InvalidKeyError: the text is anything else.

        """
        media_id, rest = _split(text)
        if not rest:
            return cls(media_id)
        if not all(_COORDINATE.fullmatch(part) for part in rest):
            raise InvalidKeyError(f"not an episode: {text[:80]}")
        numbers = [int(part) for part in rest]
        if media_id.scheme in ONE_SEASON_SCHEMES and len(numbers) == 1:
            return cls(media_id, None, numbers[0])
        if media_id.scheme in ONE_SEASON_SCHEMES and len(numbers) == 2 and numbers[0] == 0:
            return cls(media_id, 0, numbers[1])
        if media_id.scheme not in ONE_SEASON_SCHEMES and len(numbers) == 2:
            return cls(media_id, numbers[0], numbers[1])
        raise InvalidKeyError(f"not an episode: {text[:80]}")

    @classmethod
    def parse_composite(cls, text: str) -> Self:
        """Read `media::video` (or a film's plain id) back.

        Raises:
            InvalidKeyError: it does not parse, or the two halves name different titles.

        """
        media, separator, video = text.partition(_COMPOSITE_SEPARATOR)
        key = cls.parse(video if separator else media)
        if separator and str(key.media_id) != media:
            raise InvalidKeyError(f"not a composite key: {text[:80]}")
        return key

    @classmethod
    def episode(cls, media_id: MediaId, season: int, number: int) -> Self:
        """The key of an episode, without the season where the scheme has none; specials keep it.

        Raises:
            InvalidKeyError: the coordinates do not fit the scheme.

        """
        has_seasons = media_id.scheme not in ONE_SEASON_SCHEMES or season == 0
        return cls(media_id, season if has_seasons else None, number)

    def under(self, media_id: MediaId) -> Key:
        """The same film or episode under another id of its title.

        Raises:
            InvalidKeyError: the other id's scheme cannot name the episode.
        """
        if self.season_number is None or self.number is None:
            return Key(media_id)
        return Key.episode(media_id, self.season_number, self.number)


@dataclass(frozen=True, slots=True)
class Ids:
    """Every id we know of one title, in no particular trust. Values are the schemes' own."""

    imdb: str | None = None
    simkl: str | None = None
    tmdb: str | None = None
    tvdb: str | None = None
    kitsu: str | None = None
    mal: str | None = None
    anidb: str | None = None
    anilist: str | None = None
    trakt: str | None = None

    def __iter__(self) -> Iterator[tuple[Scheme, str]]:
        """The known ids as (scheme, value), in the order in which a key prefers them."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                yield Scheme(field.name), value

    def media_ids(self, kind: Kind) -> tuple[MediaId, ...]:
        """All ids as media ids, the preferred one first; what is malformed is left out."""
        found = []
        for scheme, value in self:
            namespace = _SERIES_NAMESPACES.get(scheme, "")
            if namespace and kind is Kind.MOVIE:
                namespace = "movie"
            try:
                found.append(MediaId(scheme, value, namespace))
            except InvalidKeyError:
                continue
        return tuple(found)

    def preferred(self, kind: Kind) -> MediaId | None:
        """The id that becomes the key: the first of imdb, simkl, tmdb, tvdb, kitsu, mal, …"""
        return next(iter(self.media_ids(kind)), None)

    def merged(self, other: Ids) -> Ids:
        """These ids, with the gaps filled from `other`."""
        return Ids(**{f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(Ids)})

    @classmethod
    def of(cls, media_id: MediaId) -> Ids:
        """The one id that a media id is; a local id is none."""
        if media_id.scheme is Scheme.LOCAL:
            return cls()
        return cls(**{media_id.scheme.value: media_id.value})

    @classmethod
    def from_mapping(cls, ids: Mapping[str, object]) -> Ids:
        """Take the ids we know out of a provider's mapping; numbers become strings.

        Simkl spells its own id `simkl` or `simkl_id`; both are read.
        """
        found: dict[str, str] = {}
        for field in fields(cls):
            value = ids.get(field.name) or (ids.get("simkl_id") if field.name == "simkl" else None)
            if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value):
                found[field.name] = str(value)
        return cls(**found)

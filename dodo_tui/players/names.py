"""Ids as players' libraries write them."""

from __future__ import annotations

from collections.abc import Mapping

from dodo_tui.domain.ids import Ids, InvalidKeyError, Kind, MediaId, Scheme

_SCHEMES = (Scheme.IMDB, Scheme.TMDB, Scheme.TVDB, Scheme.SIMKL, Scheme.MAL, Scheme.ANIDB)


def ids_of(kind: Kind, named: object) -> Ids:
    """Ids by the names of their sites (`imdb`, `Imdb`); what cannot be one is left out.

    They must be those of the film or of the series as a whole.
    """
    values = named if isinstance(named, Mapping) else {}
    by_name = {str(name).lower(): value for name, value in values.items()}
    found: dict[str, str] = {}
    for scheme in _SCHEMES:
        value = by_name.get(scheme.value)
        if isinstance(value, bool) or not isinstance(value, str | int):
            continue
        namespace = ""
        if scheme is Scheme.TMDB:
            namespace = "movie" if kind is Kind.MOVIE else "tv"
        try:
            MediaId(scheme, str(value), namespace)
        except InvalidKeyError:
            continue
        found[scheme.value] = str(value)
    return Ids(**found)

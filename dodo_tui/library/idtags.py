"""Ids that somebody wrote into a file or folder name."""

from __future__ import annotations

import re

from dodo_tui.domain.ids import Ids

_TAG = re.compile(
    r"[\[{(]\s*(imdb|tmdb|tvdb|anidb|anilist|kitsu|mal|simkl)[2-6]?(?:id)?\s*[-=: ]\s*"
    r"(tt\d{5,12}|\d{1,12})\s*[\]})]",
    re.IGNORECASE | re.ASCII,
)
_BARE_IMDB = re.compile(r"[\[{(]?(?<![A-Za-z0-9])(tt\d{7,10})(?![A-Za-z0-9])[\]})]?", re.ASCII)


def take_ids(name: str) -> tuple[Ids, str]:
    """The ids in a name such as `{imdb-tt1375666}`, `[tmdbid-603]` or `tt1375666`, and the rest.

    The first id of each scheme counts. A number where IMDb wants `tt…` is no id.
    """
    found: dict[str, str] = {}

    def note(match: re.Match[str]) -> str:
        scheme, value = match[1].lower(), match[2].lower()
        if (scheme == "imdb") == value.startswith("tt"):
            digits = value.lstrip("0")
            if digits:
                found.setdefault(scheme, digits)
        return " "

    def note_imdb(match: re.Match[str]) -> str:
        found.setdefault("imdb", match[1])
        return " "

    rest = _BARE_IMDB.sub(note_imdb, _TAG.sub(note, name))
    return Ids.from_mapping(found), rest.strip() if found else name

"""Ids and keys of titles that nobody has identified, so that they can be resumed all the same.

The id is a hash of what the names say, never of a path: a file that is moved keeps its progress,
and the episodes of one show share an id and so have an "up next".
"""

from __future__ import annotations

import hashlib

from dodo_tui.domain.ids import Kind, MediaId, Scheme
from dodo_tui.library.names import ParsedName
from dodo_tui.library.titles import normalise


def local_media_id(parsed: ParsedName) -> MediaId:
    """The `local:` id of the title a file seems to belong to.

    * Films: by title and year.
    * Shows and anime alike (a show may be guessed as either): by title, and by year where the
      names give one. "The Office (2005)" and "The Office US" are two titles; a show some of whose
      files lack the year in both name and folder falls in two, which an identification joins.
    * A show's file without a number (a dated episode, an extra) stands alone, as a film would:
      its date and episode title count too.

    Titles are compared as `titles.same_title` does. A film and a show of one title differ.
    """
    parts = [_group(parsed), _squashed(parsed.title), str(parsed.year or "")]
    if parsed.kind is not Kind.MOVIE and not parsed.numbers:
        parts += [str(parsed.aired_on or ""), _squashed(parsed.episode_title or "")]
    text = "\n".join(parts)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return MediaId(Scheme.LOCAL, digest[:16])


def _squashed(title: str) -> str:
    return normalise(title).replace(" ", "")


def _group(parsed: ParsedName) -> str:
    if parsed.kind is Kind.MOVIE:
        return "movie"
    return "series" if parsed.numbers else "single"

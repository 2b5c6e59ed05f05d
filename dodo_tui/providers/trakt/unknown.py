"""Why Trakt was not told of something, or did not know it: for the user, who may mend it."""

from __future__ import annotations

from dodo_tui.domain.ids import Kind
from dodo_tui.providers.facts import Answer, Outcome
from dodo_tui.providers.items import Item, TitleRef
from dodo_tui.providers.trakt.payloads import is_nameable, title_of

NO_ID = "Trakt knows titles by their ids at IMDb, TMDB or TVDB, and none of this one is known."
COUNTED_THROUGH = (
    "Trakt counts an anime in seasons, and this one is kept as one season of its own. Fix its "
    "match to the series as a whole, or mark it there."
)
COUNTED_OTHERWISE = (
    "Trakt has no such episode of this anime: it counts its seasons otherwise. Fix its match, or "
    "mark it there."
)


def unknown(title: Item | TitleRef) -> Answer:
    """The answer about a title or an episode that Trakt cannot know, or did not."""
    is_anime_episode = (
        isinstance(title, Item) and title.kind is Kind.ANIME and title.number is not None
    )
    why = None
    if is_anime_episode:
        why = COUNTED_OTHERWISE if is_nameable(title) else COUNTED_THROUGH
    elif not title_of(title)["ids"]:
        why = NO_ID
    return Answer(Outcome.UNKNOWN_TITLE, why=why)

"""Asking a provider's catalogue about titles, and keeping what it says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from dodo_tui.clock import Clock
from dodo_tui.domain.catalogue import MOST_A_DAY, Ask, Question, ask_for_screen, what_to_ask
from dodo_tui.domain.ids import InvalidKeyError, Key, Kind, MediaId, Scheme
from dodo_tui.domain.media import Episode
from dodo_tui.providers.catalogue import CatalogueEpisode, TitleDetails
from dodo_tui.providers.errors import RejectedError
from dodo_tui.providers.protocol import Provider
from dodo_tui.storage import catalogue
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import add_aliases, save_episodes
from dodo_tui.storage.store import Store
from dodo_tui.tracking.title_facts import title_ref

_DAY = timedelta(days=1)


def due(connection: sqlite3.Connection, now: datetime) -> tuple[Ask, ...]:
    """What it is time to ask about, within what a day allows."""
    asked_today = catalogue.asked_since(connection, now - _DAY)
    if asked_today >= MOST_A_DAY:
        return ()
    return what_to_ask(catalogue.known_titles(connection, now), now, asked_today)


def due_for_screen(connection: sqlite3.Connection, media_id: str, now: datetime) -> tuple[Ask, ...]:
    """What is missing or old of one title that somebody looks at."""
    if MediaId.parse(media_id).scheme is Scheme.LOCAL:
        return ()
    asked = catalogue.asked_of(connection, media_id, now)
    return () if asked is None else ask_for_screen(asked, now)


async def ask(store: Store, provider: Provider, question: Ask, clock: Clock) -> None:
    """Ask one question and keep the answer, also that there is none.

    Raises:
        ProviderError: the provider could not be asked; nothing is noted, so it is asked again.
    """
    title = await store.run(title_ref, question.media_id)
    if title is None:
        return
    try:
        if question.question is Question.EPISODES:
            episodes = await provider.episodes(title)
            await store.run(_keep_episodes, question.media_id, episodes, clock.now())
        else:
            details = await provider.details(title)
            await store.run(_keep_details, question.media_id, details, clock.now())
    except RejectedError:
        await store.run(_keep_nothing, question, clock.now())


def _keep_nothing(connection: sqlite3.Connection, question: Ask, now: datetime) -> None:
    with transaction(connection, durable=False):
        catalogue.note_asked(connection, question, now)


def _keep_episodes(
    connection: sqlite3.Connection,
    media_id: str,
    episodes: Sequence[CatalogueEpisode],
    now: datetime,
) -> None:
    with transaction(connection, durable=False):
        save_episodes(connection, _named(MediaId.parse(media_id), episodes))
        catalogue.note_episodes_asked(connection, media_id, now)


def _named(media_id: MediaId, episodes: Sequence[CatalogueEpisode]) -> Iterator[Episode]:
    """The episodes that have a key: a scheme of one season has none for a special."""
    for episode in episodes:
        try:
            key = Key.episode(media_id, episode.season, episode.number)
        except InvalidKeyError:
            continue
        if key.season_number == episode.season:
            yield Episode(key, episode.title, episode.aired_at, episode.runtime_minutes)


def _keep_details(
    connection: sqlite3.Connection, media_id: str, details: TitleDetails | None, now: datetime
) -> None:
    """Keep a title's page. The ids of an anime may name more than the one entry, so they stay."""
    detail = None
    with transaction(connection, durable=False):
        if details is not None:
            media = details.media
            airing = details.airing.value if details.airing else None
            detail = catalogue.Detail(
                details.overview, details.genres, airing, details.first_aired_at
            )
            catalogue.complete_media(
                connection, media_id, media.title, media.year, media.runtime_minutes, media.poster
            )
            if media.kind is not Kind.ANIME:
                add_aliases(connection, media_id, media.ids.media_ids(media.kind))
        catalogue.save_detail(connection, media_id, detail, now)

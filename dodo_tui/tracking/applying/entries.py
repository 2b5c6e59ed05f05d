"""The list that a title is on and its rating, as a provider has them."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from dodo_tui.domain.lists import ListStatus, move_words
from dodo_tui.domain.merge import bounded
from dodo_tui.domain.text import clean_text
from dodo_tui.providers.changes import Aspect, RemoteTitle
from dodo_tui.storage import lists, standing
from dodo_tui.tracking.applying.pull import Pull, Side

LISTS = {Aspect.PLANNED: ListStatus.PLANNED, Aspect.DROPPED: ListStatus.DROPPED}
"""Which list a listing is complete about."""


def apply_entry(
    connection: sqlite3.Connection, pull: Pull, title: RemoteTitle, media_id: str
) -> None:
    """Keep the status and the rating, as far as they were told."""
    account = pull.account
    before = lists.find_entry(connection, account.profile_id, media_id, account.provider)
    status = title.status.value if title.status else (before.status if before else None)
    rating = title.rating
    if not title.says_rating:
        rating = before.rating if before else None
    rated_at = before.rated_at if before else None
    if rating != (before.rating if before else None):
        told_at = None if pull.side is Side.THEIRS else title.rated_at
        rated_at = bounded(told_at or pull.now, pull.now)
    there = _is_there(title)
    for aspect in there:
        lists.is_back(connection, account.id, media_id, aspect)
    lists.follow_again(
        connection, account.profile_id, account.provider, media_id,
        place=title.status is not None, rating=Aspect.RATED in there,
    )  # fmt: skip
    if before is None and status is None and rating is None:
        return
    entry = lists.ListEntry(
        media_id, account.provider, title.media.kind, status, rating, rated_at, title.added_at
    )
    if before != replace(entry, added_at=entry.added_at or (before.added_at if before else None)):
        lists.save_entry(connection, account.profile_id, entry, pull.now)
        if pull.side is not Side.THEIRS:
            standing.keep_what_was_said(
                connection, account.id, account.profile_id, media_id, pull.now,
                connected_at=account.connected_at if pull.since is None else None,
            )  # fmt: skip
        _say_entry(pull, title.media.title, before, entry)


def _is_there(title: RemoteTitle) -> frozenset[Aspect]:
    """In which respects a title is at the provider, by what is told of it.

    Whatever is told of it, there is something of it. A page of ratings says nothing of the history.
    """
    found = {aspect for aspect, status in LISTS.items() if status is title.status}
    if title.says_watched and (title.watched or title.episodes):
        found.add(Aspect.WATCHED)
    if title.says_rating and title.rating is not None:
        found.add(Aspect.RATED)
    return frozenset(found | {Aspect.LISTED})


def entry_news(before: lists.ListEntry | None, entry: lists.ListEntry) -> tuple[str, ...]:
    """What is new of a list and a rating, in words.

    A list that a title is on because it was watched is no news: the viewing is.
    """
    news = []
    if entry.status != (before.status if before else None) and (moved := move_words(entry.status)):
        news.append(moved)
    if entry.rating != (before.rating if before else None):
        news.append(f"rated {entry.rating}" if entry.rating else "rating taken back")
    return tuple(news)


def _say_entry(
    pull: Pull,
    name: str,
    before: lists.ListEntry | None,
    entry: lists.ListEntry,
) -> None:
    """Count what is new of a list or a rating, and say it."""
    for news in entry_news(before, entry):
        pull.changed += 1
        pull.say_one(f"{clean_text(name, 120)} {news} on another device")

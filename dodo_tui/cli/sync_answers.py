"""What the user answers to a sync: what a first one may do, what is missing there, an undo."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sqlite3
import sys
from dataclasses import dataclass

from dodo_tui.cli.context import Context, database
from dodo_tui.cli.output import DONE, FAILED, CommandError, note
from dodo_tui.cli.sync_turn import SILENCE_SECONDS, alone, turn
from dodo_tui.domain.account import Account
from dodo_tui.domain.figures import counted
from dodo_tui.domain.profile import Profile
from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.engine.services import RealServices, Services
from dodo_tui.providers.errors import ProviderError
from dodo_tui.providers.hearing import listening
from dodo_tui.storage import accounts
from dodo_tui.storage.account_status import sync_status
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.ledger import count_unidentified
from dodo_tui.storage.lists import asked_about
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store
from dodo_tui.tracking.first_sync import (
    Choice,
    choose,
    needs_choice,
    plan_first_sync,
    plan_lines,
    unidentified_line,
)
from dodo_tui.tracking.removals import Removed, keep_missing, remove_missing
from dodo_tui.tracking.undo import Before, FirstSyncLeftError, Undoable, next_undo, undo_next


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The providers with which there shall be no first sync now, and those that did not answer."""

    put_off: tuple[str, ...]
    failed: tuple[str, ...]


async def ask_first(
    ctx: Context,
    services: Services,
    store: Store,
    profile: Profile,
    options: argparse.Namespace,
) -> LeftOut:
    """Before a first sync: say what it would do and ask, where somebody can answer.

    `--merge`, `--take-theirs` and `--send-mine` answer beforehand; with nobody to answer it merges.
    One that does not answer is said, and does not stop the others.
    """
    put_off, failed = [], []
    for provider_id in PROVIDER_NAMES:
        account = await store.run(accounts.find_account, profile.id, provider_id)
        if account is None or not await store.run(needs_choice, account.id):
            continue
        choice = Choice(options.choice) if options.choice else None
        is_asked = sys.stdin.isatty() and sys.stderr.isatty() and not options.json
        if choice is None and is_asked:
            try:
                choice = await _ask(ctx, services, store, account)
            except (ProviderError, CredentialsError, CommandError) as error:
                note(f"dodo: {error}")
                failed.append(provider_id)
                continue
        await store.run(choose, account.id, choice or Choice.MERGE)
        if choice is Choice.NOT_NOW:
            put_off.append(provider_id)
    return LeftOut(tuple(put_off), tuple(failed))


def is_first_sync(connection: sqlite3.Connection, profile_id: int) -> bool:
    """Whether the next sync is the first one of any account of a profile."""
    return any(
        needs_choice(connection, account.id)
        for account in accounts.accounts_of(connection, profile_id)
    )


def what_follows(connection: sqlite3.Connection, profile_id: int) -> tuple[str, ...]:
    """After a first sync: what of it has not been sent yet, and when it is."""
    known = accounts.accounts_of(connection, profile_id)
    lines = []
    for account in known:
        waiting = sync_status(connection, profile_id, account.provider).waiting
        if waiting:
            name = PROVIDER_NAMES[account.provider]
            lines.append(
                f"{name}: {waiting} more found since. The next 'dodo sync' sends that, "
                "or a dodo that runs."
            )
    count = count_unidentified(connection, profile_id)
    if count and any(account.hears_earlier for account in known):
        lines.append(unidentified_line(count, is_asked=False))
    return tuple(lines)


async def _ask(ctx: Context, services: Services, store: Store, account: Account) -> Choice:
    """Print the counts and read an answer; anything unclear is "not now"."""
    provider = await asyncio.to_thread(services.provider, account.provider, account.profile_id)
    name = PROVIDER_NAMES[account.provider]
    try:
        async with asyncio.timeout(SILENCE_SECONDS) as silence:

            def moved(count: int = 0) -> None:
                del count
                silence.reschedule(asyncio.get_running_loop().time() + SILENCE_SECONDS)

            async with turn(ctx, store, account, moved):
                with listening(moved):
                    plan = await plan_first_sync(store, account, provider, ctx.clock)
    except TimeoutError as error:
        raise CommandError(
            f"{name} has not answered within {SILENCE_SECONDS:g} seconds."
        ) from error
    finally:
        await provider.close()
    for line in plan_lines(plan, name):
        note(line)
    print("Merge, take theirs, send mine, or not now? [M/t/s/n] ", end="", file=sys.stderr)
    sys.stderr.flush()
    answer = (await asyncio.to_thread(sys.stdin.readline)).strip().lower()[:1]
    answers = {"": Choice.MERGE, "m": Choice.MERGE, "t": Choice.TAKE_THEIRS, "s": Choice.SEND_MINE}
    return answers.get(answer, Choice.NOT_NOW)


async def answer_removals(ctx: Context, *, remove: bool) -> int:
    """Say what becomes of the titles that are missing there: each provider has its own result."""
    answered = failed = False
    services = RealServices(ctx.settings, ctx.paths, ctx.clock)
    with contextlib.closing(Store.open(ctx.paths.database)) as store:
        profile = await store.run(active_profile, ctx.settings.profile, ctx.clock.now())
        async with alone(ctx):
            for provider_id, name in PROVIDER_NAMES.items():
                account = await store.run(accounts.find_account, profile.id, provider_id)
                if account is None:
                    continue
                if remove:
                    try:
                        found = await _remove_missing(ctx, services, store, account)
                    except (ProviderError, CredentialsError) as error:
                        failed = True
                        note(f"dodo: {error} What is missing at {name} was kept here.")
                        continue
                    words = _removed_words(found)
                else:
                    kept = await store.run(keep_missing, account, ctx.clock.now())
                    words = [f"{counted(kept, 'title')} kept"] if kept else []
                for each in words:
                    note(f"{name}: {each}.")
                answered = answered or bool(words)
    if not (answered or failed):
        raise CommandError("Nothing is missing; there is no question to answer.")
    return FAILED if failed else DONE


async def _remove_missing(
    ctx: Context, services: Services, store: Store, account: Account
) -> Removed:
    """Look once more where that can be done, and remove what is missing still.

    Raises:
        ProviderError, CredentialsError: the provider could not be asked; nothing was removed.
    """
    if not await store.run(asked_about, account.id):
        return Removed()
    provider = await asyncio.to_thread(services.provider, account.provider, account.profile_id)
    try:
        return await remove_missing(store, account, provider, ctx.clock)
    finally:
        await provider.close()


def _removed_words(found: Removed) -> list[str]:
    words = []
    if found.gone:
        words.append(f"{counted(found.gone, 'title')} removed; 'dodo sync --undo' takes that back")
    if found.back:
        words.append(f"{counted(found.back, 'title')} on the list there again and kept")
    if found.settled:
        words.append(f"{counted(found.settled, 'title')} had nothing left to remove here")
    return words


async def undo(ctx: Context, *, whole: bool) -> int:
    """Take back what a sync took away last at any provider; `whole`: a first sync as a whole.

    Where that is what is left, it is asked about, or has to be named once anything was undone.
    """
    if not whole and sys.stdin.isatty() and sys.stderr.isatty():
        with database(ctx) as (connection, profile):
            found = next_undo(connection, profile.id)
        if found is not None and found.reason is Before.FIRST_SYNC:
            if not await _is_meant(found):
                note("Nothing was changed.")
                return DONE
            whole = True
    try:
        async with alone(ctx):
            with database(ctx) as (connection, profile):
                done = undo_next(connection, profile.id, ctx.clock.now(), whole=whole)
    except FirstSyncLeftError as error:
        raise CommandError(
            f"Nothing is left to undo but {_first_sync_words(error.found)}. To take that back as "
            "a whole: 'dodo sync --undo first'."
        ) from error
    if done is None:
        raise CommandError("There is no sync to undo.")
    account, undone = done
    name = PROVIDER_NAMES[account.provider]
    note(f"{undone.words(name)}. What you watched since stays, and what {name} was told.")
    return DONE


async def _is_meant(found: Undoable) -> bool:
    """Ask whether a whole first sync is to be taken back."""
    print(f"Take back {_first_sync_words(found)} as a whole? [y/N] ", end="", file=sys.stderr)
    sys.stderr.flush()
    answer = await asyncio.to_thread(sys.stdin.readline)
    return answer.strip().lower() in ("y", "yes")


def _first_sync_words(found: Undoable) -> str:
    name = PROVIDER_NAMES[found.account.provider]
    return f"the first sync with {name} of {found.made_at.astimezone():%d %b %H:%M}"

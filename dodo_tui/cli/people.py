"""`dodo profile`: the people of the household."""

from __future__ import annotations

import argparse
import sqlite3
import sys

from dodo_tui.cli.context import Context, context
from dodo_tui.cli.output import DONE, FAILED, CommandError, Json, note, say, say_json
from dodo_tui.domain.account import Account
from dodo_tui.domain.profile import belongings_words
from dodo_tui.storage import accounts, profile_removal, profiles
from dodo_tui.storage.database import open_database


def list_(options: argparse.Namespace) -> int:
    """Who there is; the one who is watching has a mark."""
    ctx = context()
    connection = open_database(ctx.paths.database)
    try:
        active = profiles.active_profile(connection, ctx.settings.profile, ctx.clock.now())
        everybody = profiles.profiles(connection)
        rows: list[Json] = [
            {
                "name": person.name,
                "colour": person.colour,
                "active": person.id == active.id,
                "accounts": _accounts(connection, person.id),
            }
            for person in everybody
        ]
    finally:
        connection.close()
    if options.json:
        say_json(rows)
        return DONE
    for row in rows:
        names = ", ".join(f"{known['provider']}: {known['user']}" for known in row["accounts"])
        mark = "*" if row["active"] else " "
        say(f"{mark} {row['name']}" + (f"  ({names})" if names else ""))
    return DONE


def _accounts(connection: sqlite3.Connection, profile_id: int) -> list[dict[str, str | None]]:
    return [
        {"provider": account.provider, "user": account.user.name or None}
        for account in accounts.accounts_of(connection, profile_id)
    ]


def add(options: argparse.Namespace) -> int:
    """Make a profile."""
    ctx = context()
    connection = open_database(ctx.paths.database)
    try:
        profiles.active_profile(connection, None, ctx.clock.now())  # there is always somebody
        person = profiles.new_profile(connection, options.name, ctx.clock.now())
    finally:
        connection.close()
    note(f"{person.name} has a profile now.")
    return DONE


def use(options: argparse.Namespace) -> int:
    """Watch as somebody from the next start on; what runs already is not changed."""
    ctx = context()
    connection = open_database(ctx.paths.database)
    try:
        person = profiles.find_profile(connection, options.name)
        profiles.use_profile(connection, person.id)
    finally:
        connection.close()
    note(f"{person.name} is watching.")
    if ctx.settings.profile is not None:
        note("But DODO_PROFILE, or profile in config.toml, wins.")
    return DONE


def rename(options: argparse.Namespace) -> int:
    """Give somebody another name."""
    connection = open_database(context().paths.database)
    try:
        person = profiles.find_profile(connection, options.name)
        profiles.rename_profile(connection, person.id, options.new_name)
    finally:
        connection.close()
    note(f"{person.name} is called {options.new_name} now.")
    return DONE


def remove(options: argparse.Namespace) -> int:
    """Say what goes, ask, sign out, and delete."""
    ctx = context(keep_log=True)
    connection = open_database(ctx.paths.database)
    try:
        person = profiles.find_profile(connection, options.name)
        profile_removal.ensure_removable(connection, person.id)
        goes = belongings_words(profile_removal.belongings(connection, person.id))
        if not options.yes and not _agreed(f"Delete {person.name}? {goes}"):
            note("Nothing was changed.")
            return FAILED
        for account in accounts.accounts_of(connection, person.id):
            _sign_out(ctx, account)
        profile_removal.remove_profile(connection, person.id)
    finally:
        connection.close()
    note(f"{person.name} is deleted.")
    return DONE


def _sign_out(ctx: Context, account: Account) -> None:
    """Sign an account out; what knows of providers is imported only where there is one."""
    import asyncio
    import contextlib

    from dodo_tui.cli.connecting import end_sign_in
    from dodo_tui.storage.store import Store

    with contextlib.closing(Store.open(ctx.paths.database)) as store:
        asyncio.run(end_sign_in(ctx, store, account))


def _agreed(question: str) -> bool:
    """Ask, where there is somebody to answer.

    Raises:
        CommandError: nobody can answer; the text says how to go on.
    """
    if not sys.stdin.isatty():
        raise CommandError(f"Add --yes. {question}")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")

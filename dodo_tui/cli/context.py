"""What most commands need: settings, folders, the database and the profile."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from dodo_tui.clock import Clock, CorrectedClock, SystemClock
from dodo_tui.config import Paths, Settings, default_paths, load_settings
from dodo_tui.domain.profile import Profile
from dodo_tui.storage.database import open_database
from dodo_tui.storage.profiles import active_profile
from dodo_tui.values import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    """Settings and folders, before anything is opened."""

    settings: Settings
    paths: Paths
    clock: Clock


def context(*, keep_log: bool = False) -> Context:
    """Read the settings and make the folders.

    `keep_log` is for the commands that have something to log: it costs an import.

    Raises:
        ConfigError: the configuration cannot be used.
        OSError: a folder cannot be made.
    """
    paths = default_paths()
    settings = load_settings(paths.config_file, os.environ)
    paths.make()
    if keep_log:
        from dodo_tui.cli.logs import start_log

        start_log(paths.log)
    return Context(settings, paths, CorrectedClock(SystemClock()))


@contextmanager
def database(ctx: Context) -> Iterator[tuple[sqlite3.Connection, Profile]]:
    """The open database and the active profile.

    Raises:
        StorageError: the database cannot be used.
        UnknownProfileError: `DODO_PROFILE` names nobody.
    """
    connection = open_database(ctx.paths.database)
    try:
        yield connection, active_profile(connection, ctx.settings.profile, ctx.clock.now())
    except sqlite3.Error as error:
        from dodo_tui.storage.errors import explain

        raise explain(error, ctx.paths.database) from error
    finally:
        connection.close()

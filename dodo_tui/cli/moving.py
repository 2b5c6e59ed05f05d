"""`dodo export` and `dodo import`: everything, as one JSON file."""

from __future__ import annotations

import argparse
from pathlib import Path

from dodo_tui.cli.context import context, database
from dodo_tui.cli.output import DONE, CommandError, note


def export(options: argparse.Namespace) -> int:
    """Write everything dodo knows, without accounts and tokens."""
    from dodo_tui.tracking.portable import export_everything, write_export

    ctx = context()
    path = Path(options.file)
    if not path.name:
        raise CommandError(f"{options.file!r} is not the name of a file.")
    with database(ctx) as (connection, _):
        document = export_everything(connection, ctx.clock.now())
    try:
        write_export(path, document)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
    note(f"{len(document['plays'])} plays of {len(document['media'])} titles are in {path}.")
    return DONE


def import_(options: argparse.Namespace) -> int:
    """Merge an export into what is here."""
    from dodo_tui.tracking.portable import import_everything, read_export

    ctx = context()
    document = read_export(Path(options.file))
    with database(ctx) as (connection, _):
        new_plays, new_progress = import_everything(connection, document, ctx.clock.now())
    note(f"{new_plays} plays and {new_progress} resume points or watched marks are new.")
    return DONE

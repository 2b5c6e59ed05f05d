"""`dodo export` and `dodo import`: everything, as one JSON file, and what others have kept."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dodo_tui.cli.context import context, database
from dodo_tui.cli.output import DONE, CommandError, note

if TYPE_CHECKING:
    from dodo_tui.tracking.imports.merging import Counts
    from dodo_tui.tracking.imports.source import Source


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
    """Merge an export, of dodo's own or of a service's, into what is here."""
    from dodo_tui.tracking.imports.source import Source
    from dodo_tui.tracking.portable import FORMAT, import_everything, read_export

    ctx = context()
    source = Source(Path(options.file))
    is_own = f'"format": "{FORMAT}"'.encode() in source.start()
    if not is_own and _import_other(options, source):
        return DONE
    if options.dry_run:
        raise CommandError("An export of dodo's own cannot be counted beforehand.")
    document = read_export(source.path)
    with database(ctx) as (connection, _):
        new_plays, new_progress = import_everything(connection, document, ctx.clock.now())
    note(f"{new_plays} plays and {new_progress} resume points or watched marks are new.")
    return DONE


def _import_other(options: argparse.Namespace, source: Source) -> bool:
    """Import a file of another program or service; False where nobody recognises it."""
    from dodo_tui.storage.profiles import active_profile
    from dodo_tui.tracking.imports.importers import importer_for
    from dodo_tui.tracking.imports.merging import import_records

    importer = importer_for(source)
    if importer is None:
        if source.is_archive:
            raise CommandError(f"{source.path} is an archive, but of nothing that dodo knows.")
        return False
    ctx = context()
    now = ctx.clock.now()
    with database(ctx) as (connection, _):
        profile = active_profile(connection, ctx.settings.profile, now)
        records = importer.records(source)
        counts = import_records(connection, profile.id, records, now, dry_run=options.dry_run)
    note(f"{source.path.name} is {importer.name}.")
    for line in import_lines(counts, profile.name, dry_run=options.dry_run):
        note(line)
    return True


def import_lines(counts: Counts, profile: str, *, dry_run: bool) -> tuple[str, ...]:
    """What an import did, or would do, in words."""
    if counts.is_nothing:
        lines = ["Nothing in it is new."]
    else:
        told = (
            (counts.plays, "viewing"),
            (counts.watched, "watched mark"),
            (counts.resume_points, "resume point"),
            (counts.ratings, "rating"),
            (counts.planned, "title for the watchlist"),
        )
        words = ", ".join(_counted(count, noun) for count, noun in told if count)
        lines = [f"New for {profile}: {words}."]
    if counts.left_out:
        lines.append(f"Left out, because it made no sense: {_counted(counts.left_out, 'row')}.")
    if dry_run:
        lines.append("Nothing was changed. Without --dry-run it is imported.")
    return tuple(lines)


def _counted(count: int, noun: str) -> str:
    if count == 1:
        return f"1 {noun}"
    first, _, rest = noun.partition(" for ")
    return f"{count} {first}s for {rest}" if rest else f"{count} {noun}s"

"""`dodo export` and `dodo import`: everything, as one JSON file, and what others have kept."""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from dodo_tui.cli.context import context, database
from dodo_tui.cli.output import DONE, CommandError, note
from dodo_tui.domain.figures import counted

_UNCHANGED = "Nothing was changed. Without --dry-run it is imported."

_TAKEN = (
    "It takes exports of dodo, Trakt and Simkl, tables (CSV) with columns for a title and for when "
    "it was watched or how it was rated, mpv's watch_later folder, and the backlogs of "
    "trakt-scrobbler and Media Player Scrobbler for Simkl."
)

if TYPE_CHECKING:
    from dodo_tui.tracking.imports.counts import Counts
    from dodo_tui.tracking.imports.source import Source


def export(options: argparse.Namespace) -> int:
    """Write everything dodo knows, without accounts and tokens."""
    from dodo_tui.tracking.portable.exporting import export_everything, write_export

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
    plays, titles = (
        counted(len(document["plays"]), "play"),
        counted(len(document["media"]), "title"),
    )
    note(f"{plays} of {titles} {'is' if len(document['plays']) == 1 else 'are'} in {path}.")
    return DONE


def import_(options: argparse.Namespace) -> int:
    """Merge an export, of dodo's own or of another program or service, into what is here."""
    from dodo_tui.storage.database import scratch_copy
    from dodo_tui.tracking.imports.source import Source
    from dodo_tui.tracking.portable.document import read_export
    from dodo_tui.tracking.portable.exporting import FORMAT
    from dodo_tui.tracking.portable.importing import import_everything

    ctx = context(keep_log=True)
    source = Source(Path(options.file))
    is_own = not source.is_folder and f'"format": "{FORMAT}"'.encode() in source.start()
    if not is_own and _import_other(options, source):
        return DONE
    document = read_export(source.path)
    with database(ctx) as (connection, _):
        where = scratch_copy(connection) if options.dry_run else nullcontext(connection)
        with where as target:
            new_plays, new_progress = import_everything(target, document, ctx.clock.now())
    points = counted(new_progress, "resume point")
    marks = "watched mark" if new_progress == 1 else "watched marks"
    note(f"{counted(new_plays, 'play')} and {points} or {marks} are new.")
    if options.dry_run:
        note(_UNCHANGED)
    return DONE


def _import_other(options: argparse.Namespace, source: Source) -> bool:
    """Import what another program or service has kept; False where nobody recognises it."""
    from dodo_tui.domain.text import clean_text
    from dodo_tui.storage.profiles import active_profile
    from dodo_tui.tracking.imports.importers import importer_for
    from dodo_tui.tracking.imports.merging import import_records

    importer = importer_for(source)
    if importer is None:
        is_object = (
            not source.is_folder and source.start().lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
        )
        for what, is_it in (("an archive", source.is_archive), ("a folder", source.is_folder)):
            if is_it:
                raise CommandError(f"{source.path} is {what}, but of nothing that dodo knows.")
        if not is_object:
            raise CommandError(f"{source.path} is nothing that dodo can import. {_TAKEN}")
        return False
    ctx = context()
    now = ctx.clock.now()
    with database(ctx) as (connection, _):
        profile = active_profile(connection, ctx.settings.profile, now)
        records = importer.records(source)
        counts = import_records(connection, profile.id, records, now, dry_run=options.dry_run)
    entries = counted(counts.entries, "row")
    note(f"{clean_text(source.path.name, 120)} is {importer.name}: {entries}.")
    for line in import_lines(counts, profile.name, dry_run=options.dry_run):
        note(line)
    return True


def import_lines(counts: Counts, profile: str, *, dry_run: bool) -> tuple[str, ...]:
    """What an import did, or would do, in words."""
    if counts.is_nothing:
        lines = ["Nothing in it is new."]
    else:
        episodes = counts.watched - counts.films
        watched = " and ".join(
            counted(count, noun)
            for count, noun in ((counts.films, "film"), (episodes, "episode"))
            if count
        )
        told = (
            (counts.plays, "viewing", " for the history"),
            (counts.resume_points, "resume point", ""),
            (counts.ratings, "rating", ""),
            (counts.planned, "title", " for the watchlist"),
            (counts.listed, "title", " for other lists"),
        )
        words = [f"{watched} watched"] if watched else []
        words += [f"{counted(count, noun)}{rest}" for count, noun, rest in told if count]
        lines = [f"New for {profile}: {', '.join(words)}."]
        lines += [f"  {sample}" for sample in counts.samples]
        lines += _still_unknown(counts)
    for why, rows in counts.reasons.most_common():
        lines.append(f"Left out, because {why}: {counted(rows, 'row')}.")
    if dry_run:
        lines.append(_UNCHANGED)
    return tuple(lines)


def _still_unknown(counts: Counts) -> list[str]:
    """Of how many titles it has to be found out what they are, and how that goes on."""
    lines = []
    if by_name := len(counts.by_name):
        are = "is" if by_name == 1 else "are"
        lines.append(
            f"{counted(by_name, 'title')} {are} known by name alone: looked up at the next sync; "
            "Review asks about what is not sure."
        )
    if by_id := len(counts.by_id):
        are, it = ("is", "its") if by_id == 1 else ("are", "their")
        lines.append(
            f"{counted(by_id, 'title')} {are} known by an id alone: {it} name is looked up at the "
            "next sync."
        )
    return lines

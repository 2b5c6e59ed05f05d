"""The command line: parsing, dispatch and the end of every error.

Each command's module is imported when it is run: `dodo status` must not pay for Textual.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sqlite3
import sys
from collections.abc import Callable, Sequence

from dodo_tui import __version__
from dodo_tui.cli.output import (
    DONE,
    FAILED,
    WRONG_USAGE,
    CommandError,
    WrongUsageError,
    note,
)

_PROVIDERS = ("simkl", "trakt")
_INTERRUPTED = 130
_LARGEST_NUMBER = 2**31 - 1


def run(arguments: Sequence[str]) -> int:
    """Run one command; answers the exit code: 0 done, 1 failed, 2 wrong usage."""
    _open_missing_streams()
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has had enough; what is left must not fail a second time at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return code


def _run(arguments: Sequence[str]) -> int:
    """Parse and run, and turn every failure into one sentence."""
    try:
        options = parser().parse_args(arguments)
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else WRONG_USAGE
    module_name, _, function_name = options.run.partition(":")
    try:
        module = importlib.import_module(f"dodo_tui.cli.{module_name}")
        return int(getattr(module, function_name)(options))
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the end of every error; bugs are logged whole
        note(f"dodo: {_sentence(error) or _bug_report(error)}")
        return WRONG_USAGE if _is_wrong_usage(error) else FAILED


def _open_missing_streams() -> None:
    """Give the standard streams a place to go where the caller has closed them."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


def _sentence(error: Exception) -> str | None:
    """What to say about an error that is the user's or the world's; None for a bug of ours."""
    if isinstance(error, OSError) and error.strerror:
        place = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
        return f"{place}{error.strerror}."
    if isinstance(error, (CommandError, sqlite3.Error, OSError)):
        return str(error)
    named = {
        "ConfigError",
        "StorageError",
        "ProfileError",
        "CredentialsError",
        "ProviderError",
        "PlayerError",
        "ImportFailedError",
        "InvalidKeyError",
    }
    if named & {cls.__name__ for cls in type(error).__mro__}:
        return str(error)
    return None


def _is_wrong_usage(error: Exception) -> bool:
    """Whether the command was not understood; a key that is none can only have been typed."""
    names = {cls.__name__ for cls in type(error).__mro__}
    return isinstance(error, WrongUsageError) or "InvalidKeyError" in names


def _bug_report(error: Exception) -> str:
    """One sentence on a mistake of ours; the traceback goes to the log."""
    import logging  # only on the way to an error

    from dodo_tui.cli.logs import start_log
    from dodo_tui.config import default_paths

    try:
        log_file = default_paths().log
        start_log(log_file)
        logging.getLogger("dodo_tui").critical("a mistake of dodo's own", exc_info=error)
        where = f"; details are in {log_file}"
    except OSError:
        where = ""
    return f"This is a mistake in dodo ({type(error).__name__}){where}."


_JSON = "one JSON document"


class _Command(argparse.ArgumentParser):
    """A command's parser; one with commands of its own learns them when it is used.

    Most runs are of another command, and each parser takes a part of a millisecond to make.
    """

    fill: Callable[[argparse.ArgumentParser], None] | None = None
    """Adds what it understands."""

    def parse_known_args(  # type: ignore[override]  # the stub has overloads
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse, once it is whole."""
        fill, self.fill = self.fill, None
        if fill is not None:
            fill(self)
        return super().parse_known_args(args, namespace)


def parser() -> argparse.ArgumentParser:
    """Every command, its options and its help."""
    # argparse looks for a translation of each of its words, in 288 places, where there is none.
    argparse._ = str  # type: ignore[attr-defined]
    top = argparse.ArgumentParser(
        prog="dodo",
        description="A watch tracker and player for a television run from a terminal.",
        epilog="Without a command: the interface.",
    )
    top.add_argument("--version", action="version", version=f"dodo {__version__}")
    top.set_defaults(run="face:open_face")
    commands = top.add_subparsers(metavar="COMMAND", parser_class=_Command)

    def command(name: str, run: str, text: str) -> _Command:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    def json_option(added: argparse.ArgumentParser) -> None:
        added.add_argument("--json", action="store_true", help=_JSON)

    command("demo", "demo:demo", "a tour: no account, no network, a throw-away data folder")

    play = command("play", "playing:play", "play a file, an address or a key, tracked")
    play.add_argument("target", metavar="TARGET")
    play.add_argument("--from-start", action="store_true", help="not from the resume point")
    resume = command("resume", "playing:resume", "play the top of Continue Watching")
    resume.set_defaults(from_start=False)
    for added in (play, resume):
        added.add_argument("--only-this", action="store_true", help="offer no next episode")
        added.add_argument("--private", action="store_true", help="record and send nothing")
        added.add_argument(
            "--with",
            dest="company",
            metavar="NAME",
            action="append",
            default=[],
            help="who watches along: it goes to their history, too; may be repeated",
        )

    json_option(command("continue", "show:continue_", "Continue Watching and Up next"))
    history = command("history", "show:history", "what was watched, newest first")
    json_option(history)
    history.add_argument("--limit", type=_positive, metavar="N", help="at most so many")

    stats = command("stats", "stats:stats", "a year of viewing, added up")
    json_option(stats)
    stats.add_argument("--year", type=_positive, metavar="Y", help="another year than this one")

    why = command("why", "why:why", "why something stands as it does, from the file on")
    why.add_argument("target", metavar="KEY", help="a key, or the path of a file")
    json_option(why)

    mark = command("mark", "marking:mark", "mark a film or an episode by hand")
    mark.add_argument("key", metavar="KEY")
    which = mark.add_mutually_exclusive_group(required=True)
    which.add_argument("--watched", action="store_true")
    which.add_argument("--unwatched", action="store_true")
    mark.add_argument("--at", metavar="TIME", help="when, as 2026-11-22T20:15:00Z")
    hide = command("hide", "marking:hide", "hide a title until it is played again")
    hide.add_argument("key", metavar="KEY")
    unhide = command("unhide", "listing:unhide", "show a hidden title again")
    unhide.add_argument("key", metavar="KEY")
    rate = command("rate", "listing:rate", "rate a title, or take the rating back")
    rate.add_argument("key", metavar="KEY")
    ratings = [str(rating) for rating in range(1, 11)]
    rate.add_argument("rating", choices=[*ratings, "none"], metavar="1-10|none")
    lists = ("planned", "watching", "hold", "dropped", "none")
    listed = command("list", "listing:list_", "put a title on a list, or take it off")
    listed.add_argument("key", metavar="KEY")
    listed.add_argument("list", choices=lists, metavar="|".join(lists))
    forget = command("forget", "listing:forget", "forget what was watched of a title")
    forget.add_argument("key", metavar="KEY")
    where = forget.add_mutually_exclusive_group()
    for option, there, text in (
        ("--here", False, "here alone, without asking"),
        ("--there", True, "at the providers, too, without asking"),
    ):
        where.add_argument(option, dest="there", action="store_const", const=there, help=text)

    library = command("library", "library:list_", "the media folders").add_subparsers(
        metavar="COMMAND", required=True
    )
    for name, text in (("add", "add a folder and scan it"), ("remove", "forget a folder")):
        added = library.add_parser(name, help=text, description=text)
        added.add_argument("folder", metavar="DIR")
        added.set_defaults(run=f"library:{name}")
    scan = library.add_parser("scan", help="look for new files", description="look for new files")
    scan.set_defaults(run="library:scan")
    listing = library.add_parser("list", help="what was found", description="what was found")
    listing.set_defaults(run="library:list_")
    json_option(listing)

    _profile_commands(command("profile", "people:list_", "the people of the household"))

    remote = command("remote", "remote:remote", "keys of an odd remote that were learned")
    json_option(remote)
    remote.add_argument("--reset", action="store_true", help="forget them")

    connect = command("connect", "connecting:connect", "sign in to a provider")
    connect.add_argument("provider", choices=_PROVIDERS)
    disconnect = command("disconnect", "connecting:disconnect", "sign out of a provider")
    disconnect.add_argument("provider", choices=_PROVIDERS)
    disconnect.add_argument("--yes", action="store_true", help="do not ask")

    sync = command("sync", "syncing:sync", "one full sync now")
    json_option(sync)
    first = sync.add_mutually_exclusive_group()
    for option, choice, text in (
        ("--merge", "merge", "at the first sync: merge both sides"),
        ("--take-theirs", "theirs", "at the first sync: what the provider has counts"),
        ("--send-mine", "mine", "at the first sync: what is here counts"),
    ):
        first.add_argument(option, dest="choice", action="store_const", const=choice, help=text)
    first.add_argument("--undo", action="store_true", help="take the last sync's changes back")
    for option, answer, text in (
        ("--accept-removals", "remove", "what is missing there is removed here, too"),
        ("--keep-removed", "keep", "what is missing there is kept here for good"),
    ):
        first.add_argument(option, dest="answer", action="store_const", const=answer, help=text)
    queue = command("queue", "queueing:queue", "what waits to be sent, and why")
    json_option(queue)
    queue_commands = queue.add_subparsers(metavar="COMMAND")
    retry = queue_commands.add_parser("retry", help="try again now", description="try again now")
    retry.add_argument("id", metavar="ID", type=_positive, nargs="?")
    retry.set_defaults(run="queueing:retry")
    discard = queue_commands.add_parser("discard", help="give up", description="give one up")
    discard.add_argument("id", metavar="ID", type=_positive)
    discard.set_defaults(run="queueing:discard")

    control = command("control", "control:control", "see and steer what another dodo plays")
    control.fill = _add_acts
    json_option(command("status", "show:status", "accounts, sync, queue, what plays now"))
    command("daemon", "daemon:daemon", "the engine without a screen, until it is ended")
    service = command("service", "service:status", "the daemon as a systemd user service")
    service.fill = _add_service_commands
    json_option(command("doctor", "doctor:doctor", "check everything and say what to do"))

    export = command("export", "moving:export", "everything as one JSON file")
    export.add_argument("file", metavar="FILE")
    import_ = command("import", "moving:import_", "merge an export of dodo's, or what others kept")
    import_.add_argument("file", metavar="FILE")
    import_.add_argument("--dry-run", action="store_true", help="count first, and change nothing")
    return top


def _profile_commands(profile: argparse.ArgumentParser) -> None:
    """`dodo profile list|add|use|rename|remove`; without a command it lists."""
    profile.set_defaults(json=False)
    commands = profile.add_subparsers(metavar="COMMAND")
    for name, run, text, arguments in (
        ("list", "people:list_", "who there is", ()),
        ("add", "people:add", "make a profile", ("name",)),
        ("use", "people:use", "watch as somebody from the next start on", ("name",)),
        ("rename", "people:rename", "give somebody another name", ("name", "new_name")),
        ("remove", "people:remove", "delete somebody with all that was watched", ("name",)),
    ):
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        for argument in arguments:
            added.add_argument(argument, metavar=argument.replace("_", "-").upper())
        if name == "list":
            added.add_argument("--json", action="store_true", help=_JSON)
        if name == "remove":
            added.add_argument("--yes", action="store_true", help="do not ask")


def _add_acts(control: argparse.ArgumentParser) -> None:
    """What can be done to what plays."""
    control.set_defaults(act="show")
    control.add_argument("--json", action="store_true", help=_JSON)
    acts = control.add_subparsers(metavar="COMMAND")
    for name, text in (
        ("pause", "pause it"),
        ("play", "let it play on"),
        ("toggle", "pause it, or let it play on"),
        ("stop", "end it"),
        ("next", "go to the next episode"),
        ("previous", "go to the previous episode"),
        ("accept", "play the offered episode now"),
        ("decline", "let no episode follow"),
        ("mute", "sound off, or on again"),
    ):
        acts.add_parser(name, help=text, description=text).set_defaults(act=name)
    for name, argument, text in (
        ("seek", "seconds", "jump by +30 or -1:30, or to 1:02:03"),
        ("volume", "percent", "louder by +5, or softer by -5"),
    ):
        # Nothing after it is an option: -1:30 would be taken for one.
        jump = acts.add_parser(name, help=text, description=text, prefix_chars="/", add_help=False)
        jump.add_argument(argument, type=str if name == "seek" else _signed)
        jump.set_defaults(act=name)
    tracks = acts.add_parser("tracks", help="its tracks", description="its tracks")
    tracks.set_defaults(act="tracks")
    tracks.add_argument("--json", action="store_true", help=_JSON)
    for name, text in (("audio", "choose the sound"), ("subtitles", "choose subtitles")):
        choose = acts.add_parser(name, help=text, description=text)
        choose.add_argument("track", metavar="ID", type=_track, help="a number of tracks, or off")
        choose.set_defaults(act=name)


def _add_service_commands(service: argparse.ArgumentParser) -> None:
    """What can be done with the service."""
    services = service.add_subparsers(metavar="COMMAND", required=True)
    for name, text in (
        ("install", "set it up and start it"),
        ("remove", "stop it and take it away"),
        ("status", "how it is, and what is left to do"),
    ):
        added = services.add_parser(name, help=text, description=text)
        added.set_defaults(run=f"service:{name}")


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:12]) <= _LARGEST_NUMBER):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a number from 1 on")
    return int(text)


def _signed(text: str) -> int:
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 3):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a number like +5")
    return int(text)


def _track(text: str) -> int | None:
    return None if text == "off" else _positive(text)

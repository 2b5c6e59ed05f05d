"""What can be typed: every command, what it takes, and its help.

A run makes the parser of its own command and no other: each takes a part of a millisecond.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import NamedTuple

from dodo_tui import __version__

_PROVIDERS = ("simkl", "trakt")
_LARGEST_NUMBER = 2**31 - 1
_JSON = "one JSON document"

# argparse looks for a translation of each of its words, in 288 places, where there is none.
argparse._ = str  # type: ignore[attr-defined]


class Command(NamedTuple):
    """A command."""

    run: str
    """What carries it out: `module:function` in `dodo_tui.cli`."""
    text: str
    """What it does, for the help."""
    fill: Callable[[argparse.ArgumentParser], None] = lambda _parser: None
    """Adds what it understands."""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What was asked for; its `run` is the command's.

    Raises:
        SystemExit: it was not understood, or help was asked for; either has been printed.
    """
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is None:
        return parser().parse_args(arguments)
    alone = argparse.ArgumentParser(prog=f"dodo {arguments[0]}", description=command.text)
    _fill(alone, command)
    return alone.parse_args(arguments[1:])


def parser() -> argparse.ArgumentParser:
    """Every command, its options and its help."""
    top = argparse.ArgumentParser(
        prog="dodo",
        description="A watch tracker and player for a television run from a terminal.",
        epilog="Without a command: the interface.",
    )
    top.add_argument("--version", action="version", version=f"dodo {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        _fill(commands.add_parser(name, help=command.text, description=command.text), command)
    return top


def _fill(added: argparse.ArgumentParser, command: Command) -> None:
    added.set_defaults(run=command.run)
    command.fill(added)


def _json_option(added: argparse.ArgumentParser) -> None:
    added.add_argument("--json", action="store_true", help=_JSON)


def _key(added: argparse.ArgumentParser) -> None:
    added.add_argument("key", metavar="KEY")


def _play(play: argparse.ArgumentParser) -> None:
    play.add_argument("target", metavar="TARGET")
    play.add_argument("--from-start", action="store_true", help="not from the resume point")
    _viewing(play)


def _resume(resume: argparse.ArgumentParser) -> None:
    resume.set_defaults(from_start=False)
    _viewing(resume)


def _viewing(added: argparse.ArgumentParser) -> None:
    """How something is watched."""
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


def _history(history: argparse.ArgumentParser) -> None:
    _json_option(history)
    history.add_argument("--limit", type=_positive, metavar="N", help="at most so many")


def _stats(stats: argparse.ArgumentParser) -> None:
    _json_option(stats)
    stats.add_argument("--year", type=_positive, metavar="Y", help="another year than this one")


def _why(why: argparse.ArgumentParser) -> None:
    why.add_argument("target", metavar="KEY", help="a key, or the path of a file")
    _json_option(why)


def _mark(mark: argparse.ArgumentParser) -> None:
    _key(mark)
    which = mark.add_mutually_exclusive_group(required=True)
    which.add_argument("--watched", action="store_true")
    which.add_argument("--unwatched", action="store_true")
    mark.add_argument("--at", metavar="TIME", help="when, as 2026-11-22T20:15:00Z")


def _rate(rate: argparse.ArgumentParser) -> None:
    _key(rate)
    ratings = [str(rating) for rating in range(1, 11)]
    rate.add_argument("rating", choices=[*ratings, "none"], metavar="1-10|none")


def _list(listed: argparse.ArgumentParser) -> None:
    lists = ("planned", "watching", "hold", "dropped", "none")
    _key(listed)
    listed.add_argument("list", choices=lists, metavar="|".join(lists))


def _forget(forget: argparse.ArgumentParser) -> None:
    _key(forget)
    where = forget.add_mutually_exclusive_group()
    for option, there, text in (
        ("--here", False, "here alone, without asking"),
        ("--there", True, "at the providers, too, without asking"),
    ):
        where.add_argument(option, dest="there", action="store_const", const=there, help=text)


def _library(library: argparse.ArgumentParser) -> None:
    commands = library.add_subparsers(metavar="COMMAND", required=True)
    for name, text in (("add", "add a folder and scan it"), ("remove", "forget a folder")):
        added = commands.add_parser(name, help=text, description=text)
        added.add_argument("folder", metavar="DIR")
        added.set_defaults(run=f"library:{name}")
    scan = commands.add_parser("scan", help="look for new files", description="look for new files")
    scan.set_defaults(run="library:scan")
    listing = commands.add_parser("list", help="what was found", description="what was found")
    listing.set_defaults(run="library:list_")
    _json_option(listing)


def _remote(remote: argparse.ArgumentParser) -> None:
    _json_option(remote)
    remote.add_argument("--reset", action="store_true", help="forget them")


def _provider(added: argparse.ArgumentParser) -> None:
    added.add_argument("provider", choices=_PROVIDERS)


def _disconnect(disconnect: argparse.ArgumentParser) -> None:
    _provider(disconnect)
    disconnect.add_argument("--yes", action="store_true", help="do not ask")


def _sync(sync: argparse.ArgumentParser) -> None:
    _json_option(sync)
    first = sync.add_mutually_exclusive_group()
    for option, choice, text in (
        ("--merge", "merge", "at the first sync: merge both sides"),
        ("--take-theirs", "theirs", "at the first sync: what the provider has counts"),
        ("--send-mine", "mine", "at the first sync: what is here counts"),
    ):
        first.add_argument(option, dest="choice", action="store_const", const=choice, help=text)
    first.add_argument(
        "--undo",
        nargs="?",
        const="last",
        choices=("last", "first"),
        help="take the last sync's changes back; 'first': the first sync as a whole",
    )
    for option, answer, text in (
        ("--accept-removals", "remove", "what is missing there is removed here, too"),
        ("--keep-removed", "keep", "what is missing there is kept here for good"),
    ):
        first.add_argument(option, dest="answer", action="store_const", const=answer, help=text)


def _queue(queue: argparse.ArgumentParser) -> None:
    _json_option(queue)
    commands = queue.add_subparsers(metavar="COMMAND")
    retry = commands.add_parser("retry", help="try again now", description="try again now")
    retry.add_argument("id", metavar="ID", type=_positive, nargs="?")
    retry.set_defaults(run="queueing:retry")
    discard = commands.add_parser("discard", help="give up", description="give one up")
    discard.add_argument("id", metavar="ID", type=_positive)
    discard.set_defaults(run="queueing:discard")


def _export(export: argparse.ArgumentParser) -> None:
    export.add_argument("file", metavar="FILE")


def _import(import_: argparse.ArgumentParser) -> None:
    import_.add_argument("file", metavar="FILE")
    import_.add_argument("--dry-run", action="store_true", help="count first, and change nothing")


def _profile(profile: argparse.ArgumentParser) -> None:
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
            _json_option(added)
        if name == "remove":
            added.add_argument("--yes", action="store_true", help="do not ask")


def _control(control: argparse.ArgumentParser) -> None:
    """What can be done to what plays."""
    control.set_defaults(act="show")
    _json_option(control)
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
    _json_option(tracks)
    for name, text in (("audio", "choose the sound"), ("subtitles", "choose subtitles")):
        choose = acts.add_parser(name, help=text, description=text)
        choose.add_argument("track", metavar="ID", type=_track, help="a number of tracks, or off")
        choose.set_defaults(act=name)


def _service(service: argparse.ArgumentParser) -> None:
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


COMMANDS = {
    "demo": Command("demo:demo", "a tour: no account, no network, a throw-away data folder"),
    "play": Command("playing:play", "play a file, an address or a key, tracked", _play),
    "resume": Command("playing:resume", "play the top of Continue Watching", _resume),
    "continue": Command("show:continue_", "Continue Watching and Up next", _json_option),
    "history": Command("show:history", "what was watched, newest first", _history),
    "stats": Command("stats:stats", "a year of viewing, added up", _stats),
    "why": Command("why:why", "why something stands as it does, from the file on", _why),
    "mark": Command("marking:mark", "mark a film or an episode by hand", _mark),
    "hide": Command("marking:hide", "hide a title until it is played again", _key),
    "unhide": Command("listing:unhide", "show a hidden title again", _key),
    "rate": Command("listing:rate", "rate a title, or take the rating back", _rate),
    "list": Command("listing:list_", "put a title on a list, or take it off", _list),
    "forget": Command("listing:forget", "forget what was watched of a title", _forget),
    "library": Command("library:list_", "the media folders", _library),
    "profile": Command("people:list_", "the people of the household", _profile),
    "remote": Command("remote:remote", "keys of an odd remote that were learned", _remote),
    "connect": Command("connecting:connect", "sign in to a provider", _provider),
    "disconnect": Command("connecting:disconnect", "sign out of a provider", _disconnect),
    "sync": Command("syncing:sync", "one full sync now", _sync),
    "queue": Command("queueing:queue", "what waits to be sent, and why", _queue),
    "control": Command("control:control", "see and steer what another dodo plays", _control),
    "status": Command("show:status", "accounts, sync, queue, what plays now", _json_option),
    "daemon": Command("daemon:daemon", "the engine without a screen, until it is ended"),
    "service": Command("service:status", "the daemon as a systemd user service", _service),
    "doctor": Command("doctor:doctor", "check everything and say what to do", _json_option),
    "export": Command("moving:export", "everything as one JSON file", _export),
    "import": Command("moving:import_", "merge an export of dodo's, or what others kept", _import),
}
"""Every command by its name, in the order of the help."""

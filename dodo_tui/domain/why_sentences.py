"""The answer to "why?" in sentences, the same in `dodo why` and on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from dodo_tui.domain.figures import counted, length_text, percent_text, ratio_text
from dodo_tui.domain.lookup import Outcome
from dodo_tui.domain.queue import DeliveryState, QueueKind, QueueState
from dodo_tui.domain.review import Scope
from dodo_tui.domain.status import PROVIDER_NAMES, Tone
from dodo_tui.domain.why import Why, WhyAnswer, WhyFile, WhyPlay, WhyRemote
from dodo_tui.values import dataclass

_VERB_WORDS = {
    "start": "was told that it plays",
    "pause": "keeps where it stopped",
    "stop": "was told that it was watched",
    "history": "has it in the history",
}

_ROW_WORDS = {
    QueueKind.WATCHED: "that it was watched",
    QueueKind.UNWATCHED: "that it was not watched",
    QueueKind.PROGRESS: "where it stopped",
    QueueKind.REMOVED: "to forget it",
    QueueKind.RATED: "how it is rated",
    QueueKind.LISTED: "which list it is on",
    QueueKind.UNLISTED: "that it is on no list",
    QueueKind.UNPAUSED: "to forget where it stopped",
}


class Way(StrEnum):
    """A way out of what stands in the way."""

    REVIEW = "review"
    """Review asks about it."""
    MATCH = "match"
    """It can be said what it is, though nothing asks."""
    RETRY = "retry"
    RECONNECT = "reconnect"
    CONNECT = "connect"


@dataclass(frozen=True, slots=True)
class WhyLine:
    """One sentence, and the way out where it tells of a problem."""

    text: str
    tone: Tone = Tone.QUIET
    way: Way | None = None
    target: str = ""
    """What the way out is about: the id of a file or of a row, or a provider's."""


@dataclass(frozen=True, slots=True)
class WhyStep:
    """One of the five steps from a file to what a provider knows."""

    name: str
    lines: tuple[WhyLine, ...]


def why_steps(why: Why) -> tuple[WhyStep, ...]:
    """The five steps in sentences, the same on every face."""
    return (
        WhyStep("File", tuple(_file_lines(why))),
        WhyStep("Match", tuple(_match_lines(why))),
        WhyStep("Viewings", tuple(_play_lines(why))),
        WhyStep("Answers", tuple(_answer_lines(why))),
        WhyStep("Waiting", tuple(_waiting_lines(why))),
    )


def _file_lines(why: Why) -> Iterator[WhyLine]:
    if not why.files:
        yield WhyLine("No file on this device holds it.")
    for file in why.files:
        gone = "  (not there now)" if file.missing else ""
        yield WhyLine(f"{file.path}{gone}", Tone.WARN if file.missing else Tone.QUIET)


def _match_lines(why: Why) -> Iterator[WhyLine]:
    target = str(why.files[0].file_id) if why.files else why.media_id
    deciders = dict.fromkeys(_decided(file) for file in why.files)
    if not why.is_local:
        if not why.files:
            yield WhyLine("There was nothing to match.")
        yield from (WhyLine(words, Tone.GOOD) for words in deciders if words)
        if why.title == why.media_id:
            yield WhyLine("Only its id is known; its name is looked up.", Tone.WARN)
        return
    way = Way.REVIEW if why.waits_in_review else Way.MATCH
    never = [file for file in why.files if file.decided_by == "user"]
    if never:
        yield WhyLine(f"{_decided(never[0])} It is never sent.", Tone.QUIET, way, target)
        return
    if why.candidates:
        best = why.candidates[0]
        year = f" ({best.year})" if best.year else ""
        words = f"Not sure what it is: perhaps {best.title}{year}, {best.why or 'by its name'}."
        yield WhyLine(words, Tone.WARN, way, target)
    else:
        yield WhyLine("Not identified, so nothing about it is sent.", Tone.WARN, way, target)
    if why.lookup is None:
        yield WhyLine("No provider has been asked yet.")
        return
    name = PROVIDER_NAMES[why.lookup.provider]
    words = {
        Outcome.FOUND: f"{name} was asked {_when(why.lookup.asked_at)} and was not sure.",
        Outcome.NONE: f"{name} was asked {_when(why.lookup.asked_at)} and did not know it.",
        Outcome.LATER: (
            f"{name} was asked {_when(why.lookup.asked_at)} without an answer; "
            f"it is asked again. {why.lookup.trouble or ''}"
        ).rstrip(),
    }[why.lookup.outcome]
    yield WhyLine(words)


def _decided(file: WhyFile) -> str:
    """Who said what a file is, in one sentence."""
    if file.decided_by == "user":
        reach = {
            Scope.FILE: "of this file",
            Scope.FOLDER: "of its folder",
            Scope.SERIES: "of the series",
        }
        scope = f" {reach[file.scope]}" if file.scope else ""
        when = f", {_when(file.decided_at)}" if file.decided_at else ""
        word = "You said so" if file.match == "sure" else "You said it is no film or episode"
        return f"{word}{scope}{when}."
    if file.match != "sure":
        return ""
    if file.decided_by == "provider":
        return "Identified by name; title, year and episode agree."
    return "Its name says so: an id, or a title identified before."


def _play_lines(why: Why) -> Iterator[WhyLine]:
    if not why.plays:
        yield WhyLine("Nothing has been played or marked here.")
    for play in why.plays:
        started = _of(why, play.key, play.started_at)
        if play.source == "manual":
            yield WhyLine(f"{started}: marked watched by hand.", Tone.GOOD)
            continue
        if play.source in PROVIDER_NAMES:
            name = PROVIDER_NAMES[play.source]
            if play.former_user is not None:
                name = _formerly(name, play.former_user)
            yield WhyLine(f"{started}: watched elsewhere, as {name} told.", Tone.GOOD)
            continue
        if play.source == "import":
            yield WhyLine(f"{started}: from an imported file.", Tone.GOOD)
            continue
        reached = ""
        if play.furthest_ratio is not None:
            reached = f", came as far as {ratio_text(play.furthest_ratio)}"
        played = length_text(play.played_seconds)
        end = "watched" if play.watched_at else "plays" if play.ended_at is None else "not watched"
        tone = Tone.GOOD if play.watched_at else Tone.QUIET
        yield WhyLine(f"{started}: {play.source}{reached}, {played} played: {end}.", tone)


def _answer_lines(why: Why) -> Iterator[WhyLine]:
    if why.is_local:
        yield WhyLine("Nobody is told of what has not been identified.")
    for play in why.plays:
        for answer in play.answers:
            yield _answer_line(why, play, answer)
    for remote in why.remotes:
        yield from _remote_lines(why, remote)
    if not any(remote.connected for remote in why.remotes):
        yield WhyLine("No provider is connected, so nobody was told.", Tone.QUIET, Way.CONNECT)


def _formerly(name: str, user: str) -> str:
    """A provider as it answered in the name of somebody who is not signed in any more."""
    return f"{name} (signed in as {user} then)" if user else f"{name} (by an earlier sign-in)"


def _answer_line(why: Why, play: WhyPlay, answer: WhyAnswer) -> WhyLine:
    name, when = PROVIDER_NAMES[answer.provider], _when(answer.at)
    if answer.is_former:
        name = _formerly(name, answer.user)
    of = f"of {_of(why, play.key, play.started_at)}"
    if answer.state is DeliveryState.SENT:
        words = _VERB_WORDS.get(answer.verb) or f"needed no word ({answer.answer})"
        percent = f" at {percent_text(answer.percent)}" if answer.percent is not None else ""
        return WhyLine(f"{name} {words}{percent}, {when} (the viewing {of}).", Tone.GOOD)
    if answer.state is DeliveryState.WAITING:
        return WhyLine(f"{name} has not been told of the viewing {of} yet.", Tone.WARN)
    if answer.state is DeliveryState.HELD:
        return WhyLine(f"{name} refused the viewing {of}: {answer.answer}", Tone.BAD)
    if answer.state is DeliveryState.REJECTED:
        return WhyLine(f"{name} is not told of the viewing {of}: {answer.answer}.", Tone.QUIET)
    return WhyLine(f"{name} is not told of the viewing {of}: {answer.answer or 'switched off'}.")


def _remote_lines(why: Why, remote: WhyRemote) -> Iterator[WhyLine]:
    name = PROVIDER_NAMES[remote.provider]
    if not remote.connected:
        return
    if remote.needs_reconnect:
        yield WhyLine(
            f"{name} does not accept the sign-in any more.",
            Tone.BAD,
            Way.RECONNECT,
            remote.provider,
        )
    if not remote.scrobbling_enabled:
        yield WhyLine(f"{name} is not told what plays: that is switched off.")
    if remote.pulled_at is None:
        yield WhyLine(f"{name} has not been asked yet what it holds.")
        return
    if why.watched and not remote.watched and _told_since(why, remote, remote.pulled_at):
        yield WhyLine(f"{name} has not been asked since then what it holds.")
        return
    facts = []
    if why.is_series and remote.watched:
        facts.append(f"{counted(remote.watched_episodes, 'episode')} watched")
    elif remote.watched:
        at = f" {_when(remote.watched_at)}" if remote.watched_at else ""
        facts.append(f"watched{at}")
    elif not why.is_local:
        facts.append("not watched")
    if remote.percent is not None:
        facts.append(f"stopped at {percent_text(remote.percent)}")
    if remote.status:
        facts.append(f"on the list: {remote.status}")
    if remote.rating is not None:
        facts.append(f"rated {remote.rating}")
    if facts:
        agrees = remote.watched == why.watched
        words = f"{name} says: {', '.join(facts)} (as of {_when(remote.pulled_at)})."
        yield WhyLine(words, Tone.GOOD if agrees else Tone.WARN)


def _told_since(why: Why, remote: WhyRemote, pulled_at: datetime) -> bool:
    """Whether a provider was told of a viewing after it last said what it holds."""
    return any(
        answer.provider == remote.provider
        and not answer.is_former
        and answer.state is DeliveryState.SENT
        and answer.at >= pulled_at
        for play in why.plays
        for answer in play.answers
    )


def _waiting_lines(why: Why) -> Iterator[WhyLine]:
    if not why.rows:
        yield WhyLine("Nothing waits.", Tone.QUIET)
    for row in why.rows:
        name = PROVIDER_NAMES[row.provider]
        words = f"{name} is still to be told {_ROW_WORDS.get(row.kind, str(row.kind))}"
        words += f" ({_of(why, row.key, row.happened_at)})"
        if row.state is QueueState.HELD:
            words = f"{words}. Held: {row.last_error}"
            yield WhyLine(words, Tone.BAD, Way.RETRY, str(row.row_id))
        elif row.last_error:
            tried = f"{row.attempts} {'try' if row.attempts == 1 else 'tries'}"
            words = f"{words}: {tried}, next {_when(row.next_attempt_at)}. {row.last_error}"
            yield WhyLine(words, Tone.WARN, Way.RETRY, str(row.row_id))
        else:
            yield WhyLine(f"{words}: it waits for its turn.", Tone.WARN, Way.RETRY, str(row.row_id))


def _of(why: Why, key: str, moment: datetime) -> str:
    """When something was, and of a series as a whole in which episode: `S2 E3, 22 Nov 2026 …`."""
    label = why.part_label(key)
    return f"{label}, {_when(moment)}" if label else _when(moment)


def _when(moment: datetime) -> str:
    """`22 Nov 2026 20:15`, in the time of this device."""
    return f"{moment.astimezone():%d %b %Y %H:%M}"

"""Small texts that several screens say: times, counts, states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dodo_tui.domain.figures import counted, in_thousands
from dodo_tui.domain.status import ProviderStatus, SyncStatus, Tone, indicator
from dodo_tui.tui.look import Look

_MINUTE = 60
_HOUR = 3600
_DAY = 86_400

_TONE_GLYPHS = {
    Tone.GOOD: {Look.FULL: "●", Look.CONSOLE: "•", Look.ASCII: "*"},
    Tone.BUSY: {Look.FULL: "~", Look.CONSOLE: "~", Look.ASCII: "~"},
    Tone.WARN: {Look.FULL: "○", Look.CONSOLE: "o", Look.ASCII: "o"},
    Tone.BAD: {Look.FULL: "!", Look.CONSOLE: "!", Look.ASCII: "!"},
    Tone.QUIET: {Look.FULL: "-", Look.CONSOLE: "-", Look.ASCII: "-"},
}


def shortened(text: str, longest: int = 48) -> str:
    """A name inside a sentence or on a button: cut where it would take all the room."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def sentence(words: str) -> str:
    """Words as a sentence of their own: `airs Fri` becomes `Airs Fri.`."""
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def looking_text(files: int) -> str:
    """How far a look through the media folders is."""
    return f"Looking for files: {in_thousands(files)} seen"


def found_text(files: int, new: int) -> str:
    """What a look through the media folders came to: `214 videos, 3 new`."""
    return f"{counted(files, 'video')}, {in_thousands(new)} new"


def review_text(titles: int) -> str:
    """How many titles wait for the user's word; empty for none."""
    return f"{counted(titles, 'title')} to review" if titles else ""


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago something was: `just now`, `2 min ago`, `3 h ago`, `Tue 12 Nov`, `12 Nov 2024`.

    What was in another year has its year in place of the day of the week.
    """
    if moment is None:
        return ""
    seconds = (now - moment).total_seconds()
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min ago"
    if seconds < _DAY:
        return f"{int(seconds // _HOUR)} h ago"
    local = moment.astimezone()
    if local.year != now.astimezone().year:
        return f"{local.day} {local:%b %Y}"
    return f"{local:%a} {local.day} {local:%b}"


def day_and_hour(moment: datetime, now: datetime) -> str:
    """When something was, in a column of 12: `12 Nov 20:41`, of another year `12 Nov 2024`."""
    local = moment.astimezone()
    return f"{local:%d %b %H:%M}" if local.year == now.astimezone().year else f"{local:%d %b %Y}"


def tone_glyph(tone: Tone, look: Look) -> str:
    """The sign of a tone, for where colour is not enough."""
    return _TONE_GLYPHS[tone][look]


_WORST_FIRST = (Tone.BAD, Tone.WARN, Tone.BUSY, Tone.GOOD, Tone.QUIET)


def standing_text(provider: ProviderStatus, sync: SyncStatus, now: datetime, look: Look) -> str:
    """How the exchange with a provider stands, where its name is said already."""
    words, tone = indicator(provider, sync, ago(sync.last_sync_at, now))
    return f"{tone_glyph(tone, look)} {words}"


def _worth_naming(
    pairs: Sequence[tuple[ProviderStatus, SyncStatus]],
) -> list[tuple[ProviderStatus, SyncStatus]]:
    """The providers that are connected, else that can be, else all."""
    connected = [pair for pair in pairs if pair[0].connected]
    return connected or [pair for pair in pairs if pair[0].configured] or list(pairs)


def worst_first(
    pairs: Sequence[tuple[ProviderStatus, SyncStatus]],
) -> list[tuple[ProviderStatus, SyncStatus]]:
    """The providers that the indicators name, the one that gives the whole its tone first."""
    return sorted(_worth_naming(pairs), key=lambda pair: _WORST_FIRST.index(indicator(*pair)[1]))


def all_indicators(
    pairs: Sequence[tuple[ProviderStatus, SyncStatus]], now: datetime, look: Look | None
) -> tuple[str, Tone]:
    """The indicators of every provider that is connected, else that can be, on one line.

    Providers that stand alike share their words; the tone is that of the worst. Without a look
    there are no glyphs.
    """
    shown = _worth_naming(pairs)
    if not shown:
        return "", Tone.QUIET
    grouped: dict[tuple[str, Tone], list[tuple[ProviderStatus, SyncStatus]]] = {}
    for pair in shown:
        grouped.setdefault(indicator(*pair), []).append(pair)
    texts = []
    for (_, tone), alike in grouped.items():
        oldest = min(alike, key=lambda pair: pair[1].last_sync_at or now)
        words, _ = indicator(*oldest, ago(oldest[1].last_sync_at, now))
        names = ", ".join(provider.name for provider, _ in alike)
        mark = "" if look is None else f"  {_TONE_GLYPHS[tone][look]}"
        texts.append(f"{names}{mark} {words}")
    tones = [tone for _, tone in grouped]
    return "   ".join(texts), next((tone for tone in _WORST_FIRST if tone in tones), Tone.QUIET)

"""What an answer is worth: at most one sure title, else what the user may choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.media import Media
from dodo_tui.library.match import Verdict, is_namesake, reason, score
from dodo_tui.library.names import ParsedName
from dodo_tui.library.titles import similarity
from dodo_tui.providers.catalogue import FileMatch, Found
from dodo_tui.providers.items import TitleRef
from dodo_tui.providers.protocol import Provider

MOST_CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class Thought:
    """A title that a file may be."""

    media: Media
    verdict: Verdict
    why: str
    likeness: float
    season: int | None = None
    number: int | None = None
    by_search: bool = False


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What came of asking about a file: at most one sure title, else what it may be."""

    sure: Thought | None
    candidates: tuple[Candidate, ...] = ()


def is_same(hit: Found, thoughts: Sequence[Thought]) -> bool:
    """Whether a search came upon what has been thought of already."""
    ours = set(hit.media.ids)
    return any(ours & set(thought.media.ids) for thought in thoughts)


def judge_match(parsed: ParsedName, match: FileMatch, name: str) -> Thought:
    """How far a provider's answer about a file of this name can be trusted."""
    media = match.media
    verdict = score(
        parsed,
        media.title,
        media.year,
        media.kind,
        candidate_season=match.season,
        candidate_number=match.number,
        candidate_ids=media.ids,
    )
    why = f"{reason(parsed, media.title, media.year, media.kind)}; {name} takes the file for it"
    likeness = similarity(parsed.title, media.title)
    return Thought(media, verdict, why, likeness, match.season, match.number)


def judge_hit(parsed: ParsedName, hit: Found) -> Thought:
    """How far a title that a search came upon can be trusted to be this one."""
    media, others = hit.media, hit.other_titles
    verdict = score(
        parsed,
        media.title,
        media.year,
        media.kind,
        candidate_ids=media.ids,
        alternative_titles=others,
    )
    likeness = max(similarity(parsed.title, title) for title in (media.title, *others))
    why = reason(parsed, media.title, media.year, media.kind, others)
    return Thought(media, verdict, why, likeness, by_search=True)


async def look_into(provider: Provider, parsed: ParsedName, thought: Thought) -> Thought:
    """Whether a series of the right name has the episode at all."""
    media = thought.media
    if (
        media.kind is Kind.MOVIE
        or not thought.by_search
        or not parsed.numbers
        or not is_namesake(parsed, media.title)
    ):
        return thought
    season = 1 if parsed.season is None else parsed.season
    number = parsed.numbers[0]
    episodes = await provider.episodes(TitleRef(media.kind, media.title, media.year, media.ids))
    if not any((each.season, each.number) == (season, number) for each in episodes):
        return replace(thought, why=f"{thought.why}; it has no S{season} E{number}")
    verdict = score(
        parsed,
        media.title,
        media.year,
        media.kind,
        candidate_season=season,
        candidate_number=number,
        candidate_ids=media.ids,
    )
    return replace(thought, verdict=verdict, season=season, number=number)


def weighed(parsed: ParsedName, thoughts: Sequence[Thought], found: Sequence[Found]) -> Conclusion:
    """One sure title that nothing else contends with; otherwise what the user may choose from."""
    ordered = sorted(thoughts, key=rank)
    sure = [thought for thought in ordered if thought.verdict is Verdict.SURE]
    namesakes = sum(is_namesake(parsed, hit.media.title, hit.other_titles) for hit in found)
    if len(sure) > 1 and parsed.year is not None:
        exact = [thought for thought in sure if thought.media.year == parsed.year]
        sure = exact or sure
    contended = parsed.kind is not Kind.MOVIE and parsed.year is None and namesakes > 1
    if len(sure) == 1 and not contended:
        return Conclusion(sure[0])
    kept = [thought for thought in ordered if thought.verdict is not Verdict.NO]
    return Conclusion(None, tuple(candidate_of(thought) for thought in kept[:MOST_CANDIDATES]))


def rank(thought: Thought) -> tuple[int, float]:
    """For sorting: the surest and likest first."""
    order = (Verdict.SURE, Verdict.UNSURE, Verdict.NO)
    return order.index(thought.verdict), -thought.likeness


def candidate_of(thought: Thought) -> Candidate:
    """A title that a file may be, as the user is asked about it."""
    media = thought.media
    return Candidate(
        str(media.id),
        media.kind,
        media.title,
        media.year,
        media.ids,
        thought.season,
        thought.number,
        thought.why,
    )


def hit_of(hit: Found) -> Candidate:
    """A title that a search of the user's came upon, as it is offered."""
    media = hit.media
    return Candidate(str(media.id), media.kind, media.title, media.year, media.ids)

"""What the Title screen says, from what is known of a title. Pure: decided here, shown there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dodo_tui.domain.cards import (
    Candidate,
    Card,
    CardState,
    EpisodeState,
    Obstacle,
    TitlePage,
    episode_to_watch,
    is_resumable,
    obstacle,
    seconds_left,
    upcoming,
)
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.lists import status_word
from dodo_tui.domain.status import Tone
from dodo_tui.tui.widgets.button_row import Button
from dodo_tui.tui.widgets.card_view import airs_text, card_view, minutes_text, place_text
from dodo_tui.tui.widgets.menu_list import MenuRow
from dodo_tui.tui.widgets.tabs import Tab
from dodo_tui.tui.words import ago, sentence, shortened

NOT_HERE = "not on this device"
_WEEK = timedelta(days=6)


def header(page: TitlePage) -> str:
    """`Severance   2022   45 min   Watching   rated 8`."""
    card = page.card
    length = card.duration_seconds or card.runtime_estimate_seconds
    facts = (
        card.title,
        str(card.year or ""),
        minutes_text(length) if length else "",
        status_word(page.status) if page.status is not None else "",
        f"rated {page.rating}" if page.rating is not None else "",
    )
    return "   ".join(fact for fact in facts if fact)


def overview(page: TitlePage) -> str:
    """What it is about, as the catalogue says it, on one line however long."""
    return " ".join((page.about.overview or "").split())


def season_name(season: int | None) -> str:
    """`Season 2`, `Specials`."""
    return "Specials" if season == 0 else f"Season {season}"


def seasons(page: TitlePage) -> tuple[Tab, ...]:
    """A tab for each season; specials last."""
    numbers = dict.fromkeys(episode.card.season for episode in page.episodes)
    return tuple(Tab(str(number), season_name(number)) for number in numbers)


def season_to_show(page: TitlePage, now: datetime) -> str:
    """The season that one is in."""
    card = main_card(page, now)
    return str(card.season) if card is not None and page.episodes else ""


def episode_rows(page: TitlePage, season: str, now: datetime) -> tuple[MenuRow, ...]:
    """The episodes of a season, each with where one stands in it."""
    rows = []
    for episode in page.episodes:
        card = episode.card
        if str(card.season) != season:
            continue
        words, tone = episode_status(episode, now)
        ratio = card_view(card).ratio if card.state is CardState.IN_PROGRESS else None
        text = card.episode_title or f"Episode {card.number}"
        rows.append(MenuRow(card.key, text, f"E{card.number}", words, tone, ratio=ratio))
    return tuple(rows)


def episode_status(episode: EpisodeState, now: datetime) -> tuple[str, Tone]:
    """Where one stands in an episode, or what stands in the way, and how that is coloured."""
    card = episode.card
    words, tone = "", Tone.QUIET
    if episode.watched and card.state is not CardState.IN_PROGRESS:
        words, tone = f"watched {day_text(card.updated_at, now)}".rstrip(), Tone.GOOD
    elif (way := obstacle(card, now)) in (Obstacle.NOT_OUT, Obstacle.NOT_HERE):
        words = airs_text(card.airs_at, now) if way is Obstacle.NOT_OUT else NOT_HERE
    elif card.state is CardState.IN_PROGRESS:
        left = seconds_left(card)
        words, tone = (f"{minutes_text(left[0])} left" if left else "begun"), Tone.BUSY
    if card.waiting:
        return (f"{words}, waiting" if words else "waiting to send"), Tone.WARN
    return words, tone


def day_text(moment: datetime | None, now: datetime) -> str:
    """A day that is past, as one says it: `today`, `Tue`, `12 Nov`, `12 Nov 2024`."""
    if moment is None:
        return ""
    local, today = moment.astimezone(), now.astimezone()
    if local.date() == today.date():
        return "today"
    if today.date() - local.date() <= _WEEK:
        return f"{local:%a}"
    return f"{local.day} {local:%b}" + ("" if local.year == today.year else f" {local.year}")


def main_card(page: TitlePage, now: datetime) -> Card | None:
    """What OK on the first button plays: what Home offers, else the next by place, or the first.

    What is not out yet is never next.
    """
    if page.card.kind is Kind.MOVIE or not page.episodes:
        return page.card
    if (card := episode_to_watch(page.episodes, now)) is not None:
        return card
    watched = [index for index, episode in enumerate(page.episodes) if episode.watched]
    for episode in page.episodes[watched[-1] + 1 :] if watched else page.episodes:
        is_out = obstacle(episode.card, now) is not Obstacle.NOT_OUT
        if episode.card.season != 0 and not episode.watched and is_out:
            return episode.card
    return page.episodes[0].card


def buttons(page: TitlePage, now: datetime) -> tuple[Button, ...]:
    """What can be done with the title as it stands."""
    card = main_card(page, now)
    if card is None:
        return ()
    found = []
    if card.playable and is_resumable(card):
        found.append(
            Button("play", f"Resume {card.label} at {place_text(card)}".replace("  ", " "))
        )
        found.append(Button("from_start", "From start"))
    elif card.playable:
        found.append(Button("play", f"Play {card.label}".strip()))
    if card.is_single and card.state is CardState.WATCHED:
        found.append(Button("mark", "Mark unwatched"))
    elif card.is_single and obstacle(card, now) is not Obstacle.NOT_OUT:
        found.append(Button("mark", f"Mark {card.label} watched".replace("  ", " ")))
    if page.candidate is not None:
        found.append(Button("accept", f"It is {candidate_text(page.candidate)}"))
    found.append(Button("rate", "Rate"))
    found.append(Button("more", "More", is_menu=True))
    return tuple(found)


def candidate_text(candidate: Candidate) -> str:
    """What an unsure title may be: `The Matrix (1999)`."""
    title = shortened(candidate.title)
    return f"{title} ({candidate.year})" if candidate.year else title


def coming_text(page: TitlePage, now: datetime) -> str:
    """`  S3 E1 airs Fri.`, or nothing where nothing is announced."""
    card = upcoming(page.episodes, now)
    if card is None:
        return ""
    return f"  {card.label} {airs_text(card.airs_at, now)}."


def facts(page: TitlePage, now: datetime) -> Sequence[str]:
    """Where one stands, and how sure the match is: a line for each fact."""
    found = [", ".join(page.about.genres)] if page.about.genres else []
    if page.episodes:
        seen = sum(episode.watched for episode in page.episodes)
        coming = coming_text(page, now)
        found.append(f"{seen} of {len(page.episodes)} known episodes watched.{coming}")
    elif page.card.state is CardState.WATCHED:
        found.append(f"Watched {ago(page.card.updated_at, now)}.")
    elif obstacle(page.card, now) is Obstacle.NOT_OUT:
        found.append(sentence(airs_text(page.card.airs_at, now)))
    elif not page.card.playable:
        found.append("Not on this device.")
    if page.is_hidden:
        found.append("Hidden until it is played again.")
    if page.card.waiting:
        found.append("Waiting to be sent.")
    if page.candidate is not None:
        found.append(f"Perhaps {candidate_text(page.candidate)}. It is sent once you say so.")
    elif page.is_local:
        found.append("Not identified: it plays and is remembered here, and is not sent.")
    return found

"""What is asked about a title as a whole: its rating, its list, whether it is to be forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dodo_tui.domain.cards import CardState, TitlePage
from dodo_tui.domain.forgetting import forget_words
from dodo_tui.domain.lists import taken_for_watched
from dodo_tui.tui.screens.list_status import ListStatusScreen, list_rows
from dodo_tui.tui.screens.rating import RatingScreen
from dodo_tui.tui.widgets.button_row import Button
from dodo_tui.tui.widgets.question import Question
from dodo_tui.tui.words import shortened

if TYPE_CHECKING:
    from dodo_tui.tui.app import DodoApp

_KEEP, _HERE, _THERE = "keep", "here", "there"


def ask_rating(app: DodoApp, page: TitlePage) -> None:
    """Ask what a title is worth."""
    card = page.card
    accounts = [each.id for each in app.providers if each.connected and not page.is_local]
    is_watched = card.state is CardState.WATCHED
    counting = taken_for_watched(card.kind, page.status, accounts, is_watched=is_watched)
    app.push_screen(RatingScreen(card.media_id, card.title, page.rating, counting))


def ask_list(app: DodoApp, page: TitlePage) -> None:
    """Ask which list a title goes on."""
    is_watched = page.card.state is CardState.WATCHED
    rows = list_rows(page.card.kind, is_watched, page.status)
    app.push_screen(ListStatusScreen(page.card.media_id, page.card.title, rows))


def ask_about(app: DodoApp, media_id: str, ask: Callable[[DodoApp, TitlePage], None]) -> None:
    """Ask something about a title, as it stands by now."""

    async def read() -> None:
        if (page := await app.read_title(media_id)) is not None:
            ask(app, page)

    app.run_worker(read(), group="ask", exclusive=True, exit_on_error=False)


def ask_forget(app: DodoApp, media_id: str) -> None:
    """Ask whether what was watched of a title goes, here or at the providers, too."""

    def answered(answer: str | None) -> None:
        if answer in (_HERE, _THERE):
            app.forget(media_id, there=answer == _THERE)

    async def ask() -> None:
        plan = await app.plan_forget(media_id)
        if plan is None or plan.is_empty:
            return
        answers = [Button(_KEEP, "Keep it"), Button(_HERE, "Forget it here")]
        if plan.told:
            answers.append(Button(_THERE, f"On {plan.providers}, too"))
        sentence = f"Forget what was watched of {shortened(plan.title)}?"
        app.push_screen(Question(sentence, answers, _KEEP, forget_words(plan)), answered)

    app.run_worker(ask(), group="forget", exit_on_error=False)

"""What can be done with an account, and what is asked before it is done."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from dodo_tui.domain.figures import counted, in_thousands
from dodo_tui.domain.status import PROVIDER_NAMES, ProviderStatus, SyncStatus
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.widgets.button_row import Button
from dodo_tui.tui.widgets.question import Question

if TYPE_CHECKING:
    from dodo_tui.tui.app import DodoApp


def provider_buttons(provider: ProviderStatus, sync: SyncStatus) -> tuple[Button, ...]:
    """What can be done with a provider now."""
    if not provider.configured:
        return (Button("set-up", "Set up", hint="show how"),)
    if provider.needs_reconnect:
        return (Button("connect", "Connect"), Button("disconnect", "Disconnect"))
    if not provider.connected:
        return (Button("connect", "Connect"),)
    first = Button("first", "First sync") if provider.first_sync_pending else None
    undo = Button("undo", "Undo sync") if sync.undoable else None
    missing = Button("removals", f"{in_thousands(sync.asking)} missing") if sync.asking else None
    again = first or Button("sync_now", "Sync now")
    buttons = (missing, again, Button("disconnect", "Disconnect"), undo)
    return tuple(button for button in buttons if button is not None)


def account_deeds(app: DodoApp) -> Iterator[Deed]:
    """What can be done with every account, for the palette; to sync is a command of its own."""
    for provider, sync in zip(app.providers, app.sync, strict=False):
        for button in provider_buttons(provider, sync):
            if button.id == "sync_now":
                continue
            do = partial(do_with_account, app, provider.id, button.id)
            yield Deed(button.id, button.text, do, provider.name)


def do_with_account(app: DodoApp, provider_id: str, button_id: str) -> None:
    """Do what a button of `provider_buttons` says."""
    match button_id:
        case "set-up":
            from dodo_tui.tui.screens.set_up import SetUpScreen

            app.push_screen(SetUpScreen(provider_id))
        case "connect":
            from dodo_tui.tui.screens.sign_in import SignInScreen

            app.push_screen(SignInScreen(provider_id))
        case "disconnect":
            _ask_disconnect(app, provider_id)
        case "first":
            app.ask_first_sync(provider_id)
        case "undo":
            _ask_undo(app, provider_id)
        case "removals":
            app.ask_removals(provider_id)


def _ask_undo(app: DodoApp, provider_id: str) -> None:
    def answered(answer: str | None) -> None:
        if answer == "undo":
            app.undo_sync(provider_id)

    name = PROVIDER_NAMES[provider_id]
    answers = (Button("undo", "Undo"), Button("keep", "Keep"))
    sync = next(each for each in app.sync if each.provider == provider_id)
    what = f"The first sync is taken back as a whole: what came from {name} goes."
    if sync.taken_away_at is not None:
        what = f"What {name} took away {sync.taken_away_at.astimezone():%d %b %H:%M} comes back."
    detail = f"{what} What you watched since stays, and so does what {name} has been told."
    app.push_screen(Question(f"Undo the sync with {name}?", answers, "keep", detail), answered)


def _ask_disconnect(app: DodoApp, provider_id: str) -> None:
    sync = next(each for each in app.sync if each.provider == provider_id)
    unsent = sync.waiting + sync.held
    detail = "What you watched stays here."
    if unsent:
        facts = f"{counted(unsent, 'fact')} {'has' if unsent == 1 else 'have'}"
        detail = f"{facts} not been sent yet, kept here for your return."

    def answered(answer: str | None) -> None:
        if answer == "disconnect":
            app.disconnect(provider_id)

    name = PROVIDER_NAMES[provider_id]
    answers = (Button("disconnect", "Disconnect"), Button("stay", "Stay connected"))
    app.push_screen(Question(f"Disconnect from {name}?", answers, "stay", detail), answered)

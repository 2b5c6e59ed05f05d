"""Integrations: Simkl, Trakt, and the exchange with them."""

from __future__ import annotations

from textual.app import ComposeResult

from dodo_tui.domain.status import ProviderStatus, SyncStatus
from dodo_tui.engine.services import HOW_TO_CONFIGURE
from dodo_tui.tui.look import look_of
from dodo_tui.tui.nav.screen import Pane
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.question import Question
from dodo_tui.tui.widgets.toggle import Toggle
from dodo_tui.tui.widgets.words import Words
from dodo_tui.tui.words import ago, indicator_text


def provider_sentence(provider: ProviderStatus) -> str:
    """How a provider stands, in one sentence with the way out."""
    if not provider.configured:
        return HOW_TO_CONFIGURE[provider.id]
    if provider.needs_reconnect:
        return f"{provider.name} does not accept the sign-in any more. Connect again."
    if provider.connected:
        return f"Connected as {provider.user}." if provider.user else "Connected."
    return "Not connected. What you watch here is kept here until you connect."


def provider_buttons(provider: ProviderStatus) -> tuple[Button, ...]:
    """What can be done with a provider now."""
    if not provider.configured:
        return ()
    if provider.needs_reconnect:
        return (Button("connect", "Connect"), Button("disconnect", "Disconnect"))
    if provider.connected:
        return (Button("disconnect", "Disconnect"),)
    return (Button("connect", "Connect"),)


def sync_buttons(provider: ProviderStatus) -> tuple[Button, ...]:
    """What can be done about the exchange now."""
    queue = Button("queue", "Queue")
    if not provider.connected:
        return (queue,)
    if provider.first_sync_pending:
        return (Button("first", "First sync"), queue)
    return (Button("sync", "Sync now"), queue, Button("undo", "Undo sync"))


class IntegrationsScreen(DodoScreen):
    """Sign in and out, and how the exchange goes."""

    NAME = "Integrations"
    DEFAULT_ZONE = "#simkl-buttons, #sync-buttons"

    def compose(self) -> ComposeResult:
        """One section for each provider, and one for the exchange."""
        with Pane():
            yield Words("Integrations", classes="-strong")
            yield Words("Simkl", classes="-section")
            yield Words(id="simkl-state")
            yield ButtonRow(id="simkl-buttons")
            yield Toggle("Tell Simkl what is playing", id="scrobbling")
            yield Words("Trakt", classes="-section")
            yield Words(HOW_TO_CONFIGURE["trakt"], classes="-quiet")
            yield Words("Sync", classes="-section")
            yield Words(id="sync-state")
            yield Words(id="sync-detail", classes="-quiet")
            yield Toggle("Sync by itself", id="auto-sync")
            yield ButtonRow(id="sync-buttons")
            yield MenuList(id="sync-log", ok_hint="")
        yield Foot()

    def on_mount(self) -> None:
        """Follow the state."""
        self.watch(self.dodo, "providers", self._follow)
        self.watch(self.dodo, "sync", self._follow, init=False)
        self.watch(self.dodo, "auto_sync", self._follow, init=False)

    def _follow(self) -> None:
        if not self.dodo.providers:
            return
        provider, sync = self.dodo.providers[0], self.dodo.sync[0]
        self.query_one("#simkl-state", Words).text = provider_sentence(provider)
        self.query_one("#simkl-buttons", ButtonRow).labels = provider_buttons(provider)
        toggle = self.query_one("#scrobbling", Toggle)
        toggle.display = provider.connected
        toggle.value = provider.scrobbling_enabled
        self.query_one("#sync-state", Words).text = self._sync_words(provider, sync)
        detail = self.query_one("#sync-detail", Words)
        detail.text = self._detail(sync)
        detail.display = bool(detail.text)
        auto_sync = self.query_one("#auto-sync", Toggle)
        auto_sync.display = provider.connected
        auto_sync.value = self.dodo.auto_sync
        self.query_one("#sync-buttons", ButtonRow).labels = sync_buttons(provider)
        self.refill(self._fill_log)

    async def _fill_log(self) -> None:
        log = self.query_one("#sync-log", MenuList)
        lines = await self.dodo.read_sync_log()
        log.rows = tuple(
            MenuRow(str(index), text, status=ago(at, self.now))
            for index, (at, text) in enumerate(lines)
        )
        log.display = bool(lines)

    def _sync_words(self, provider: ProviderStatus, sync: SyncStatus) -> str:
        return indicator_text(provider, sync, self.now, look_of(self))[0]

    def _detail(self, sync: SyncStatus) -> str:
        """Last success, what was sent, and the error if there is one."""
        facts = []
        if sync.last_sync_at is not None:
            facts.append(f"Last synced {ago(sync.last_sync_at, self.now)}.")
        if sync.items_pushed:
            facts.append(f"{sync.items_pushed} sent, {sync.items_pulled} changed here so far.")
        if sync.last_error:
            facts.append(sync.last_error)
        return " ".join(facts)

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """Do it."""
        message.stop()
        match message.label.id:
            case "connect":
                self._connect()
            case "disconnect":
                self._ask_disconnect()
            case "sync":
                self.dodo.sync_now()
            case "first":
                self.dodo.ask_first_sync("simkl")
            case "undo":
                self._ask_undo()
            case "queue":
                self.dodo.call_later(self.dodo.run_action, "show_queue")

    def _connect(self) -> None:
        from dodo_tui.tui.screens.sign_in import SignInScreen

        self.app.push_screen(SignInScreen("simkl"))

    def _ask_undo(self) -> None:
        def answered(answer: str | None) -> None:
            if answer == "undo":
                self.dodo.undo_sync("simkl")

        answers = (Button("undo", "Undo"), Button("keep", "Keep"))
        detail = "Here everything is as it was before. What you watched since stays."
        self.app.push_screen(Question("Undo the sync?", answers, "keep", detail), answered)

    def _ask_disconnect(self) -> None:
        sync = self.dodo.sync[0]
        unsent = sync.waiting + sync.held
        detail = "What you watched stays here."
        if unsent:
            detail = f"{unsent} facts have not been sent yet; they wait here for your return."

        def answered(answer: str | None) -> None:
            if answer == "disconnect":
                self.dodo.disconnect("simkl")

        answers = (Button("disconnect", "Disconnect"), Button("stay", "Stay connected"))
        question = Question("Disconnect from Simkl?", answers, "stay", detail)
        self.app.push_screen(question, answered)

    def on_toggle_changed(self, message: Toggle.Changed) -> None:
        """Switch scrobbling, or the syncs that start by themselves."""
        message.stop()
        if message.toggle.id == "auto-sync":
            self.dodo.set_auto_sync(message.value)
        else:
            self.dodo.set_scrobbling("simkl", message.value)

"""Integrations: a section for each provider, and one for what is common to them."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widget import Widget

from dodo_tui.domain.figures import in_thousands
from dodo_tui.domain.status import ProviderStatus, SyncStatus
from dodo_tui.engine.services import CLIENT_ID_PAGES
from dodo_tui.tui.account_questions import do_with_account, provider_buttons
from dodo_tui.tui.look import look_of
from dodo_tui.tui.nav.screen import Pane
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.question import whole_row
from dodo_tui.tui.widgets.toggle import Toggle
from dodo_tui.tui.widgets.words import Words
from dodo_tui.tui.words import ago, standing_text

_DANGEROUS = "disconnect"
"""The button that is never come upon by itself."""


def provider_sentence(provider: ProviderStatus) -> str:
    """How a provider stands, in one sentence with the way out."""
    if not provider.configured:
        page, name = CLIENT_ID_PAGES[provider.id], f"DODO_{provider.id.upper()}_CLIENT_ID"
        return f"It needs a client id: make one at {page}, then set {name}."
    if provider.needs_reconnect:
        return f"{provider.name} does not accept the sign-in any more. Connect again."
    if provider.connected:
        return f"Connected as {provider.user}." if provider.user else "Connected."
    return "Not connected. What you watch here is kept here until you connect."


def sync_detail(sync: SyncStatus, since: str) -> str:
    """Last success, what was sent, and the error if there is one."""
    facts = []
    if since:
        facts.append(f"Last synced {since}.")
    if sync.items_pushed or sync.items_pulled:
        sent, pulled = in_thousands(sync.items_pushed), in_thousands(sync.items_pulled)
        facts.append(f"{sent} sent, {pulled} changed here so far.")
    if sync.last_error:
        facts.append(sync.last_error)
    return " ".join(facts)


def provider_part(provider_id: str, part: str) -> str:
    """The id of a widget that is about a provider."""
    return f"{provider_id}-{part}"


class IntegrationsScreen(DodoScreen):
    """Sign in and out, and how the exchange goes."""

    NAME = "Integrations"
    DEFAULT_ZONE = ".-provider"

    def __init__(self, provider: str = "") -> None:
        """`provider` is whose section to begin in; the first one's by itself."""
        super().__init__()
        self._provider = provider

    def compose(self) -> ComposeResult:
        """One section for each provider, and one for what is common to them."""
        with Pane():
            yield Words("Integrations", classes="-strong")
            for provider in self.dodo.providers:
                id_, name = provider.id, provider.name
                yield Words(name, classes="-section")
                yield Words(id=provider_part(id_, "state"))
                yield Words(id=provider_part(id_, "sync"))
                yield Words(id=provider_part(id_, "detail"), classes="-quiet")
                row_id = provider_part(id_, "buttons")
                yield ButtonRow(about=name, id=row_id, classes="-provider")
                yield Toggle(
                    f"Tell {name} what is playing",
                    id=provider_part(id_, "scrobbling"),
                    classes="-scrobbling",
                )
            yield Words("Sync", classes="-section")
            yield Toggle("Sync by itself", id="auto-sync")
            yield ButtonRow(Button("show_queue", "Queue"), id="sync-buttons")
            yield MenuList(id="sync-log", ok_hint="read", of_things=True)
        yield Foot()

    def on_mount(self) -> None:
        """Follow the state."""
        self.watch(self.dodo, "providers", self._follow)
        self.watch(self.dodo, "sync", self._follow, init=False)
        self.watch(self.dodo, "minute", self._follow, init=False)
        self.watch(self.dodo, "auto_sync", self._follow, init=False)

    @property
    def default_zone(self) -> Widget | None:
        """Where the section begins that was asked for."""
        if self._provider:
            return self.query_one(f"#{provider_part(self._provider, 'buttons')}")
        return super().default_zone

    def _follow(self) -> None:
        providers = self.dodo.providers
        for provider, sync in zip(providers, self.dodo.sync, strict=False):
            self._show_provider(provider, sync)
            self._show_sync(provider, sync)
        connected = any(provider.connected for provider in providers)
        auto_sync = self.query_one("#auto-sync", Toggle)
        auto_sync.display = connected
        auto_sync.value = self.dodo.auto_sync
        self.refill(self._fill_log)

    def _show_provider(self, provider: ProviderStatus, sync: SyncStatus) -> None:
        state = self.query_one(f"#{provider_part(provider.id, 'state')}", Words)
        state.text = provider_sentence(provider)
        state.set_class(not provider.configured, "-quiet")
        row = self.query_one(f"#{provider_part(provider.id, 'buttons')}", ButtonRow)
        before = row.label
        row.labels = provider_buttons(provider, sync)
        is_by_chance = before is not None and before.id != _DANGEROUS
        if is_by_chance and row.label is not None and row.label.id == _DANGEROUS:
            row.to_start()  # what was in focus is gone, and its neighbour is what nobody chose
        toggle = self.query_one(f"#{provider_part(provider.id, 'scrobbling')}", Toggle)
        toggle.display = provider.connected
        toggle.value = provider.scrobbling_enabled

    def _show_sync(self, provider: ProviderStatus, sync: SyncStatus) -> None:
        state = self.query_one(f"#{provider_part(provider.id, 'sync')}", Words)
        state.text = standing_text(provider, sync, self.now, look_of(self))
        state.display = provider.connected
        detail = self.query_one(f"#{provider_part(provider.id, 'detail')}", Words)
        is_synced = sync.last_sync_at is not None and not provider.first_sync_pending
        since = ago(sync.last_sync_at, self.now) if is_synced else ""
        detail.text = sync_detail(sync, "" if since in state.text else since)
        detail.display = bool(detail.text) and bool(state.display)

    async def _fill_log(self) -> None:
        log = self.query_one("#sync-log", MenuList)
        lines = await self.dodo.read_sync_log()
        log.rows = tuple(
            MenuRow(f"{at} {text}", text, status=ago(at, self.now)) for at, text in lines
        )
        log.display = bool(lines)

    def _provider_of(self, widget_id: str | None) -> ProviderStatus:
        """The provider that a widget is about."""
        provider_id = (widget_id or "").partition("-")[0]
        return next(each for each in self.dodo.providers if each.id == provider_id)

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """Do it."""
        message.stop()
        match message.label.id:
            case "sync_now" | "show_queue" as command_id:
                self.dodo.call_later(self.dodo.run_action, command_id)
            case chosen:
                do_with_account(self.dodo, self._provider_of(message.strip.id).id, chosen)

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """A line of the log, all of it."""
        message.stop()
        self.app.push_screen(whole_row(message.row.text, message.row.status))

    def on_toggle_changed(self, message: Toggle.Changed) -> None:
        """Switch scrobbling, or the syncs that start by themselves."""
        message.stop()
        if message.toggle.id == "auto-sync":
            self.dodo.set_auto_sync(message.value)
        else:
            self.dodo.set_scrobbling(self._provider_of(message.toggle.id).id, message.value)

"""The first-run welcome: four steps, each of which can be passed over; Back leaves it at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from textual.app import ComposeResult

from dodo_tui.domain.status import ProviderStatus
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.screens.folder_picker import folder_name
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.letters import AskText
from dodo_tui.tui.widgets.words import Words


class Step(StrEnum):
    """What is set, one after the other."""

    PERSON = "person"
    FOLDERS = "folders"
    ACCOUNTS = "accounts"
    REMOTE = "remote"


_STEPS = tuple(Step)
_NO_CLIENT_ID = (
    "Connecting is left out for now: it needs a client id. Settings, Integrations says how."
)
_CONNECT = "connect-"
"""What the id of a button begins with that connects the provider named after it."""


def heading(step: Step, providers: Sequence[ProviderStatus]) -> str:
    """What a step is called; `providers` are those that can be connected."""
    match step:
        case Step.PERSON:
            return "Who is watching?"
        case Step.FOLDERS:
            return "Where are your videos?"
        case Step.ACCOUNTS:
            return f"Connect {' or '.join(provider.name for provider in providers)}?"
        case Step.REMOTE:
            return "Try the remote"


def accounts_step(providers: Sequence[ProviderStatus]) -> tuple[str, tuple[Button, ...]]:
    """What is said of the accounts, and what can be done about those that are not connected."""
    open_ = [provider for provider in providers if not provider.connected]
    connects = tuple(
        Button(
            f"{_CONNECT}{provider.id}",
            f"Connect {provider.name}" if len(providers) > 1 else "Connect",
            hint="connect",
        )
        for provider in open_
    )
    if len(open_) < len(providers):
        names = [
            f"{provider.name} as {provider.user}" if provider.user else provider.name
            for provider in providers
            if provider.connected
        ]
        return f"Connected: {', '.join(names)}.", (Button("next", "Next"), *connects)
    sentence = (
        "Then what you watch on other devices is known here, and the other way round. "
        "You type a code on your phone."
    )
    return sentence, (*connects, Button("next", "Later"))


class WelcomeScreen(DodoScreen):
    """Everything in it is in Settings, too."""

    NAME = "Welcome"
    DEFAULT_ZONE = "ButtonRow"
    BACK_CLIMBS = False
    LEAVE_HINT = "skip all of it"

    def __init__(self) -> None:
        super().__init__()
        self.step = Step.PERSON
        self._note = ""

    def compose(self) -> ComposeResult:
        """The step."""
        yield Words("Welcome to dodo", classes="-quiet")
        yield Words(id="heading", classes="-strong")
        yield Words(id="sentence")
        yield ButtonRow()
        yield Words(id="note", classes="-quiet")
        yield Foot()

    def on_mount(self) -> None:
        """Follow what the steps change."""
        for name in ("profile", "providers", "scan"):
            self.watch(self.dodo, name, self.show_step, init=False)
        self.watch(self.dodo, "revision", self.show_step)

    def show_step(self) -> None:
        """Show the step as things stand now."""
        self.refill(self._show_step)

    async def _show_step(self) -> None:
        step = self.step
        number = _STEPS.index(step) + 1
        sentence, buttons = await self._content(step)
        words = heading(step, self._providers)
        self.query_one("#heading", Words).text = f"{number} of {len(_STEPS)}   {words}"
        self.query_one("#sentence", Words).text = sentence
        row = self.query_one(ButtonRow)
        if row.labels != buttons:
            row.labels = buttons
            row.to_start()
        note = self.query_one("#note", Words)
        note.text = self._note
        note.display = bool(self._note)

    async def _content(self, step: Step) -> tuple[str, tuple[Button, ...]]:
        """What a step says, and what can be done in it; what is likeliest stands first."""
        dodo = self.dodo
        match step:
            case Step.PERSON:
                name = dodo.profile.name
                sentence = (
                    f"You are called {name} here. Others get a profile of their own in Settings."
                )
                return sentence, (Button("name", "Write a name"), Button("next", "Next"))
            case Step.FOLDERS:
                folders = await dodo.read_folders()
                if not folders:
                    sentence = "Choose the folder with your films and shows."
                    return sentence, (Button("folder", "Choose a folder"), Button("next", "Later"))
                scan = dodo.scan
                found = f" Videos found: {scan.files_seen}." if scan is not None else ""
                names = ", ".join(folder_name(folder) for folder in folders)
                sentence = f"{names}.{found}"
                return sentence, (Button("next", "Next"), Button("folder", "Choose another"))
            case Step.ACCOUNTS:
                return accounts_step(self._providers)
            case Step.REMOTE:
                sentence = (
                    "See what each button is called and does, and teach dodo those it does not "
                    "know. Six are enough: the arrows, OK and Back."
                )
                return sentence, (Button("done", "Done"), Button("try", "Try the remote"))

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """Do it, or go on."""
        message.stop()
        chosen = message.label.id
        if chosen.startswith(_CONNECT):
            self._connect(chosen.removeprefix(_CONNECT))
            return
        actions: dict[str, Callable[[], None]] = {
            "name": self._write_name,
            "folder": self._choose_folder,
            "try": self._try_remote,
            "next": self._go_on,
            "done": self._finish,
        }
        actions[chosen]()

    def _go_on(self) -> None:
        self._note = ""
        step = _STEPS[_STEPS.index(self.step) + 1]
        if step is Step.ACCOUNTS and not self._providers:
            self._note = _NO_CLIENT_ID
            step = Step.REMOTE
        self.step = step
        self.query_one(ButtonRow).to_start()
        self.show_step()

    def _finish(self) -> None:
        self.dismiss()

    def _write_name(self) -> None:
        def written(name: str | None) -> None:
            if name:
                self.dodo.rename_profile(self.dodo.profile, name)
                self._go_on()

        question = AskText("What is your name?", capitals=True)
        self.app.push_screen(question, written)

    def _choose_folder(self) -> None:
        from dodo_tui.tui.screens.folder_picker import FolderPicker

        def chosen(folder: str | None) -> None:
            if folder is not None:
                self.dodo.add_folder(folder)

        self.app.push_screen(FolderPicker("A folder with videos"), chosen)

    @property
    def _providers(self) -> tuple[ProviderStatus, ...]:
        """Those that can be connected."""
        return tuple(provider for provider in self.dodo.providers if provider.configured)

    def _connect(self, provider_id: str) -> None:
        from dodo_tui.tui.screens.sign_in import SignInScreen

        self.app.push_screen(SignInScreen(provider_id))

    def _try_remote(self) -> None:
        from dodo_tui.tui.screens.remote import RemoteScreen

        self.app.push_screen(RemoteScreen())

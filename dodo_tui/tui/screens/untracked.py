"""What is never tracked: folders and names whose viewings play and leave no trace."""

from __future__ import annotations

from textual.app import ComposeResult

from dodo_tui.domain.audience import Rule, RuleKind
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.screens.folder_picker import FolderPicker, folder_name
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.letters import AskText
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.question import Question
from dodo_tui.tui.widgets.words import Words

_KIND_WORDS = {RuleKind.FOLDER: "folder", RuleKind.PATTERN: "names with this"}


def shown_rule(rule: Rule) -> str:
    """A rule as people read it: a folder, or the words of a pattern."""
    text = rule.text
    if rule.kind is RuleKind.PATTERN and text.startswith("*") and text.endswith("*"):
        text = text[1:-1]
    return folder_name(text)


class UntrackedScreen(DodoScreen):
    """The rules: what is in these folders or has these words in its name is not recorded."""

    NAME = "Never tracked"
    DEFAULT_ZONE = "ButtonRow"

    def __init__(self) -> None:
        super().__init__()
        self._rules: tuple[Rule, ...] = ()

    def compose(self) -> ComposeResult:
        """What it means, the buttons and the rules."""
        yield Words("Never tracked", classes="-strong")
        yield Words("It plays, and nothing of it is recorded or sent.", classes="-quiet")
        yield ButtonRow(Button("folder", "Add a folder"), Button("pattern", "Add words of a name"))
        yield MenuList(empty_text="Everything is tracked.", ok_hint="track again", of_things=True)
        yield Foot()

    def on_mount(self) -> None:
        """Follow the database."""
        self.watch(self.dodo, "revision", lambda: self.refill(self._fill))

    async def _fill(self) -> None:
        self._rules = await self.dodo.read_rules()
        self.query_one(MenuList).rows = tuple(
            MenuRow(f"{rule.kind} {rule.text}", shown_rule(rule), status=_KIND_WORDS[rule.kind])
            for rule in self._rules
        )

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """Choose a folder, or write words."""
        message.stop()
        if message.label.id == "folder":
            self.app.push_screen(FolderPicker("A folder that is never tracked"), self._add_folder)
        else:
            question = AskText(
                "Which words?", detail="Whatever has them in its name or address is not tracked."
            )
            self.app.push_screen(question, self._add_pattern)

    def _add_folder(self, folder: str | None) -> None:
        if folder is not None:
            self.dodo.add_rule(Rule(RuleKind.FOLDER, folder))

    def _add_pattern(self, words: str | None) -> None:
        if words is not None:
            pattern = words if set(words) & set("*?[") else f"*{words}*"
            self.dodo.add_rule(Rule(RuleKind.PATTERN, pattern))

    def on_menu_list_chosen(self, message: MenuList.Chosen) -> None:
        """Track it again, once it is sure that it is meant."""
        message.stop()
        rule = next(each for each in self._rules if f"{each.kind} {each.text}" == message.row.id)

        def answered(answer: str | None) -> None:
            if answer == "track":
                self.dodo.remove_rule(rule)

        answers = (Button("track", "Track again"), Button("keep", "Keep"))
        question = Question(f"Track {shown_rule(rule)} again?", answers, "keep")
        self.app.push_screen(question, answered)

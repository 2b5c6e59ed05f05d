"""The remote: what each key is called and does, and teaching dodo the buttons of an odd one."""

from __future__ import annotations

from textual.app import ComposeResult

from dodo_tui.domain.figures import counted
from dodo_tui.domain.status import Tone
from dodo_tui.tui.remote_keys import (
    NAMES,
    Action,
    Lesson,
    action_of,
    hear,
    key_name,
    meaning,
    skip,
)
from dodo_tui.tui.screens.base import DodoScreen, Foot
from dodo_tui.tui.widgets.button_row import Button, ButtonRow
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.words import Words

_STRANGE = "does nothing yet. Press it again to teach it."
_PATIENCE_SECONDS = 10
"""How long a lesson waits for a button that the remote may not have."""


class RemoteScreen(DodoScreen):
    """Shows every key as it comes. A lesson takes all of them, and ends by itself."""

    NAME = "Remote"
    DEFAULT_ZONE = "ButtonRow"
    BACK_CLIMBS = False

    def __init__(self) -> None:
        super().__init__()
        self._lesson: Lesson | None = None
        self._seconds_left = _PATIENCE_SECONDS
        self._heard: set[Action] = set()
        self._strange = ""
        """A key that does nothing, to be pressed again for a lesson."""

    def compose(self) -> ComposeResult:
        """The last key, what can be done, and the buttons there are."""
        yield Words("Remote", classes="-strong")
        yield Words("Press any button: its name and what it does are shown.", id="asked")
        yield Words("", id="key", classes="-strong")
        yield Words("", id="does", classes="-quiet")
        yield ButtonRow(*_buttons(has_learned=bool(self.dodo.learned_keys)))
        yield MenuList(self._rows(), ok_hint="")
        yield Foot()

    def on_mount(self) -> None:
        """Count down while a lesson waits."""
        self.set_interval(1.0, self.count_down)

    @property
    def menu_hint(self) -> str:
        """Nothing: Menu is tried here like the other buttons, and opens nothing."""
        return ""

    # -- keys as they come ----------------------------------------------------------------------

    def hear_key(self, key: str) -> bool:
        """Show a key; answers whether a lesson has taken it."""
        if self._lesson is not None:
            self._take(hear(self._lesson, key))
            return True
        learned = self.dodo.learned_keys
        does = meaning(key, learned)
        action = action_of(key, learned)
        if action is not None:
            self._heard.add(action)
        self._say(key_name(key), f"{key}: {does or _STRANGE}")
        self.query_one(MenuList).rows = self._rows()
        if does is not None:
            self._strange = ""
        elif self._strange == key:
            self.begin_lesson()
            return True
        else:
            self._strange = key
        return does is None

    def _say(self, key: str, does: str) -> None:
        self.query_one("#key", Words).text = key
        self.query_one("#does", Words).text = does

    def _rows(self) -> tuple[MenuRow, ...]:
        """Each button, and the keys it has been given."""
        learned = self.dodo.learned_keys
        rows = []
        for action in Action:
            keys = ", ".join(key_name(key) for key, each in learned.items() if each is action)
            works = "works" if action in self._heard else ""
            status = "  ".join(part for part in (keys, works) if part)
            rows.append(MenuRow(action, NAMES[action], status=status, tone=Tone.GOOD))
        return tuple(rows)

    # -- a lesson -------------------------------------------------------------------------------

    def begin_lesson(self) -> None:
        """Ask for one button after the other."""
        self._strange = ""
        self._take(Lesson(self.dodo.learned_keys))

    def _take(self, lesson: Lesson) -> None:
        self._seconds_left = _PATIENCE_SECONDS
        if lesson.is_over:
            self._lesson = None
            self.dodo.learn_keys(lesson.result)
            count = len(lesson.taught)
            taught = f"{counted(count, 'button')} learned." if count else ""
            self._say("", f"{lesson.note} {taught}".strip() or "Nothing was learned.")
            self._ask()
            self.call_after_refresh(self.focus_zone, self.query_one(ButtonRow))
            return
        self._lesson = lesson
        self._say("", lesson.note)
        self._ask()

    def count_down(self) -> None:
        """A second has passed; a button that does not come is skipped."""
        if self._lesson is None:
            return
        self._seconds_left -= 1
        if self._seconds_left <= 0:
            self._take(skip(self._lesson))
        else:
            self._ask()

    def _ask(self) -> None:
        """Ask for the next button, or be ready to show keys again."""
        lesson = self._lesson
        words = "Press any button: its name and what it does are shown."
        if lesson is not None:
            name = NAMES[lesson.wanted[0]]
            words = f"Press the button for {name}.  Back skips it, or wait {self._seconds_left} s."
        self.query_one("#asked", Words).text = words
        buttons = self.query_one(ButtonRow)
        buttons.display = lesson is None
        buttons.labels = _buttons(has_learned=bool(self.dodo.learned_keys))
        rows = self.query_one(MenuList)
        rows.rows = self._rows()
        if lesson is not None:
            rows.go_to(lesson.wanted[0])

    def on_button_row_chosen(self, message: ButtonRow.Chosen) -> None:
        """Teach, forget, or leave."""
        message.stop()
        match message.label.id:
            case "teach":
                self.begin_lesson()
            case "forget":
                self.dodo.learn_keys({})
                self._ask()
                self._say("", "Forgotten. The standard keys work as ever.")
            case _:
                self.go_back()


def _buttons(*, has_learned: bool) -> tuple[Button, ...]:
    forget = (Button("forget", "Forget what was learned"),) if has_learned else ()
    return (Button("teach", "Teach the buttons"), *forget, Button("done", "Done"))

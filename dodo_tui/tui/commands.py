"""Every user action that is not OK, Back or an arrow, in one table.

Key, hint, palette entry, help page and the README's table of keys are made from it.
"""

from __future__ import annotations

from enum import StrEnum

from textual.binding import Binding, BindingType

from dodo_tui.tui.keys import HELP, PLAY_PAUSE, QUIT, STOP, hidden
from dodo_tui.values import dataclass


class Needs(StrEnum):
    """What there has to be for a command to do something."""

    NOTHING = "nothing"
    ON_AIR = "something plays"
    STEERED = "something plays that has no keys of its own"
    RUNNING = "something plays that has no keys of its own, and is not over"
    PREVIOUS = "an episode before what plays"
    NEXT = "an episode after what plays"
    ACCOUNT = "a connected account"
    FOLDERS = "a folder of the library"
    FOCUS = "something in focus that it is about"


@dataclass(frozen=True, slots=True)
class Command:
    """Something a user can ask for by name, anywhere or of what is in focus."""

    id: str
    """The name of its action: the app's method is `action_<id>`."""
    name: str
    """What it is called in the palette, the help and the README."""
    keys: str = ""
    """Keys, separated by commas; empty for one that only menus offer."""
    needs: Needs = Needs.NOTHING

    @property
    def binding(self) -> Binding:
        """The binding of its keys."""
        action = f"do_here('{self.id}')" if self.needs is Needs.FOCUS else self.id
        return hidden(self.keys, action, self.name)

    @property
    def is_place(self) -> bool:
        """Whether it leads to a screen and changes nothing."""
        return self.id.startswith("show_")


PALETTE = Command("command_palette", "Every command", "ctrl+p")
"""The way to all the others."""

COMMANDS = (
    Command("show_home", "Home", "h"),
    Command("show_library", "Library", "l"),
    Command("show_history", "History", "y"),
    Command("show_statistics", "Statistics", "t"),
    Command("show_queue", "Queue", "u"),
    Command("show_review", "Review"),
    Command("show_settings", "Settings", "s"),
    Command("show_integrations", "Integrations", "i"),
    Command("show_watchers", "Who is watching", "w"),
    Command("show_appearance", "Appearance"),
    Command("show_playback", "Playback"),
    Command("show_folders", "Library folders"),
    Command("show_untracked", "Never tracked"),
    Command("show_profiles", "Profiles"),
    Command("show_players", "Players"),
    Command("show_remote", "Remote"),
    Command("show_welcome", "Welcome"),
    Command("show_about", "About"),
    Command("show_now_playing", "Now playing", "n", Needs.ON_AIR),
    Command("play_pause", "Play or pause", PLAY_PAUSE, Needs.RUNNING),
    Command("stop", "Stop playing", STOP, Needs.STEERED),
    Command("seek_back", "Seek back", "comma,media_rewind", Needs.RUNNING),
    Command("seek_forward", "Seek forward", "full_stop,media_fast_forward", Needs.RUNNING),
    Command(
        "previous_episode",
        "Previous episode",
        "f3,less_than_sign,media_track_previous",
        Needs.PREVIOUS,
    ),
    Command("next_episode", "Next episode", "f4,greater_than_sign,media_track_next", Needs.NEXT),
    Command("subtitles", "Subtitles", "b", Needs.STEERED),
    Command("sound", "Sound", "a", Needs.STEERED),
    Command("softer", "Softer", "f9,minus,lower_volume", Needs.STEERED),
    Command("louder", "Louder", "f10,plus,raise_volume", Needs.STEERED),
    Command("mute", "Sound off or on", "f8,mute_volume", Needs.STEERED),
    Command("details", "Details", "d", Needs.FOCUS),
    Command("rate", "Rate", "e", Needs.FOCUS),
    Command("why", "Why?", "x", Needs.FOCUS),
    Command("sync_now", "Sync now", "r", Needs.ACCOUNT),
    Command("scan_library", "Look for new files", "", Needs.FOLDERS),
    Command("show_help", "Keys", HELP),
    Command("leave", "Leave", QUIT),
    PALETTE,
)
"""Everything, in the order in which palette and help show it."""


def bindings(commands: tuple[Command, ...] = COMMANDS) -> list[BindingType]:
    """The bindings of all commands that have keys."""
    return [command.binding for command in commands if command.keys]


KEY_WORDS = {
    "question_mark": "?",
    "escape": "Esc",
    "backspace": "Backspace",
    "enter": "Enter",
    "space": "Space",
    "ctrl+j": "Ctrl+J",
    "ctrl+c": "Ctrl+C",
    "ctrl+p": "Ctrl+P",
    "menu": "Menu",
    "media_play_pause": "Play/Pause",
    "media_play": "Play",
    "media_pause": "Pause",
    "media_stop": "Stop",
    "comma": ",",
    "full_stop": ".",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "plus": "+",
    "minus": "-",
    "media_rewind": "Rewind",
    "media_fast_forward": "Fast forward",
    "media_track_previous": "Previous",
    "media_track_next": "Next",
    "lower_volume": "Volume down",
    "raise_volume": "Volume up",
    "mute_volume": "Mute",
}
"""Keys whose name in the table of bindings is not what is printed on them."""


def key_words(keys: str) -> str:
    """Keys as people read them: `F5, P, Play/Pause`."""
    return ", ".join(KEY_WORDS.get(key, key.upper()) for key in keys.split(",") if key)


def key_table() -> list[tuple[str, str]]:
    """What each key does, the remote's first: the rows of the help page and of the README."""
    from dodo_tui.tui.keys import BACK, MENU, OK

    return [
        ("Up, Down, Left, Right", "Move"),
        (key_words(OK), "OK"),
        (key_words(BACK), "Back"),
        (key_words(MENU), "More, or every command"),
        *((key_words(command.keys), command.name) for command in COMMANDS if command.keys),
    ]


def key_table_markdown() -> str:
    """The README's table of keys."""
    rows = [f"| {keys} | {name} |" for keys, name in key_table()]
    return "\n".join(["| key | does |", "|---|---|", *rows])


if __name__ == "__main__":
    print(key_table_markdown())  # noqa: T201 - this is what it is for

"""An mpv that misbehaves on purpose: run as a program, it speaks the IPC of mpv 0.35.

Its scenarios are the functions of `Fake` named after `--scenario=`. Each is called when the first
file is to be played.
"""

from __future__ import annotations

import json
import signal
import socket
import sys


class Fake:
    """The one client's connection, and what to say on it."""

    def __init__(self, arguments: list[str]) -> None:
        options = dict(word.lstrip("-").partition("=")[::2] for word in arguments)
        self.options = options
        self.scenario = options["scenario"]
        self.entries = 0
        self.obeys_quit = True

    def run(self) -> int:
        """Be started, listen, answer, play."""
        if self.scenario == "noisy_death":
            sys.stderr.write("\033[31mfirst line\033[0m\n\nlast words\n")
            return 3
        if self.scenario == "cut_lifeline" and "input-ipc-client" in self.options:
            return 0
        if self.scenario == "deaf":
            return self.sleep()
        if self.scenario == "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.options["input-ipc-server"])
        listener.listen()
        self.connection, _ = listener.accept()
        if self.scenario == "silent":
            return self.sleep()
        for line in self.connection.makefile("rb"):
            message = json.loads(line)
            if self.answer(message["command"], message["request_id"]):
                return 0
        return 0

    def sleep(self) -> int:
        """Do nothing until somebody ends it."""
        while True:
            signal.pause()

    def answer(self, command: object, request_id: int) -> bool:
        """Answer a command; whether it was the last."""
        name = command["name"] if isinstance(command, dict) else command[0]  # type: ignore[index]
        data: object = None
        if name == "loadfile":
            self.entries += 1
            data = {"playlist_entry_id": self.entries}
        if name == "seek":
            self.say({"request_id": request_id, "error": "error running command"})
            return False
        self.say({"request_id": request_id, "error": "success", "data": data})
        if name == "quit" and self.scenario not in ("stubborn", "deaf_to_quit"):
            self.say({"event": "end-file", "reason": "quit", "playlist_entry_id": 1})
            return True
        if isinstance(command, list) and command[:2] == ["set_property", "playlist-pos"]:
            play = getattr(self, self.scenario, self.begin)
            return bool(play())
        return False

    def say(self, *messages: object) -> None:
        """Write lines, all in one chunk."""
        self.write(b"".join(json.dumps(message).encode() + b"\n" for message in messages))

    def write(self, data: bytes) -> None:
        """Write bytes as they are."""
        self.connection.sendall(data)

    def change(self, name: str, data: object) -> dict[str, object]:
        """A changed property."""
        return {"event": "property-change", "id": 1, "name": name, "data": data}

    def begin(self) -> None:
        """A film of 100 seconds that has begun."""
        self.say(
            {"event": "start-file", "playlist_entry_id": 1},
            {"event": "file-loaded"},
            self.change("duration", 100.0),
            self.change("time-pos", 1.0),
            {"event": "playback-restart"},
        )

    def mute(self) -> bool:
        """It goes away without a word."""
        self.begin()
        self.say(self.change("time-pos", 1.5))
        return True

    def flood(self) -> bool:
        """Far more positions than anybody can use, and a pause among them."""
        self.begin()
        for number in range(30_000):
            self.say(self.change("time-pos", 1.0 + number / 1000))
            if number == 15_000:
                self.say(self.change("pause", True))
        self.say({"event": "end-file", "reason": "eof", "playlist_entry_id": 1})
        return True

    def crumbs(self) -> bool:
        """Half lines, nonsense, bytes that are no text, and an overlong line."""
        self.begin()
        self.write(b"not json\n[1, 2]\n\n\xff\xfe\n" + b"x" * (5 * 1024 * 1024) + b"\n")
        self.write(b'{"event": "property-change", "name": "path", "data": "caf\xe9"}\n')
        self.write(b'{"event": "property-change", "name": 7, "data": {"a": [1]}}\n')
        line = json.dumps(self.change("time-pos", 42.0)).encode() + b"\n"
        for place in range(len(line)):
            self.write(line[place : place + 1])
        self.say({"event": "end-file", "reason": "eof", "playlist_entry_id": 1})
        return True

    def redirect(self) -> bool:
        """The file is a playlist, and its one entry is played."""
        self.say(
            {"event": "start-file", "playlist_entry_id": 1},
            {"event": "end-file", "reason": "redirect", "playlist_entry_id": 1},
            {"event": "start-file", "playlist_entry_id": 2},
            self.change("path", "http://example.org/film.mkv"),
            {"event": "file-loaded"},
            self.change("duration", 100.0),
            self.change("time-pos", 3.0),
            {"event": "end-file", "reason": "eof", "playlist_entry_id": 2},
        )
        return True

    def broken_playlist(self) -> bool:
        """More files that cannot be played than any buffer holds."""
        for number in range(1, 5001):
            self.say(
                {"event": "start-file", "playlist_entry_id": number},
                {"event": "end-file", "reason": "error", "playlist_entry_id": number},
            )
        return True


if __name__ == "__main__":
    sys.exit(Fake(sys.argv[1:]).run())

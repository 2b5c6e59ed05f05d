"""`dodo service`: `dodo daemon` as a systemd user service, without root; it says what it did."""

from __future__ import annotations

import argparse
import getpass
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from dodo_tui.cli.context import Context, context
from dodo_tui.cli.output import DONE, FAILED, CommandError, note, say
from dodo_tui.cli.unit import MARK, SANDBOX, UNIT_NAME, unit_text

_PATIENCE_SECONDS = 30.0

_NEXT_SESSION = "It will start with your next session. See: dodo service status"
_NOT_ENABLED = (
    "It will not start yet. Log in as yourself, not by su or sudo, and again: dodo service install"
)

_RUNS_ON = (
    "It never starts again. If it runs it runs on; to stop it, log in as yourself, not by su or "
    f"sudo, and: systemctl --user stop {UNIT_NAME}"
)

_NO_SYSTEMD = (
    "There is no systemd here. Let whatever starts programs on this machine run: dodo daemon"
)


def install(options: argparse.Namespace) -> int:
    """Write the unit, start it, and say what is left to do."""
    del options
    ctx = context()
    _need_systemd()
    path = unit_path()
    _refuse_foreign(path)
    sandbox = _possible_sandbox()
    text = unit_text(
        _daemon_command(),
        (ctx.paths.data, ctx.paths.state, ctx.paths.cache),
        os.environ,
        sandbox=sandbox,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    say(f"Written: {path}")
    if not sandbox:
        say("Without a sandbox: this system has no user name spaces, or nobody to ask for them.")
    elif missing := [each.partition("=")[0] for each in SANDBOX if each not in sandbox]:
        say(f"With less of a sandbox: this system does not allow {', '.join(missing)}.")
    _say_settings_of_the_shell(ctx)
    for arguments in (("daemon-reload",), ("enable", UNIT_NAME), ("restart", UNIT_NAME)):
        trouble = _systemctl(*arguments)
        if trouble is not None:
            note(f"dodo: systemctl --user {' '.join(arguments)} failed: {trouble}")
            say(_NEXT_SESSION if arguments[0] == "restart" else _NOT_ENABLED)
            return FAILED
    say("Started, and will be at every login.")
    _say_linger()
    return DONE


def remove(options: argparse.Namespace) -> int:
    """Stop the service and delete the unit; what dodo has stored stays.

    Where systemd cannot be asked the unit goes all the same, so that it never starts again, and it
    is said that one that runs goes on.
    """
    del options
    path = unit_path()
    if not path.exists():
        say("The service is not installed.")
        return DONE
    _refuse_foreign(path)
    has_systemd = shutil.which("systemctl") is not None
    trouble = _systemctl("disable", "--now", UNIT_NAME) if has_systemd else None
    path.unlink()
    _unlink_enabled(path)
    if trouble is not None:
        note(f"dodo: systemctl --user disable --now {UNIT_NAME} failed: {trouble}")
        say(f"Removed, but not stopped: {path}")
        say(_RUNS_ON)
        return FAILED
    if has_systemd:
        _systemctl("daemon-reload")
    say(f"{'Stopped and removed' if has_systemd else 'Removed'}: {path}")
    say("What dodo has stored stays.")
    return DONE


def _unlink_enabled(path: Path) -> None:
    """Delete the link by which a unit is started at a login, where systemd has not done so."""
    link = path.parent / "default.target.wants" / UNIT_NAME
    if link.is_symlink():
        link.unlink()


def status(options: argparse.Namespace) -> int:
    """Whether it is installed, whether it runs, and what to do if not."""
    del options
    path = unit_path()
    if not path.exists():
        say("Not installed. Set it up with: dodo service install")
        return FAILED
    say(f"Installed: {path}")
    if shutil.which("systemctl") is None:
        say(_NO_SYSTEMD)
        return FAILED
    state = _output("systemctl", "--user", "is-active", UNIT_NAME) or "unknown"
    words = _output("systemctl", "--user", "show", UNIT_NAME, "--property=StatusText", "--value")
    say(f"State: {state}" + (f". {words}" if words else ""))
    if state != "active":
        say(f"Why: journalctl --user -u {UNIT_NAME} -n 20")
    _say_linger()
    return DONE if state == "active" else FAILED


def unit_path() -> Path:
    """Where this user's unit is."""
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "systemd" / "user" / UNIT_NAME


def _need_systemd() -> None:
    """Say so where there is no systemd.

    Raises:
        CommandError: there is none.
    """
    if shutil.which("systemctl") is None:
        raise CommandError(_NO_SYSTEMD)


def _refuse_foreign(path: Path) -> None:
    """Leave a unit alone that dodo did not write.

    Raises:
        CommandError: it is somebody else's.
    """
    if path.exists() and not path.read_text("utf-8", "replace").startswith(MARK):
        raise CommandError(f"{path} was not written by dodo. Move it away first.")


def _daemon_command() -> tuple[str, ...]:
    """How the daemon is started: by the same Python as this dodo, wherever it is installed."""
    return (sys.executable, "-m", "dodo_tui", "daemon")


def _possible_sandbox() -> tuple[str, ...]:
    """What of a sandbox the user's service manager can give a service here: it is tried.

    All at once where that works; else one after the other, since one that fails keeps the whole
    service from starting.
    """
    if shutil.which("systemd-run") is None:
        return ()
    if _starts(SANDBOX):
        return SANDBOX
    possible: tuple[str, ...] = ()
    for setting in SANDBOX:
        if _starts((*possible, setting)):
            possible += (setting,)
        elif not possible:
            return ()
    return possible


def _starts(settings: Sequence[str]) -> bool:
    """Whether something starts in such a sandbox."""
    properties = [f"--property={setting}" for setting in settings]
    options = ("--user", "--wait", "--quiet", "--collect")
    return _run("systemd-run", *options, *properties, "true") is None


def _say_settings_of_the_shell(ctx: Context) -> None:
    """A service does not see what is set in this shell alone."""
    names = sorted(name for name in os.environ if name.startswith("DODO_"))
    if names:
        say(f"Only set in this shell: {', '.join(names)}.")
        say(f"The service reads {ctx.paths.config_file} instead.")


def _say_linger() -> None:
    """Without lingering a user's services end with the last session."""
    if shutil.which("loginctl") is None:
        return
    user = getpass.getuser()
    if _output("loginctl", "show-user", user, "--property=Linger", "--value") != "yes":
        say(f"To have it run while nobody is logged in: sudo loginctl enable-linger {user}")


def _systemctl(*arguments: str) -> str | None:
    """Run `systemctl --user`; answers what went wrong, None if nothing did."""
    return _run("systemctl", "--user", *arguments)


def _run(*command: str) -> str | None:
    """Run a command; answers what went wrong in one line, None if nothing did."""
    ended = _ended(command)
    if ended is None:
        return "it does not answer"
    if ended.returncode == 0:
        return None
    lines = ended.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else f"exit code {ended.returncode}"


def _output(*command: str) -> str:
    """The first line of what a command says; empty if it says nothing or fails to run."""
    ended = _ended(command)
    lines = ended.stdout.decode("utf-8", "replace").strip().splitlines() if ended else []
    return lines[0] if lines else ""


def _ended(command: Sequence[str]) -> subprocess.CompletedProcess[bytes] | None:
    try:
        return subprocess.run(  # noqa: S603 - systemd's own commands, on our own words
            command, capture_output=True, timeout=_PATIENCE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None

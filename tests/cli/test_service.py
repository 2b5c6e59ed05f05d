"""The daemon as a systemd user service: the unit is written, systemd is asked, and all is said."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from dodo_tui.cli.unit import MARK, SANDBOX, quoted, unit_text
from tests.support.cli import SAFETY_SECONDS, Dodo

PRETENDER = """#!/bin/sh
echo "$(basename "$0") $*" >> "{log}"
case "$*" in
{cases}
esac
exit 0
"""


class Systemd:
    """A machine's systemd, pretended by scripts that note how they are called."""

    def __init__(self, folder: Path, **cases: str) -> None:
        self.folder = folder
        self.log = folder / "calls"
        folder.mkdir()
        for name in ("systemctl", "systemd-run", "loginctl"):
            self.answer(name)

    def answer(self, name: str, *cases: str) -> None:
        """Let a command answer so, by shell patterns of its arguments."""
        script = self.folder / name
        lines = "\n".join(cases) or "none) ;;"
        script.write_text(PRETENDER.format(log=self.log, cases=lines))
        script.chmod(script.stat().st_mode | stat.S_IXUSR)

    @property
    def calls(self) -> list[str]:
        """What was called so far."""
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def systemd(dodo: Dodo, tmp_path: Path) -> Systemd:
    """A systemd that says yes to everything."""
    made = Systemd(tmp_path / "systemd")
    dodo.environment["PATH"] = f"{made.folder}{os.pathsep}{dodo.environment['PATH']}"
    return made


def unit_of(dodo: Dodo) -> Path:
    """Where the unit belongs."""
    return dodo.paths.config_file.parent.parent / "systemd" / "user" / "dodo.service"


def settings_of(path: Path) -> list[str]:
    """Its lines."""
    return path.read_text().splitlines()


def test_it_is_installed_and_started(dodo: Dodo, systemd: Systemd) -> None:
    """A unit for this Python and these folders, in a sandbox; and the next step is named."""
    result = dodo.ok("service", "install")
    lines = settings_of(unit_of(dodo))
    assert "Type=notify" in lines
    assert any(line.startswith("ExecStart=") and line.endswith(" daemon") for line in lines)
    (writable,) = [line for line in lines if line.startswith("ReadWritePaths=")]
    for folder in (dodo.paths.data, dodo.paths.state, dodo.paths.cache):
        assert f"-{folder}" in writable.removeprefix("ReadWritePaths=").split()
    # After a boot the runtime folder is not there yet; with the service it must not go either.
    assert "RuntimeDirectory=dodo" in lines
    assert "RuntimeDirectoryPreserve=yes" in lines
    assert f"Environment=XDG_DATA_HOME={dodo.paths.data.parent}" in lines
    asked = [call for call in systemd.calls if call.startswith("systemctl")]
    assert asked == [
        "systemctl --user daemon-reload",
        "systemctl --user enable dodo.service",
        "systemctl --user restart dodo.service",
    ]
    assert result.out.splitlines()[0] == f"Written: {unit_of(dodo)}"
    assert "Started, and will be at every login." in result.out
    assert "sudo loginctl enable-linger" in result.out


def test_installing_twice_is_installing_once(dodo: Dodo, systemd: Systemd) -> None:
    """The second time brings it up to date; who lingers is told nothing about it."""
    dodo.ok("service", "install")
    before = unit_of(dodo).read_text()
    systemd.answer("loginctl", "*Linger*) echo yes ;;")
    assert "linger" not in dodo.ok("service", "install").out
    assert unit_of(dodo).read_text() == before


def test_without_name_spaces_there_is_no_sandbox(dodo: Dodo, systemd: Systemd) -> None:
    """What would keep it from starting is left out, and that is said."""
    systemd.answer("systemd-run", "*) exit 217 ;;")
    assert "Without a sandbox" in dodo.ok("service", "install").out
    lines = settings_of(unit_of(dodo))
    assert not any(line.startswith(("Protect", "PrivateUsers", "ReadWrite")) for line in lines)
    assert "NoNewPrivileges=yes" in lines


def test_a_container_that_allows_less(dodo: Dodo, systemd: Systemd) -> None:
    """As tried in a real user manager inside one: its unit failed with 226/NAMESPACE.

    What this system cannot do is left out, and what it can do stays.
    """
    systemd.answer("systemd-run", "*ProtectKernelTunables*) exit 226 ;;")
    out = dodo.ok("service", "install").out
    assert "With less of a sandbox: this system does not allow ProtectKernelTunables." in out
    lines = settings_of(unit_of(dodo))
    assert not any(line.startswith("ProtectKernelTunables") for line in lines)
    wanted = {"PrivateUsers=yes", "ProtectSystem=strict", "ProtectControlGroups=yes"}
    assert wanted <= set(lines)
    assert any(line.startswith("ReadWritePaths=") for line in lines)


def test_settings_of_the_shell_are_named_not_written(dodo: Dodo, systemd: Systemd) -> None:
    """A secret in the environment never gets into a unit."""
    out = dodo.ok("service", "install", DODO_TRAKT_CLIENT_SECRET="s3cret").out
    assert "Only set in this shell: DODO_TRAKT_CLIENT_SECRET." in out
    assert "s3cret" not in out + unit_of(dodo).read_text()


def test_systemd_that_says_no(dodo: Dodo, systemd: Systemd) -> None:
    """One sentence on what failed, and whether it starts all the same later."""
    systemd.answer("systemctl", '*daemon-reload*) echo "Failed to connect to bus" >&2; exit 1 ;;')
    result = dodo.run("service", "install")
    assert result.code == 1
    assert result.sentence == (
        "dodo: systemctl --user daemon-reload failed: Failed to connect to bus"
    )
    assert unit_of(dodo).exists()
    assert result.out.splitlines()[-1].startswith("It will not start yet.")
    systemd.answer("systemctl", '*restart*) echo "Unit is masked" >&2; exit 1 ;;')
    result = dodo.run("service", "install")
    assert result.out.splitlines()[-1].startswith("It will start with your next session.")


def test_no_systemd_at_all(dodo: Dodo, tmp_path: Path) -> None:
    """Said, with what to do instead; removing and asking work."""
    tools = tmp_path / "tools"
    tools.mkdir()
    path = str(tools)
    result = dodo.run("service", "install", PATH=path)
    assert (result.code, result.out) == (1, "")
    assert result.sentence.endswith("Let whatever starts programs on this machine run: dodo daemon")
    assert not unit_of(dodo).exists()
    assert dodo.ok("service", "remove", PATH=path).out == "The service is not installed.\n"
    assert dodo.run("service", "status", PATH=path).code == 1


def test_somebody_elses_unit_is_left_alone(dodo: Dodo, systemd: Systemd) -> None:
    """Neither overwritten nor removed."""
    unit_of(dodo).parent.mkdir(parents=True)
    unit_of(dodo).write_text("[Service]\nExecStart=/usr/local/bin/my-dodo\n")
    for act in ("install", "remove"):
        result = dodo.run("service", act)
        assert result.code == 1
        assert "was not written by dodo" in result.sentence
    assert "my-dodo" in unit_of(dodo).read_text()


def test_status_and_removal_say_what_is_left_to_do(dodo: Dodo, systemd: Systemd) -> None:
    """Each says how it is and what is left to do."""
    assert "Not installed" in dodo.run("service", "status").out
    dodo.ok("service", "install")
    systemd.answer(
        "systemctl", "*is-active*) echo active ;;", "*StatusText*) echo 'Delivers and syncs.' ;;"
    )
    assert "State: active. Delivers and syncs." in dodo.ok("service", "status").out
    systemd.answer("systemctl", "*is-active*) echo failed; exit 3 ;;")
    failed = dodo.run("service", "status")
    assert (failed.code, "journalctl --user -u dodo.service" in failed.out) == (1, True)
    assert "What dodo has stored stays." in dodo.ok("service", "remove").out
    assert "systemctl --user disable --now dodo.service" in systemd.calls
    assert not unit_of(dodo).exists()


def test_removal_without_a_bus_does_not_say_that_it_was_stopped(
    dodo: Dodo, systemd: Systemd
) -> None:
    """As by sudo or over a bare SSH command: it never starts again, and how to stop it is said."""
    dodo.ok("service", "install")
    wants = unit_of(dodo).parent / "default.target.wants"
    wants.mkdir()
    (wants / "dodo.service").symlink_to(unit_of(dodo))
    systemd.answer("systemctl", '*) echo "Failed to connect to bus" >&2; exit 1 ;;')
    result = dodo.run("service", "remove")
    assert result.code == 1
    assert result.sentence == (
        "dodo: systemctl --user disable --now dodo.service failed: Failed to connect to bus"
    )
    assert "Stopped" not in result.out
    assert f"Removed, but not stopped: {unit_of(dodo)}" in result.out
    assert "systemctl --user stop dodo.service" in result.out
    assert not unit_of(dodo).exists()
    assert list(wants.iterdir()) == []


def test_removal_where_systemd_is_gone(dodo: Dodo, systemd: Systemd, tmp_path: Path) -> None:
    """Nothing there could have been stopped."""
    dodo.ok("service", "install")
    (tmp_path / "tools").mkdir()
    out = dodo.ok("service", "remove", PATH=str(tmp_path / "tools")).out
    assert out.splitlines()[0] == f"Removed: {unit_of(dodo)}"


HOSTILE = 'a b%h$HOME"\\;\n[Service]\nExecStart=/bin/false'


def test_nothing_in_a_path_is_special(tmp_path: Path) -> None:
    """No blank, quote, line end, percent sign or dollar makes another setting of it."""
    text = unit_text(
        ("/usr/bin/python3", HOSTILE),
        (Path(HOSTILE),),
        {"XDG_DATA_HOME": HOSTILE, "XDG_CACHE_HOME": ""},
        sandbox=SANDBOX,
    )
    lines = text.splitlines()
    assert lines[0] == MARK
    assert [line for line in lines if line.startswith("ExecStart=")] == [
        'ExecStart=/usr/bin/python3 "a b%%h$$HOME\\"\\\\;\\n[Service]\\nExecStart=/bin/false"'
    ]
    assert len([line for line in lines if line == "[Service]"]) == 1
    assert "XDG_CACHE_HOME" not in text
    assert quoted("/plain/path") == "/plain/path"


def test_systemd_understands_the_unit(dodo: Dodo, systemd: Systemd, tmp_path: Path) -> None:
    """`systemd-analyze` finds nothing wrong with it, where there is one."""
    dodo.ok("service", "install")
    assert all("=" in line or line[:1] in "[#" for line in settings_of(unit_of(dodo)) if line)
    if analyze := shutil.which("systemd-analyze"):
        runtime = tmp_path / "xr"
        runtime.mkdir(mode=0o700)
        checked = subprocess.run(
            [analyze, "--user", "verify", str(unit_of(dodo))],
            env={
                "PATH": os.environ["PATH"],
                "XDG_RUNTIME_DIR": str(runtime),
                "HOME": str(tmp_path),
            },
            capture_output=True,
            timeout=SAFETY_SECONDS,
        )
        assert (checked.returncode, b"dodo.service" in checked.stderr) == (0, False), checked

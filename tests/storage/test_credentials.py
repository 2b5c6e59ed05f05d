"""Tokens: private, whole or not at all, and one process at a time."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from dodo_tui.domain.account import Tokens
from dodo_tui.storage.credentials import CredentialsError, TokenFile
from dodo_tui.storage.leases import Lease
from tests.support.clock import START

_SECRET = "secret-access"
_TOKENS = Tokens(_SECRET, "secret-refresh", START + timedelta(days=7), "public media:write")


@pytest.mark.parametrize("tokens", [_TOKENS, Tokens(_SECRET), Tokens("é", None, None, "x")])
async def test_what_is_kept_is_read_back(tmp_path: Path, tokens: Tokens) -> None:
    """With and without a refresh token and an end."""
    file = TokenFile(tmp_path, "simkl", 1)
    assert await file.load() is None
    await file.save(tokens)
    assert await TokenFile(tmp_path, "simkl", 1).load() == tokens
    file.delete()
    file.delete()
    assert await file.load() is None


def test_the_file_is_for_this_user_only_whatever_the_umask(tmp_path: Path) -> None:
    """0600, at every moment: the draft too."""
    before = os.umask(0)
    try:
        TokenFile(tmp_path, "simkl", 1).write(_TOKENS)
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


async def test_accounts_are_kept_apart(tmp_path: Path) -> None:
    """By profile and by provider: one tracker account never leaks into another profile."""
    await TokenFile(tmp_path, "simkl", 1).save(_TOKENS)
    assert await TokenFile(tmp_path, "simkl", 2).load() is None
    assert await TokenFile(tmp_path, "trakt", 1).load() is None


async def test_another_sign_in_is_none_of_theirs(tmp_path: Path) -> None:
    """Whoever used the one before is held to it: it neither uses nor deletes the new one."""
    before, beside = TokenFile(tmp_path, "simkl", 1), TokenFile(tmp_path, "simkl", 1)
    await before.save(_TOKENS)
    assert await beside.load() == _TOKENS
    after = TokenFile(tmp_path, "simkl", 1)
    await after.save(Tokens("other-secret"))
    for replaced in (before, beside):
        assert await replaced.load() is None
        replaced.delete()
    assert await after.load() == Tokens("other-secret")
    after.delete()
    assert await TokenFile(tmp_path, "simkl", 1).load() is None


async def test_a_renewal_is_the_same_sign_in(tmp_path: Path) -> None:
    """Whoever else goes by it goes on with the new tokens."""
    one, other = TokenFile(tmp_path, "simkl", 1), TokenFile(tmp_path, "simkl", 1)
    await one.save(_TOKENS)
    assert await other.load() == _TOKENS
    await one.save(Tokens("renewed"))
    assert await other.load() == Tokens("renewed")


def test_secrets_are_in_no_repr(tmp_path: Path) -> None:
    """Logs with live tokens end up in public issues."""
    assert "secret" not in repr(_TOKENS)
    assert "secret" not in str(_TOKENS)


async def test_a_write_that_fails_keeps_the_old_tokens(tmp_path: Path) -> None:
    """The draft cannot be made here; what is there stays as it was."""
    file = TokenFile(tmp_path, "simkl", 1)
    await file.save(_TOKENS)
    (tmp_path / "simkl-1.new").mkdir()
    with pytest.raises(CredentialsError) as failed:
        await file.save(Tokens("other-secret"))
    assert "secret" not in str(failed.value)
    assert await file.load() == _TOKENS


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'"secret"',
        b"\xff\xfe",
        json.dumps({"access": 5, "refresh": None, "expires_at": None, "scope": ""}).encode(),
        json.dumps({"access": "s", "refresh": [], "expires_at": None, "scope": ""}).encode(),
        json.dumps({"access": "s", "refresh": None, "expires_at": "soon", "scope": ""}).encode(),
        json.dumps({"access": "s", "refresh": None, "expires_at": 5, "scope": ""}).encode(),
        json.dumps({"access": "s", "refresh": None, "expires_at": None, "scope": None}).encode(),
    ],
)
async def test_a_file_that_makes_no_sense_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    """It says what to do, and shows nothing of what is inside."""
    (tmp_path / "simkl-1.token").write_bytes(content)
    with pytest.raises(CredentialsError) as failed:
        await TokenFile(tmp_path, "simkl", 1).load()
    assert "Connect again" in str(failed.value)
    assert "secret" not in str(failed.value)


async def test_a_file_that_cannot_be_deleted_is_one_sentence(tmp_path: Path) -> None:
    """A folder in its place is the simplest case."""
    (tmp_path / "simkl-1.token").mkdir()
    with pytest.raises(CredentialsError):
        TokenFile(tmp_path, "simkl", 1).delete()


async def test_the_lock_excludes_and_is_given_back(tmp_path: Path) -> None:
    """A refresh in two places at once would end both sign-ins."""
    order: list[str] = []
    inside, leave = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with TokenFile(tmp_path, "simkl", 1).locked():
            inside.set()
            await leave.wait()
            order.append("first")

    async def second() -> None:
        await inside.wait()
        async with TokenFile(tmp_path, "simkl", 1).locked():
            order.append("second")

    tasks = [asyncio.ensure_future(first()), asyncio.ensure_future(second())]
    await inside.wait()
    assert not Lease(tmp_path / "simkl-1.lock").take()
    leave.set()
    await asyncio.gather(*tasks)
    assert order == ["first", "second"]


_LOCKER = """
import sys
from pathlib import Path
from dodo_tui.storage.leases import Lease
assert Lease(Path(sys.argv[1])).take() is (sys.argv[2] == "free")
"""


async def test_the_lock_excludes_other_processes(tmp_path: Path) -> None:
    """Real ones, and only while it is held."""
    command = [sys.executable, "-c", _LOCKER, str(tmp_path / "simkl-1.lock")]
    async with TokenFile(tmp_path, "simkl", 1).locked():
        held = await asyncio.to_thread(subprocess.run, [*command, "held"], check=False)
    free = await asyncio.to_thread(subprocess.run, [*command, "free"], check=False)
    assert (held.returncode, free.returncode) == (0, 0)

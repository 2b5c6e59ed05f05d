"""What a connection sends, reads and makes of trouble."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from dodo_tui.providers.errors import BrokenError, MisconfiguredError, OfflineError
from dodo_tui.providers.http import MAX_BYTES, Connection, Limits, Reply, Request
from tests.providers.support import V2_TOKENS, Script, bearer_of, failed, reply
from tests.support.clock import START

GET = Request("GET", "/x")


def _connection(script: Script, base_url: str = "https://api.simkl.com") -> Connection:
    return Connection("Simkl", base_url, "dodo-tui/1", script.transport)


async def _send(script: Script, request: Request = GET) -> Reply:
    connection = _connection(script)
    try:
        return await connection.send(request)
    finally:
        await connection.close()


async def test_a_request_carries_what_it_should() -> None:
    """Address, query, user agent and token go out; the status, headers and body come back."""
    script = Script(reply(201, {"a": 1}, X_RateLimit_Remaining="7"))
    request = Request("POST", "/x", {"q": "ä b"}, json={"t": "ö"}, tokens=V2_TOKENS)
    answer = await _send(script, request)
    assert (answer.status, answer.body) == (201, b'{"a":1}')
    assert answer.headers["x-ratelimit-remaining"] == "7"
    sent = script.last
    assert sent.url == "https://api.simkl.com/x?q=%C3%A4+b"
    assert sent.headers["user-agent"] == "dodo-tui/1"
    assert sent.headers["content-type"] == "application/json"
    assert bearer_of(sent) == V2_TOKENS.access


async def test_every_answer_says_how_late_it_is() -> None:
    """Failures too; what is no date says nothing, and so does what a cache has kept."""
    heard: list[datetime] = []
    dates = ("Sun, 22 Nov 2026 20:15:00 GMT", "soon", "Sun, 22 Nov 2026 20:15:09 GMT", "")
    kept = reply(200, Date="Sun, 22 Nov 2026 18:00:00 GMT", Age="8100")
    script = Script(*[reply(500, Date=text) for text in dates], kept)
    connection = Connection(
        "Simkl", "https://api.simkl.com", "x", script.transport, on_date=heard.append
    )
    for _ in (*dates, kept):
        await connection.send(GET)
    await connection.close()
    assert heard == [START, START + timedelta(seconds=9)]


async def test_no_token_no_header() -> None:
    """A request without tokens has no Authorization, and a GET no body."""
    script = Script(reply())
    await _send(script)
    assert "authorization" not in script.last.headers
    assert script.last.content == b""


async def test_a_trailing_slash_of_the_address_is_no_matter() -> None:
    """`https://api.example/` and `https://api.example` are the same to users."""
    script = Script(reply())
    connection = _connection(script, "https://api.example/v1/")
    await connection.send(GET)
    await connection.close()
    assert script.last.url == "https://api.example/v1/x"


async def test_redirects_are_not_followed() -> None:
    """Where a redirect leads is the caller's to judge."""
    answer = await _send(Script(reply(301, Location="https://elsewhere.example/")))
    assert answer.status == 301


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError("no route"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.WriteTimeout("slow"),
        httpx.PoolTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.WriteError("broken pipe"),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
        httpx.ProxyError("no proxy"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_trouble_on_the_way_is_offline(trouble: Exception) -> None:
    """Whatever breaks between here and there, it is worth trying later."""
    error = await failed(OfflineError, _send(Script(trouble)))
    assert str(error) == "Simkl cannot be reached."


async def test_a_bad_certificate_points_at_the_clock() -> None:
    """A Raspberry Pi without a clock distrusts every certificate; the sentence says so."""
    trouble = httpx.ConnectError("handshake")
    trouble.__cause__ = ssl.SSLCertVerificationError("certificate is not yet valid")
    error = await failed(OfflineError, _send(Script(trouble)))
    assert str(error).endswith("its certificate is not trusted. Is the clock right?")


async def test_an_exchange_that_never_ends_is_given_up() -> None:
    """A server that sends a byte now and then cannot hold us for ever."""

    async def handler(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    connection = Connection("Simkl", "https://a.example", "x", httpx.MockTransport(handler))
    request = Request("GET", "/x", limits=Limits(total_seconds=0.0))
    await failed(OfflineError, connection.send(request))
    await connection.close()


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
async def test_an_answer_too_large_is_not_read(packed: bool) -> None:
    """Not even when it is small on the wire and large when unpacked."""
    content = b" " * (MAX_BYTES + 1)
    headers = {"content-encoding": "gzip"} if packed else {}
    content = gzip.compress(content) if packed else content
    script = Script(httpx.Response(200, headers=headers, content=content))
    error = await failed(BrokenError, _send(script))
    assert str(error) == "Simkl sent an answer that is too large."


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    """Reading stops soon after the limit."""
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b"x" * 1024

    script = Script(lambda _: httpx.Response(200, content=endless()))
    request = Request("GET", "/x", limits=Limits(max_bytes=10_000))
    await failed(BrokenError, _send(script, request))
    assert read <= 11


async def test_a_larger_answer_is_read_where_one_is_expected() -> None:
    """A library may be longer than an ordinary answer."""
    script = Script(httpx.Response(200, content=b" " * (MAX_BYTES + 1)))
    request = Request("GET", "/x", limits=Limits(max_bytes=MAX_BYTES * 2))
    assert len((await _send(script, request)).body) == MAX_BYTES + 1


async def test_an_answer_that_cannot_be_unpacked_is_broken() -> None:
    """It says gzip and is not."""
    script = Script(
        lambda _: httpx.Response(
            200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"nope")
        )
    )
    error = await failed(BrokenError, _send(script))
    assert str(error) == "Simkl sent an answer that cannot be read."


@pytest.mark.parametrize("address", ["ftp://x.example", "api.simkl.com", "http://[::1", "https://"])
async def test_an_unusable_address_is_a_matter_of_configuration(address: str) -> None:
    """A mistyped DODO_SIMKL_API_URL is told as such, not as being offline."""
    connection = Connection("Simkl", address, "x")
    error = await failed(MisconfiguredError, connection.send(GET))
    assert str(error) == "The address set for Simkl cannot be used."
    await connection.close()


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without proxies but those a test sets."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


@pytest.mark.parametrize("proxy", ["socks5://user:hunter2@p.example", "nonsense://hunter2"])
async def test_an_unusable_proxy_is_told_without_its_password(
    proxied: pytest.MonkeyPatch, proxy: str
) -> None:
    """The sentence says where to look, and keeps the proxy's password to itself."""
    proxied.setenv("ALL_PROXY", proxy)
    connection = Connection("Simkl", "https://api.simkl.com", "x")
    error = await failed(MisconfiguredError, connection.send(GET))
    assert str(error) == "The proxy set in the environment cannot be used."


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "api.localhost"])
async def test_this_machine_is_reached_without_the_proxy(
    proxied: pytest.MonkeyPatch, host: str
) -> None:
    """A stand-in on the loopback interface works behind a company's proxy."""
    proxied.setenv("HTTP_PROXY", "http://proxy.example:3128")
    connection = Connection("Simkl", f"http://{host}:8123", "x")
    client = connection._open()
    direct = client._transport_for_url(httpx.URL(f"http://{host}:8123/x"))
    elsewhere = client._transport_for_url(httpx.URL("http://api.simkl.com/x"))
    assert direct is client._transport
    assert elsewhere is not client._transport
    await connection.close()


async def test_certificates_that_are_not_there_are_told(
    proxied: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`SSL_CERT_FILE` may name a file that is gone."""
    proxied.setenv("SSL_CERT_FILE", str(tmp_path / "gone.pem"))
    connection = Connection("Simkl", "https://api.simkl.com", "x")
    error = await failed(MisconfiguredError, connection.send(GET))
    assert str(error) == "The certificates named in the environment cannot be read."


async def test_closing_twice_is_closing_once() -> None:
    """Whoever cleans up need not know whether somebody did."""
    script = Script(reply())
    connection = _connection(script)
    await connection.close()
    await connection.send(GET)
    await connection.close()
    await connection.close()


def test_httpx_comes_without_its_command_line() -> None:
    """Importing the providers loads neither click nor rich, installed or not."""
    code = (
        "import sys, dodo_tui.providers.simkl.provider; "
        "print(sorted({'click', 'rich', 'textual'} & set(sys.modules)), 'httpx' in sys.modules)"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert out.strip() == "[] True"


def test_requests_and_replies_show_nothing_of_their_contents() -> None:
    """A repr in a log or a traceback names no token, code or body."""
    request = Request("POST", "/oauth/pin/CODE", {"a": "b"}, json={"c": 1}, tokens=V2_TOKENS)
    text = repr(request) + repr(Reply(200, {"set-cookie": "s"}, b"secret"))
    assert "CODE" not in text
    assert "secret" not in text
    assert V2_TOKENS.access not in text

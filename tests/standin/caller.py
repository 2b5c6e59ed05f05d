"""A client as the contract wants it: every required parameter, one connection, no cleverness."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from dodo_tui.standin.simkl.routes.oauth2 import DEVICE_GRANT
from dodo_tui.standin.simkl.server import StandIn

BOTH = "media:read media:write"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.raw)

    @property
    def error(self) -> str | None:
        """The word clients branch on."""
        value: str | None = self.json.get("error")
        return value


class Caller:
    """Calls the stand-in over one kept-alive connection."""

    def __init__(
        self, url: str, client_id: str | None = "demo-v2", token: str | None = None
    ) -> None:
        address = urlsplit(url)
        self.connection = http.client.HTTPConnection(
            address.hostname or "", address.port or 0, timeout=60
        )
        self.query: dict[str, str] = {"app-name": "dodo-tui", "app-version": "0.1.0"}
        if client_id is not None:
            self.query["client_id"] = client_id
        self.headers: dict[str, str] = {"User-Agent": "dodo-tui/0.1.0"}
        self.token = token

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request."""
        target = f"{quote(path)}?{urlencode({**self.query, **(query or {})})}"
        all_headers = {**self.headers, **(headers or {})}
        if self.token is not None:
            all_headers.setdefault("Authorization", f"Bearer {self.token}")
        try:
            self.connection.request(method, target, body, all_headers)
            response = self.connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        except BaseException:
            self.connection.close()
            raise

    def get(self, path: str, **query: str) -> Answer:
        """GET."""
        return self.send("GET", path, query=query)

    def post(self, path: str, body: object, **query: str) -> Answer:
        """POST JSON."""
        headers = {"Content-Type": "application/json"}
        return self.send("POST", path, json.dumps(body).encode(), headers, query)

    def form(self, path: str, fields: Mapping[str, str]) -> Answer:
        """POST a form."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, urlencode(fields).encode(), headers)

    def delete(self, path: str) -> Answer:
        """DELETE."""
        return self.send("DELETE", path)

    def scrobble(self, verb: str, progress: float, **item: object) -> Answer:
        """POST to `/scrobble/{verb}`."""
        return self.post(f"/scrobble/{verb}", {"progress": progress, **item})

    def activities(self) -> Any:
        """The activities, as JSON."""
        return self.get("/sync/activities").json

    def all_items(self, path: str = "", **query: str) -> Any:
        """The library, as JSON."""
        return self.get(f"/sync/all-items{path}", **query).json


class Callers:
    """Makes callers and closes them all."""

    def __init__(self, standin: StandIn) -> None:
        self.standin = standin
        self._made: list[Caller] = []

    def anonymous(self, client_id: str | None = "demo-v2") -> Caller:
        """A caller without a token."""
        caller = Caller(self.standin.url, client_id)
        self._made.append(caller)
        return caller

    def signed_in(self, user: str = "Dodo", scope: str = BOTH) -> Caller:
        """A V2 caller with a token."""
        caller = self.anonymous()
        code = request_code(caller, scope)
        self.standin.approve(code["user_code"], user)
        caller.token = poll(caller, code).json["access_token"]
        return caller

    def signed_in_v1(self, user: str = "Dodo") -> Caller:
        """A V1 caller with a token."""
        caller = self.anonymous("demo-v1")
        code = caller.get("/oauth/pin").json["user_code"]
        self.standin.approve(code, user)
        caller.token = caller.get(f"/oauth/pin/{code}").json["access_token"]
        return caller

    def close(self) -> None:
        """Close every connection."""
        for caller in self._made:
            caller.connection.close()


def request_code(caller: Caller, scope: str | None = BOTH, client_id: str = "demo-v2") -> Any:
    """Start a V2 sign-in."""
    fields = {"client_id": client_id}
    if scope is not None:
        fields["scope"] = scope
    return caller.form("/oauth2/device", fields).json


def poll(caller: Caller, code: Mapping[str, str], client_id: str = "demo-v2") -> Answer:
    """Poll a V2 sign-in once."""
    fields = {
        "grant_type": DEVICE_GRANT,
        "client_id": client_id,
        "device_code": code["device_code"],
    }
    return caller.form("/oauth2/token", fields)


def refresh(caller: Caller, refresh_token: str, **more: str) -> Answer:
    """Refresh a V2 token."""
    fields = {
        "grant_type": "refresh_token",
        "client_id": "demo-v2",
        "refresh_token": refresh_token,
        **more,
    }
    return caller.form("/oauth2/token", fields)

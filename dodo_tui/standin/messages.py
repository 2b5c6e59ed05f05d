"""Requests, answers and the two envelopes the API puts its errors in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import parse_qsl

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""Any JSON value."""
JsonObject: TypeAlias = "dict[str, Json]"
"""A JSON object."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came over the wire."""

    method: str
    """The verb, upper case."""
    path: str
    """The decoded path, without the query."""
    query: Mapping[str, str]
    """The query's parameters; of a repeated one, the first."""
    headers: Mapping[str, str]
    """The headers, their names in lower case."""
    body: bytes = b""
    """The body, complete."""

    @property
    def is_write(self) -> bool:
        """Whether AUTH V2 counts it as a write: anything but a GET without a body."""
        return self.method != "GET" or bool(self.body)

    def bearer(self) -> str | None:
        """The access token it carries, if any."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" and token.strip() else None

    def json(self) -> Json:
        """The body as JSON; an empty body is null. What does not parse is `wrong_parameter`."""
        if not self.body.strip():
            return None
        try:
            value: Json = json.loads(self.body)
        except ValueError as problem:
            raise ApiError(400, "wrong_parameter", "The body is not JSON") from problem
        return value

    def fields(self) -> Mapping[str, Json]:
        """The body's fields, from JSON or from a form: `/oauth2/*` takes both."""
        if self.headers.get("content-type", "").startswith("application/json"):
            return as_object(self.json())
        pairs = parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return dict(reversed(pairs))


@dataclass(slots=True)
class Response:
    """One answer, ready to be written to the wire."""

    status: int
    """The HTTP status."""
    body: bytes = b""
    """The body, complete."""
    content_type: str = "application/json; charset=utf-8"
    """The body's type."""
    headers: dict[str, str] = field(default_factory=dict)
    """Further headers."""


def answer(value: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with a JSON body."""
    return Response(status, dump(value), headers=dict(headers or {}))


def dump(value: Json) -> bytes:
    """A JSON value as bytes, without needless spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class ApiError(Exception):
    """A refusal in the API's own envelope: `{"error", "code", "message"}` (contract, 3.1)."""

    def __init__(
        self, status: int, error: str, message: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {error}")
        self.status = status
        """The HTTP status, repeated in the body as `code`."""
        self.error = error
        """The word clients branch on."""
        self.message = message
        """A sentence for people; left out when empty."""
        self.headers = dict(headers or {})
        """Headers that go with it, such as `Retry-After`."""

    def response(self) -> Response:
        """The answer to send."""
        body: JsonObject = {"error": self.error, "code": self.status}
        if self.message:
            body["message"] = self.message
        return answer(body, self.status, self.headers)


class OAuthError(ApiError):
    """A refusal in OAuth's envelope (RFC 6749): `{"error", "error_description"}`, no `code`."""

    def response(self) -> Response:
        """The answer to send."""
        body: JsonObject = {"error": self.error, "error_description": self.message or self.error}
        return answer(body, self.status, self.headers)


def as_object(value: Json) -> JsonObject:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Json) -> list[Json]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def as_int(value: Json) -> int | None:
    """A whole number, also when it came as a string; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) else None


def as_number(value: Json) -> float | None:
    """A finite number, also when it came as a string; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1e12 else None

"""What a route of Trakt's is, and how long lists are cut into pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dodo_tui.standin.messages import Json, JsonObject, Request, Response, answer, as_int
from dodo_tui.standin.trakt.accounts import Grant
from dodo_tui.standin.trakt.member import Member
from dodo_tui.standin.trakt.refusals import RefusalError
from dodo_tui.standin.trakt.world import World
from dodo_tui.standin.violations import Violation


@dataclass(frozen=True, slots=True)
class Call:
    """One admitted request with all an answer is made from."""

    request: Request
    """What was sent."""
    world: World
    """The state."""
    segments: tuple[str, ...]
    """The variable parts of the path; an absent one is empty."""
    grant: Grant | None
    """What the caller's token stands for; None on routes without."""
    now: datetime
    """When it came."""

    @property
    def member(self) -> Member:
        """The caller's state."""
        if self.grant is None:
            raise LookupError("this route asks for no token")
        return self.world.member(self.grant.user)

    def violation(self, kind: str) -> None:
        """Note something that a client must not do."""
        named = f"{self.request.method} {self.request.path}"
        self.world.violations.append(Violation(kind, named, self.now))

    def fields(self) -> JsonObject:
        """The body as an object. Raises RefusalError (400): it is none."""
        try:
            value = json.loads(self.request.body or b"{}")
        except ValueError as problem:
            raise RefusalError(400) from problem
        if not isinstance(value, dict):
            raise RefusalError(400)
        return value


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route."""

    method: str
    """The verb."""
    path: re.Pattern[str]
    """Matches the whole path."""
    handle: Callable[[Call], Response]
    """Answers the call."""
    needs_user: bool = True
    """Whether a user's token is asked for; else the app's key alone."""


def route(
    method: str, path: str, handle: Callable[[Call], Response], *, needs_user: bool = True
) -> Endpoint:
    """A route."""
    return Endpoint(method, re.compile(path), handle, needs_user)


def paged(
    call: Call, rows: Sequence[Json], *, default: int = 10, most: int | None = None
) -> Response:
    """One page of a list, with the headers that say which; a longer `limit` is cut in silence."""
    longest = call.world.settings.most_per_page if most is None else most
    limit = min(max(as_int(call.request.query.get("limit")) or default, 1), longest)
    page = max(as_int(call.request.query.get("page")) or 1, 1)
    count = max(1, -(-len(rows) // limit))
    headers = {
        "X-Pagination-Page": str(page),
        "X-Pagination-Limit": str(limit),
        "X-Pagination-Page-Count": str(count),
        "X-Pagination-Item-Count": str(len(rows)),
    }
    return answer(list(rows[(page - 1) * limit : page * limit]), headers=headers)

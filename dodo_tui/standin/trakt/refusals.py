"""How Trakt refuses, and how the edge in front of it does."""

from __future__ import annotations

from collections.abc import Mapping

from dodo_tui.standin.messages import JsonObject, Response, dump


class RefusalError(Exception):
    """An answer that is no success. Trakt's are often empty, and OAuth's have `error`."""

    def __init__(
        self, status: int, body: JsonObject | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(str(status))
        self.status = status
        """The HTTP status."""
        self.body = body
        """The body, if there is one."""
        self.headers = dict(headers or {})
        """Further headers."""

    def response(self) -> Response:
        """The answer to send."""
        data = b"" if self.body is None else dump(self.body)
        return Response(self.status, data, headers=self.headers)


def page_of_an_edge(status: int, words: str) -> Response:
    """A page as Cloudflare sends it, in place of an answer."""
    body = f"<!doctype html><title>{words}</title><h1>{words}</h1>".encode()
    return Response(status, body, "text/html; charset=UTF-8")

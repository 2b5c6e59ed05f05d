"""The page where a user of the demo types a code, in place of the provider's own."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any, Protocol

from dodo_tui.standin.accounts import Accounts
from dodo_tui.standin.messages import Request, Response

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Stand-in for {service}</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:1.1em sans-serif;max-width:26em;margin:3em auto;padding:0 1em}}
input,button{{font:inherit;padding:.4em;margin:.2em 0}}</style></head><body>
<h1>Connect a device</h1>
<p>This page belongs to dodo's stand-in for {service}. Nothing leaves this machine.</p>
{notice}<form method="post" action="{action}">
<p><label>Code <input name="user_code" value="{code}" autocomplete="off" autofocus></label></p>
<p><label>Account <input name="user" value="{user}" list="users"></label>
<datalist id="users">{users}</datalist></p>
<p><button name="answer" value="approve">Approve</button>
<button name="answer" value="decline">Decline</button></p>
</form></body></html>
"""


class _Settings(Protocol):
    """What the page wants to know of a stand-in's settings."""

    auto_approve_user: str
    """Whose name is filled in."""


class _World(Protocol):
    """What every stand-in's state has."""

    @property
    def accounts(self) -> Accounts[Any, Any, Any]:
        """Users, apps and grants."""
        ...

    @property
    def settings(self) -> _Settings:
        """Limits and shapes."""
        ...


@dataclass(frozen=True, slots=True)
class CodePage:
    """The page of one provider."""

    service: str
    """The provider's name."""
    path: str
    """Where it is."""
    when_declined: str
    """What is said of a code that was declined."""

    def show(self, world: _World, code: str = "", notice: str = "", status: int = 200) -> Response:
        """The page, with a notice and a code filled in if there are any."""
        page = _PAGE.format(
            service=self.service,
            action=self.path,
            notice=f"<p><strong>{escape(notice)}</strong></p>\n" if notice else "",
            code=escape(code),
            user=escape(world.settings.auto_approve_user),
            users="".join(f'<option value="{escape(name)}">' for name in world.accounts.users),
        )
        headers = {
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            "Cache-Control": "no-store",
        }
        return Response(status, page.encode(), "text/html; charset=utf-8", headers)

    def decide(self, world: _World, request: Request) -> Response:
        """Approve or decline as the form says, and say what came of it."""
        fields = request.fields()
        code, user = str(fields.get("user_code") or ""), str(fields.get("user") or "").strip()
        if fields.get("answer") == "decline":
            world.accounts.decline(code)
            return self.show(world, notice=self.when_declined)
        try:
            world.accounts.approve(code, user or world.settings.auto_approve_user)
        except LookupError as problem:
            return self.show(world, code, str(problem.args[0]), status=404)
        return self.show(world, notice="Approved. The device will notice within seconds.")

"""The page where a user of the demo types a code, in place of the provider's own."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from dodo_tui.standin.messages import Response

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


def code_page(
    service: str,
    action: str,
    notice: str,
    code: str,
    user: str,
    users: Iterable[str],
    status: int = 200,
) -> Response:
    """The page, with a notice and a code filled in if there are any."""
    page = _PAGE.format(
        service=service,
        action=action,
        notice=f"<p><strong>{escape(notice)}</strong></p>\n" if notice else "",
        code=escape(code),
        user=escape(user),
        users="".join(f'<option value="{escape(name)}">' for name in users),
    )
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "Cache-Control": "no-store",
    }
    return Response(status, page.encode(), "text/html; charset=utf-8", headers)

"""Where Simkl's posters are. Simkl: images never change under one path; keep them for good."""

from __future__ import annotations

import re

from dodo_tui.config import SIMKL_API_URL
from dodo_tui.providers.http import Limits, Request

_PROXY = "https://wsrv.nl"
"""Simkl: images are asked for through this proxy, which spares its own servers."""

_IMAGES = "https://simkl.in/posters"
_SIZE = "m"
"""340 pixels wide: enough for the largest poster that is drawn in a terminal."""

_FRAGMENT = re.compile(r"[0-9]{1,8}/[0-9A-Za-z]{1,64}", re.ASCII)

LIMITS = Limits(max_bytes=5 * 1024 * 1024, read_seconds=8.0, total_seconds=15.0)
"""A poster has some thirty kilobytes; one that takes longer than this is not waited for."""


def poster_request(fragment: str, api_url: str = SIMKL_API_URL) -> tuple[str, Request] | None:
    """The server and the request for a poster; None for what is no fragment of Simkl's.

    A fragment like `14/14017865947c9d3d0d` comes from outside: nothing else may reach a path. Where
    another API is asked (a stand-in), so is it for its images.
    """
    if _FRAGMENT.fullmatch(fragment) is None:
        return None
    name = f"{fragment}_{_SIZE}.webp"
    if api_url.rstrip("/") != SIMKL_API_URL:
        return api_url, Request("GET", f"/posters/{name}", limits=LIMITS)
    query = {"url": f"{_IMAGES}/{name}", "q": "90"}
    return _PROXY, Request("GET", "/", query=query, limits=LIMITS)

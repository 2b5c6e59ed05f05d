"""`/posters/{fragment}_{size}.webp`: what the real service's image server answers (contract, 14).

The stand-in's are PNGs whatever their name says; a client goes by what is in the file.
"""

from __future__ import annotations

from dodo_tui.standin.messages import Response
from dodo_tui.standin.posters import poster_png
from dodo_tui.standin.simkl.endpoint import Call, outside


def _poster(call: Call) -> Response:
    fragment = call.segments[0]
    if all(title.poster != fragment for title in call.world.catalogue.titles()):
        return Response(404, b"not found", "text/plain")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(200, poster_png(fragment), "image/png", headers)


ENDPOINTS = (outside("GET", r"/posters/([0-9]+/[0-9A-Za-z]+)_[a-z]+\.(?:webp|jpg)", _poster),)
"""The routes of this file."""

"""Deleting a resume point."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from dodo_tui.providers.changes import ResumePoint
from dodo_tui.providers.errors import BrokenError, OfflineError, ProviderError, RejectedError
from tests.providers.conftest import MakeProvider
from tests.providers.support import INCEPTION, Script, failed, refusal, reply

POINT = ResumePoint(INCEPTION, 40.0, None, remote_id=35148628)


@pytest.mark.parametrize(
    "answer",
    [reply(204), reply(200, {"deleted": True}), refusal(404, "empty")],
)
async def test_a_resume_point_is_deleted(provider_of: MakeProvider, answer: httpx.Response) -> None:
    """Either success, or gone already (contract §10.2)."""
    script = Script(answer)
    await provider_of(script).forget_resume_point(POINT)
    assert script.paths == ["DELETE /sync/playback/35148628"]


@pytest.mark.parametrize("remote_id", [None, 0])
async def test_a_resume_point_that_is_not_kept_there(
    provider_of: MakeProvider, remote_id: int | None
) -> None:
    """Without its id there is nothing to delete."""
    await provider_of(Script()).forget_resume_point(replace(POINT, remote_id=remote_id))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refusal(404, "url_failed"), RejectedError),
        (httpx.Response(404, text="<p>"), BrokenError),
        (reply(200, {"error": "internal", "code": 500}), BrokenError),
        (httpx.ConnectError("no"), OfflineError),
    ],
)
async def test_a_resume_point_that_could_not_be_deleted(
    provider_of: MakeProvider, answer: httpx.Response, kind: type[ProviderError]
) -> None:
    """It is never taken for done."""
    await failed(kind, provider_of(Script(answer)).forget_resume_point(POINT))

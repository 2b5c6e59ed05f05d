"""The stand-in for Trakt does what section 20 of the contract asks of a faithful one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.faults import Reset
from dodo_tui.standin.trakt.server import TraktStandIn

from .caller import Answer, Caller

MATRIX = {"ids": {"imdb": "tt0133093"}}
BREAKING_BAD = {"ids": {"tvdb": 81189}}


@pytest.fixture
def time() -> ManualClock:
    """Time that stands still until it is moved."""
    return ManualClock()


@pytest.fixture
def trakt(time: ManualClock) -> Iterator[TraktStandIn]:
    """A running stand-in without limits."""
    with TraktStandIn(clock=time, seed=1) as running:
        running.settings.faithful_limits = False
        yield running
        assert running.errors == []


class Client(Caller):
    """A client of Trakt's: the headers that it wants."""

    def __init__(self, standin: TraktStandIn, *, signed_in: bool = True) -> None:
        super().__init__(standin.url, None)
        self.query = {}
        self.headers |= {
            "Content-Type": "application/json",
            "trakt-api-version": "2",
            "trakt-api-key": "demo-trakt",
        }
        if signed_in:
            accounts = standin.world.accounts
            self.token = accounts.grant("demo-trakt", accounts.user("Dodo"), 604_800).access_token


@pytest.fixture
def client(trakt: TraktStandIn) -> Iterator[Client]:
    """Somebody who is signed in."""
    made = Client(trakt)
    yield made
    made.connection.close()


def sign_in(client: Client, **more: str) -> Answer:
    """Ask for a code."""
    return client.post("/auth/oauth/device/code", {"client_id": "demo-trakt", **more})


def poll(client: Client, code: str, **more: str) -> Answer:
    """Poll for the tokens."""
    body = {"client_id": "demo-trakt", "code": code, **more}
    return client.post("/auth/oauth/device/token", body)


def renew(client: Client, token: str) -> Answer:
    """Use a refresh token."""
    return client.post(
        "/auth/oauth/token",
        {"client_id": "demo-trakt", "refresh_token": token, "grant_type": "refresh_token",
         "redirect_uri": "urn:ietf:wg:oauth:2.0:oob"},
    )  # fmt: skip


# Common rules


@pytest.mark.parametrize("agent", ["", "python-httpx/0.28"])
def test_no_name_of_ones_own_is_a_page(client: Client, agent: str) -> None:
    """403, HTML, error 1010."""
    client.headers["User-Agent"] = agent
    answer = client.get("/sync/last_activities")
    assert answer.status == 403
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b"1010" in answer.raw


def test_wrong_type_key_and_version(client: Client, trakt: TraktStandIn) -> None:
    """412, 403, and a violation."""
    assert client.form("/sync/history", {"a": "b"}).status == 412
    client.headers["trakt-api-key"] = "nobody"
    assert client.get("/sync/last_activities").status == 403
    client.headers["trakt-api-key"] = "demo-trakt"
    del client.headers["trakt-api-version"]
    assert client.get("/sync/last_activities").status == 200
    assert [v.kind for v in trakt.violations] == ["missing-api-version"]


def test_tokens_are_wanted_and_end(client: Client, time: ManualClock) -> None:
    """401 without one, with another one, and when it has run out; 404 and 405 beside it."""
    assert client.get("/nothing/here").status == 404
    assert client.get("/sync/history/remove").status == 405
    time.advance(604_801)
    assert client.get("/sync/last_activities").status == 401
    client.token = "else"
    assert client.get("/sync/last_activities").status == 401


def test_limits_are_one_write_a_second_and_500_reads_in_five_minutes(
    client: Client, trakt: TraktStandIn, time: ManualClock
) -> None:
    """One write a second, 500 reads in five minutes; told with `Retry-After` and JSON."""
    trakt.settings.faithful_limits = True
    trakt.settings.reads_per_window = 3
    assert client.post("/sync/watchlist", {"movies": [MATRIX]}).status == 201
    refused = client.post("/sync/watchlist", {"movies": [MATRIX]})
    assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
    assert "AUTHED_API_POST_LIMIT" in refused.headers["X-Ratelimit"]
    time.advance(1)
    assert client.post("/sync/watchlist", {"movies": [MATRIX]}).status == 201
    assert [client.get("/sync/last_activities").status for _ in range(4)] == [200] * 3 + [429]
    time.advance(300)
    assert client.get("/sync/last_activities").status == 200


def test_a_locked_account_is_423_with_what_locks_it(client: Client, trakt: TraktStandIn) -> None:
    """423 with the headers that say which."""
    trakt.world.accounts.user("Dodo").locked = True
    answer = client.get("/sync/last_activities")
    assert (answer.status, answer.headers["X-Account-Locked"]) == (423, "true")


# Sign-in


def test_the_life_of_a_code(client: Client, trakt: TraktStandIn, time: ManualClock) -> None:
    """Pending with an empty body, too fast, approved once, used, unknown."""
    trakt.settings.faithful_limits = True
    code = sign_in(client).json
    assert poll(client, "else").status == 404
    pending = poll(client, code["device_code"])
    assert (pending.status, pending.raw) == (400, b"")
    assert poll(client, code["device_code"]).status == 429
    time.advance(5)
    trakt.approve(code["user_code"])
    tokens = poll(client, code["device_code"])
    assert (tokens.status, tokens.json["expires_in"]) == (200, 604_800)
    time.advance(5)
    assert poll(client, code["device_code"]).status == 409
    assert client.post("/oauth/device/code", {"client_id": "demo-trakt"}).status == 404


def test_refused_and_run_out(client: Client, trakt: TraktStandIn, time: ManualClock) -> None:
    """418 and 410."""
    code = sign_in(client).json
    trakt.decline(code["user_code"])
    assert poll(client, code["device_code"]).status == 418
    other = sign_in(client).json
    time.advance(601)
    assert poll(client, other["device_code"]).status == 410


def test_a_secret_may_be_required(client: Client, trakt: TraktStandIn) -> None:
    """Without it `invalid_client`; a wrong one is refused in any case."""
    trakt.settings.secret_required = True
    code = sign_in(client).json["device_code"]
    assert poll(client, code).json == {"error": "invalid_client"}
    assert poll(client, code, client_secret="demo-secret").status == 400
    trakt.settings.secret_required = False
    assert poll(client, code, client_secret="wrong").json == {"error": "invalid_client"}


def test_a_refresh_token_works_once(client: Client, trakt: TraktStandIn) -> None:
    """Also where its answer was lost on the way."""
    accounts = trakt.world.accounts
    grant = accounts.grant("demo-trakt", accounts.user("Dodo"), 60)
    first = grant.refresh_token
    second = renew(client, first).json["refresh_token"]
    assert second != first
    again = renew(client, first)
    assert (again.status, again.json["error"]) == (400, "invalid_grant")
    trakt.faults.add("/auth/oauth/token", Reset(after_processing=True))
    with pytest.raises(OSError):
        renew(client, second)
    assert renew(client, second).status == 400
    assert (
        client.post(
            "/auth/oauth/revoke", {"client_id": "demo-trakt", "token": grant.access_token}
        ).json
        == {}
    )
    assert accounts.by_access_token(grant.access_token, "demo-trakt") is None


def test_the_page_for_codes(client: Client, trakt: TraktStandIn) -> None:
    """A form that approves and declines; what is typed there stays text."""
    trakt.settings.local_approval_page = True
    code = sign_in(client).json
    assert code["verification_url"] == f"{trakt.url}/activate"
    page = client.get("/activate/<b>x")
    assert b"&lt;b&gt;x" in page.raw
    assert client.form("/activate", {"user_code": "NOPE"}).status == 404
    assert client.form("/activate", {"user_code": code["user_code"]}).status == 200
    assert poll(client, code["device_code"]).status == 200


# Scrobbling


def scrobble(client: Client, verb: str, progress: float, **what: Any) -> Answer:
    """A scrobble of The Matrix, or of something else."""
    return client.post(f"/scrobble/{verb}", {"progress": progress, **(what or {"movie": MATRIX})})


def test_what_each_percent_means(client: Client, trakt: TraktStandIn) -> None:
    """Under 1 % refused, up to 80 % a resume point, above it a play with a long id."""
    assert scrobble(client, "stop", 0.5).status == 422
    paused = scrobble(client, "stop", 80)
    assert (paused.status, paused.json["action"], paused.json["id"]) == (201, "pause", 0)
    assert trakt.person().playback("The Matrix") is not None
    assert scrobble(client, "start", 81).json["action"] == "start"
    assert trakt.person().playback("The Matrix") is None
    done = scrobble(client, "stop", 80.01).json
    assert done["action"] == "scrobble"
    assert done["id"] > 2**32
    assert len(trakt.person().plays("The Matrix")) == 1


def test_again_within_the_hour_is_a_conflict(
    client: Client, trakt: TraktStandIn, time: ManualClock
) -> None:
    """409 with its times; after an hour it is another play."""
    scrobble(client, "stop", 95)
    conflict = scrobble(client, "stop", 95)
    assert conflict.status == 409
    assert conflict.json == {
        "watched_at": "2026-11-02T12:00:00.000Z", "expires_at": "2026-11-02T13:00:00.000Z",
    }  # fmt: skip
    time.advance(3600)
    assert scrobble(client, "stop", 95).status == 201
    assert len(trakt.person().plays("The Matrix")) == 2


@pytest.mark.parametrize(
    ("what", "status"),
    [
        ({"show": BREAKING_BAD, "episode": {"season": 1, "number": 5}}, 201),
        ({"show": BREAKING_BAD, "episode": {"number_abs": 20}}, 201),
        ({"show": BREAKING_BAD, "episode": {"season": 1, "number": 99}}, 404),
        ({"movie": {"ids": {"imdb": "tt9999999"}}}, 404),
        ({"episode": {"ids": {"trakt": 73_003}}}, 201),
        ({"nothing": 1}, 400),
    ],
)
def test_how_things_are_named(client: Client, what: dict[str, Any], status: int) -> None:
    """By numbers, by the absolute number, by an id of its own."""
    assert scrobble(client, "start", 10, **what).status == status


# History and lists


def test_history_counts_everything_twice(client: Client, trakt: TraktStandIn) -> None:
    """The same play sent twice is there twice; unknown ones are echoed; a single one can go."""
    body = {"movies": [{**MATRIX, "watched_at": "2026-10-01T20:00:00.000Z"},
                       {"ids": {"imdb": "tt9999999"}}]}  # fmt: skip
    first = client.post("/sync/history", body)
    client.post("/sync/history", body)
    assert first.status == 201
    assert first.json["added"] == {"movies": 1, "episodes": 0}
    assert first.json["not_found"]["movies"] == [{"ids": {"imdb": "tt9999999"}}]
    assert len(trakt.person().plays("The Matrix")) == 2
    rows = client.get("/sync/history/movies").json
    gone = client.post("/sync/history/remove", {"ids": [rows[0]["id"], 5]})
    assert gone.json["deleted"]["movies"] == 1
    assert gone.json["not_found"]["ids"] == [5]
    assert len(trakt.person().plays("The Matrix")) == 1
    client.post("/sync/history/remove", {"movies": [MATRIX]})
    assert trakt.person().plays("The Matrix") == []


def test_a_bare_show_is_all_of_it_and_a_violation(client: Client, trakt: TraktStandIn) -> None:
    """The trap that no client may step into."""
    client.post("/sync/history", {"shows": [BREAKING_BAD]})
    assert len(trakt.person().member.plays) == 62
    assert [v.kind for v in trakt.violations] == ["whole-show"]


def test_history_is_filtered_by_when_it_was_watched(client: Client, trakt: TraktStandIn) -> None:
    """Not by when it was entered; newest first."""
    for day in (1, 2, 3):
        body = {"movies": [{**MATRIX, "watched_at": f"2026-10-0{day}T20:00:00Z"}]}
        client.post("/sync/history", body)
    found = client.get("/sync/history", start_at="2026-10-02T00:00:00Z",
                       end_at="2026-10-02T23:00:00Z").json  # fmt: skip
    assert [row["watched_at"] for row in found] == ["2026-10-02T20:00:00.000Z"]
    newest = [row["watched_at"][8:10] for row in client.get("/sync/history").json]
    assert newest == ["03", "02", "01"]


def test_pages_are_clamped(client: Client, trakt: TraktStandIn) -> None:
    """A longer limit is cut in silence; the headers tell."""
    for number in range(1, 8):
        trakt.person().watch("Breaking Bad", 1, number)
    trakt.settings.most_per_page = 3
    answer = client.get("/sync/history", limit="1000", page="3")
    assert len(answer.json) == 1
    assert [answer.headers[f"X-Pagination-{name}"] for name in
            ("Page", "Limit", "Page-Count", "Item-Count")] == ["3", "3", "3", "7"]  # fmt: skip


def test_watched_in_its_forms(client: Client, trakt: TraktStandIn) -> None:
    """Without episodes, with them, and as the smallest map with every play."""
    trakt.person().watch("Breaking Bad", 1, 1)
    trakt.person().watch("Breaking Bad", 1, 1)
    assert "seasons" not in client.get("/sync/watched/shows").json[0]
    row = client.get("/sync/watched/shows", extended="progress").json[0]
    assert row["seasons"][0]["episodes"][0]["plays"] == 2
    smallest = client.get("/sync/watched/shows", extended="min").json
    assert [len(times) for times in smallest["1"]["1"].values()] == [2]


def test_activities_move_on_adding_and_on_removing(client: Client, trakt: TraktStandIn) -> None:
    """Also while the clock stands still."""
    stamps = [client.get("/sync/last_activities").json]
    phone = trakt.person()
    for act in (
        lambda: phone.watch("The Matrix"),
        lambda: phone.unwatch("The Matrix"),
        lambda: phone.plan("Charade"),
        lambda: phone.plan("Charade", planned=False),
        lambda: phone.rate("Charade", 7),
        lambda: phone.rate("Charade", None),
        lambda: phone.hide("Andor"),
        lambda: phone.drop("Andor"),
        lambda: phone.pause("The Matrix", 20),
        lambda: phone.forget_playback("The Matrix"),
    ):
        act()
        stamps.append(client.get("/sync/last_activities").json)
        assert stamps[-1] != stamps[-2]
        assert stamps[-1]["all"] > stamps[-2]["all"]


def test_watching_takes_off_the_watchlist(client: Client, trakt: TraktStandIn) -> None:
    """One episode takes the whole show off it."""
    trakt.person().plan("Breaking Bad")
    trakt.person().watch("Breaking Bad", 1, 1)
    assert client.get("/sync/watchlist/all/rank/asc").json == []


def test_a_full_watchlist_is_420_without_a_body(client: Client, trakt: TraktStandIn) -> None:
    """420, without a body."""
    trakt.settings.watchlist_limit = 1
    trakt.person().plan("Charade")
    answer = client.post("/sync/watchlist", {"movies": [MATRIX]})
    assert (answer.status, answer.raw, answer.headers["X-Account-Limit"]) == (420, b"", "1")


def test_playback_is_for_each_episode_and_ends(
    client: Client, trakt: TraktStandIn, time: ManualClock
) -> None:
    """Deleted by its id; after six months it is gone."""
    phone = trakt.person()
    phone.pause("Breaking Bad", 20, 1, 1)
    phone.pause("Breaking Bad", 30, 1, 2)
    rows = client.get("/sync/playback").json
    assert {row["progress"] for row in rows} == {20, 30}
    assert client.delete(f"/sync/playback/{rows[0]['id']}").status == 204
    assert client.delete(f"/sync/playback/{rows[0]['id']}").status == 404
    time.advance(184 * 86_400)
    client.token = Client(trakt).token
    assert client.get("/sync/playback").json == []


def test_what_is_logged_holds_no_secret(client: Client, trakt: TraktStandIn) -> None:
    """Codes, tokens and secrets are fingerprints there."""
    code = sign_in(client).json
    poll(client, code["device_code"], client_secret="demo-secret")
    told = repr(trakt.log.entries())
    assert code["device_code"] not in told
    assert "demo-secret" not in told
    assert (client.token or "-") not in told

"""Accounts are a profile's: two people with two accounts never mix."""

from __future__ import annotations

import asyncio
import stat

from dodo_tui.storage import accounts
from dodo_tui.storage.credentials import TokenFile
from tests.engine.support import eventually
from tests.people.household import INCEPTION, MATRIX, Household


async def test_each_one_s_viewings_go_to_their_own_account(home: Household) -> None:
    """Anna's film is on Anna's list and on nobody else's, and Ben's on Ben's."""
    async with home.engine() as (app, pilot):
        await home.sign_in(app, pilot, "Anna")
        await home.switch(app, pilot, home.ben)
        assert not app.providers[0].connected
        await home.sign_in(app, pilot, "Ben")
        assert (app.providers[0].user, app.profile.name) == ("Ben", "Ben")
        for profile, film in ((home.ben, INCEPTION), (home.anna, MATRIX)):
            await home.switch(app, pilot, profile)
            await home.watch(await home.begin(app, pilot, film), app, pilot)
            await home.delivered(app, pilot)
        anna, ben = home.simkl.person("Anna"), home.simkl.person("Ben")
        assert (anna.has_watched(MATRIX), anna.has_watched(INCEPTION)) == (True, False)
        assert (ben.has_watched(MATRIX), ben.has_watched(INCEPTION)) == (False, True)
        assert home.waiting() == []


async def test_tokens_are_a_private_file_each(home: Household) -> None:
    """One for each profile, for this user only."""
    async with home.engine() as (app, pilot):
        await home.sign_in(app, pilot, "Anna")
        await home.switch(app, pilot, home.ben)
        await home.sign_in(app, pilot, "Ben")
    files = sorted(home.paths.data.glob("*.token"))
    assert [file.name for file in files] == ["simkl-1.token", "simkl-2.token"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert files[0].read_text() != files[1].read_text()


async def test_what_plays_stays_with_whoever_started_it(home: Household) -> None:
    """Defect 38: a switch in the middle moves neither the play nor what is told of it."""
    async with home.engine() as (app, pilot):
        await home.sign_in(app, pilot, "Anna")
        await home.switch(app, pilot, home.ben)
        await home.sign_in(app, pilot, "Ben")
        await home.switch(app, pilot, home.anna)
        player = await home.begin(app, pilot, MATRIX)
        await home.switch(app, pilot, home.ben)
        await home.watch(player, app, pilot)
        await home.delivered(app, pilot)
        assert home.simkl.person("Anna").has_watched(MATRIX)
        assert not home.simkl.person("Ben").has_watched(MATRIX)
        assert [play.key for play in home.plays(home.anna)] == [MATRIX]
        assert home.plays(home.ben) == ()


async def test_signing_out_ends_the_grant_and_keeps_the_history(home: Household) -> None:
    """The token works no more, the file is gone, the play stays."""
    async with home.engine() as (app, pilot):
        await home.sign_in(app, pilot, "Anna")
        await home.watch(await home.begin(app, pilot, MATRIX), app, pilot)
        await home.delivered(app, pilot)
        app.disconnect("simkl")
        await eventually(pilot, lambda: not app.providers[0].connected)
        await eventually(pilot, lambda: not list(home.paths.data.glob("*.token")))
        revokes = [entry for entry in home.simkl.log.entries() if "revoke" in entry.path]
        assert [entry.status for entry in revokes] == [200]
        assert [play.key for play in home.plays(home.anna)] == [MATRIX]


async def test_signing_out_works_without_a_network(home: Household) -> None:
    """What was not sent is counted, stays here, and goes to the same person later."""
    async with home.engine() as (app, pilot):
        await home.sign_in(app, pilot, "Anna")
        home.simkl.offline = True
        await home.watch(await home.begin(app, pilot, MATRIX), app, pilot)
        await home.delivered(app, pilot)
        await eventually(pilot, lambda: app.sync[0].waiting == 1)
        app.disconnect("simkl")
        await eventually(pilot, lambda: not app.providers[0].connected)
        await eventually(pilot, lambda: not list(home.paths.data.glob("*.token")))
        home.simkl.offline = False
        await home.sign_in(app, pilot, "Anna")
        await home.delivered(app, pilot)
        assert home.simkl.person("Anna").has_watched(MATRIX)
        assert home.waiting() == []


async def test_another_account_begins_anew_and_gets_nothing_of_the_one_before(
    home: Household,
) -> None:
    """Clean cursors, its own question, and not one fact that was another account's."""
    async with home.engine() as (app, pilot):
        await home.sign_in(app, pilot, "Anna")
        app.choose_first_sync("simkl", "merge")
        await eventually(pilot, lambda: not app.providers[0].first_sync_pending)
        await eventually(pilot, lambda: app.sync[0].last_sync_at)
        home.simkl.offline = True
        await home.watch(await home.begin(app, pilot, MATRIX), app, pilot)
        await home.delivered(app, pilot)
        app.disconnect("simkl")
        await eventually(pilot, lambda: not app.providers[0].connected)
        home.simkl.offline = False
        await home.sign_in(app, pilot, "Somebody else")
        assert app.providers[0].first_sync_pending
        assert app.sync[0].waiting == 0
        await home.watch(await home.begin(app, pilot, INCEPTION), app, pilot)
        await home.delivered(app, pilot)
        other = home.simkl.person("Somebody else")
        assert (other.has_watched(INCEPTION), other.has_watched(MATRIX)) == (True, False)
        assert home.waiting() == [MATRIX]


async def test_an_account_that_comes_back_is_asked_about_anew(home: Household) -> None:
    """The lists here are the other one's by then."""
    async with home.engine() as (app, pilot):
        for user in ("Anna", "Ben"):
            await home.sign_in(app, pilot, user)
            assert app.providers[0].first_sync_pending
            app.choose_first_sync("simkl", "merge")
            await eventually(
                pilot, lambda: app.sync[0].last_sync_at and not app.providers[0].first_sync_pending
            )
            await home.clock.advance(60)
        await home.sign_in(app, pilot, "Anna")
        assert app.providers[0].first_sync_pending


async def test_tokens_that_come_meanwhile_never_speak_for_the_account_before(
    home: Household,
) -> None:
    """Somebody else signs in, over SSH, while what waits for Anna is about to be sent."""
    async with home.engine() as (app, pilot):
        await home.sign_in(app, pilot, "Anna")
        file = TokenFile(home.paths.data, "simkl", home.anna.id)
        speaks_for_anna = await asyncio.to_thread(home.services.provider, "simkl", home.anna.id)
        await home.switch(app, pilot, home.ben)
        await home.sign_in(app, pilot, "Ben")
        tokens = await TokenFile(home.paths.data, "simkl", home.ben.id).load()
        assert tokens is not None
        await file.save(tokens)
        assert await file.load() == tokens
        home.simkl.log.clear()
        await home.switch(app, pilot, home.anna)
        account = home.store.run_now(accounts.find_account, home.anna.id, "simkl")
        assert account is not None
        try:
            user = await speaks_for_anna.user()
        except Exception as error:  # noqa: BLE001
            assert "connect" in str(error).lower()
        else:
            raise AssertionError(f"it spoke for {user.name}")
        finally:
            await speaks_for_anna.close()

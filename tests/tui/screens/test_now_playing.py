"""Now playing, by six keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from dodo_tui.domain.playback import End
from dodo_tui.domain.tracks import Track, TrackKind
from dodo_tui.storage.settings import set_setting
from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.face.unmeant_keys import MOVED_SECONDS
from dodo_tui.tui.screens.tracks_menu import track_name
from dodo_tui.tui.widgets.menu_list import MenuList
from tests.tracking.samples import Viewer, opened
from tests.tui.screens.support import World, gone, keys, press, running, seen


async def test_left_and_right_seek_by_growing_steps(world: World) -> None:
    """Presses add up as they come, the jump is made when no more follow."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00", "Left/Right seek    OK pause")
        await keys(app, pilot, "right", "+0:10 to 1:00", "OK jump", "Back do not jump")
        await keys(app, pilot, "right", "+0:30 to 1:20", "0:50 / 1:40:00")
        world.clock.advance(1)
        await seen(app, pilot, "1:21 / 1:40:00", "OK pause")
        await keys(app, pilot, "left", "-0:10 to 1:11")
        await keys(app, pilot, "enter", "1:11 / 1:40:00", "OK pause")


async def test_a_jump_can_be_taken_back(world: World) -> None:
    """Back before it is made: nothing happens, and the screen stays."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        await keys(app, pilot, "right", "+0:10")
        await press(pilot, "escape")
        await gone(app, pilot, "+0:10")
        world.clock.advance(1)
        await seen(app, pilot, "0:51 / 1:40:00")


async def test_ok_pauses_and_resumes(world: World) -> None:
    """OK pauses; the words say so, and what OK does now."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "ends 21:54")
        await keys(app, pilot, "enter", "II paused", "OK resume")
        await press(pilot, "enter")
        await gone(app, pilot, "paused")


async def test_the_hint_line_tells_where_everything_is(world: World) -> None:
    """Up leads to tracks and neighbours, Down to Stop; what stands there is true."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "Up more    Down stop    Back leave it playing")
        await keys(app, pilot, "up", "[ Subtitles ]  Sound")
        await keys(app, pilot, "down down", "[ Stop ]")
    async with running(world, size=(120, 40)) as (app, pilot):
        await keys(app, pilot, "enter", "Up subtitles, sound, next    Down stop")


async def test_the_hint_says_what_ok_does_on_each_button(world: World) -> None:
    """Not the same word on all of them; and one sees on which machine it plays."""
    world.store.run_now(set_setting, "device_name", "living room")
    async with running(world) as (app, pilot):
        app.play(f"{world.key_of('Breaking Bad')}:1:5", from_start=True)
        await seen(app, pilot, "on living room", "Next, S1 E6")
        await keys(app, pilot, "up", "[ Subtitles ]", "OK list them")
        await keys(app, pilot, "right right", "OK play S1 E4")
        await keys(app, pilot, "right", "OK play S1 E6")
        await keys(app, pilot, "down down", "OK stop")


async def test_tracks_are_chosen_from_a_list(world: World) -> None:
    """The one that is on is told and under the cursor; subtitles can be off."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        await keys(app, pilot, "up enter", "Off", "English", "German", "chosen")
        await keys(app, pilot, "down down enter", "[ Subtitles ]")
        await keys(app, pilot, "enter", "German")
        (chosen,) = [line for line in (await seen(app, pilot, "chosen")).splitlines()
                     if "chosen" in line]  # fmt: skip
        assert "German" in chosen
        await keys(app, pilot, "escape right enter", "Sound", "English, Commentary", "stereo")
        await keys(app, pilot, "down enter", "[ Sound ]")
        assert [track.title for track in await app.read_tracks() if track.selected] == [
            "Commentary",
            "",
        ]


def test_a_track_always_has_a_name() -> None:
    """Whatever the file says about it."""
    sound = TrackKind.AUDIO
    assert track_name(Track(3, sound)) == "Track 3"
    assert track_name(Track(3, sound, "und", "Song")) == "Song"
    assert track_name(Track(3, sound, "pt-BR", "Dub")) == "Portuguese (BR), Dub"
    assert track_name(Track(3, sound, "tlh")) == "tlh"


async def test_the_episodes_beside_it(world: World) -> None:
    """Previous and Next name them and go there, in the same player, as viewings of their own."""
    async with running(world) as (app, pilot):
        app.play(_episode(world, 5))
        await seen(app, pilot, "Breaking Bad  S1 E5", "Previous, S1 E4", "Next, S1 E6")
        await keys(app, pilot, "up right right right enter", "Breaking Bad  S1 E6")
        screen = await seen(app, pilot, "Previous, S1 E5")
        assert "Next" not in screen
        await keys(app, pilot, "less_than_sign", "Breaking Bad  S1 E5")
        await keys(app, pilot, "greater_than_sign", "Breaking Bad  S1 E6")
        await keys(app, pilot, "f4", "There is nothing after this one on this device.")
        await press(pilot, "p")
        await gone(app, pilot, "There is nothing")
        assert len(world.services.films) == 1


def _episode(world: World, number: int) -> str:
    return f"{world.key_of('Breaking Bad')}:1:{number}"


async def test_the_keys_of_a_remote_change_the_sound(world: World) -> None:
    """The volume keys of a remote, and their letters."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        await press(pilot, "minus minus plus mute_volume")
        await pilot.pause()
        film = world.services.films[-1]
        assert (film.volume_percent, film.muted) == (95.0, True)


async def test_seeking_from_another_screen(world: World) -> None:
    """The keys for it work everywhere, at once."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        await keys(app, pilot, "escape", "Continue Watching")
        await press(pilot, "media_fast_forward media_fast_forward comma")
        await keys(app, pilot, "n", "1:00 / 1:40:00")


async def test_stop_ends_and_returns(world: World) -> None:
    """Home stands on the same card again."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        await keys(app, pilot, "down enter", "Continue Watching", "▌Inception")


async def test_back_leaves_it_playing_and_a_key_returns(world: World) -> None:
    """Back goes home while it plays on; it is not thrown back by the next tick."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00", "Back leave it playing")
        await keys(app, pilot, "escape", "Continue Watching")
        world.clock.advance(60)
        await seen(app, pilot, "Continue Watching")
        assert app.now_playing is not None
        await keys(app, pilot, "n", "1:50 / 1:40:00")


async def test_six_keys_lead_back_to_it(world: World) -> None:
    """While something plays the top bar has a place for it."""
    async with running(world) as (app, pilot):
        assert "Now playing" not in await seen(app, pilot, "Settings")
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        await keys(app, pilot, "escape", "Settings    Now playing")
        await keys(app, pilot, "up up", "[ Home ]")
        await keys(app, pilot, "right right right right enter", "0:50 / 1:40:00")
        await keys(app, pilot, "f7", "Continue Watching")
        await gone(app, pilot, "Now playing")


async def test_it_says_what_simkl_knows(world: World) -> None:
    """Watching now, from the first call on; and at which second it will count."""
    world.connect()
    world.services.simkl.trouble = None
    world.identify("Inception", "tt1375666")
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "Simkl: counts as watched at 1:30:00")
        world.clock.advance(300)
        await seen(app, pilot, "5:50 / 1:40:00")
        await seen(app, pilot, "Simkl: watching now, counts as watched at 1:30:00")
        world.clock.advance(5000)
        await seen(app, pilot, "1:29:10 / 1:40:00")
        world.clock.advance(60)
        await seen(app, pilot, "Simkl: watched")


async def test_the_end_returns_home(world: World) -> None:
    """When the film is over, one is on Home again."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        world.clock.advance(6000)
        await seen(app, pilot, "Continue Watching", "Up next")
        assert app.now_playing is None


async def test_a_key_for_a_remote_that_was_closed_starts_nothing(world: World) -> None:
    """Somebody else stops the film: OK was meant for it, and not for the card on Home."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        await app.stop_playing()
        await seen(app, pilot, "Continue Watching", "▌Inception")
        await press(pilot, "enter")
        world.clock.advance(MOVED_SECONDS)
        await keys(app, pilot, "right", "▌Breaking Bad")
        assert len(world.services.films) == 1
        await keys(app, pilot, "enter", "Breaking Bad  S1 E5")
        assert len(world.services.films) == 2


async def test_letters_for_a_palette_that_was_closed_are_no_commands(world: World) -> None:
    """The film ends while somebody writes: what follows must not lead to Settings or leave."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        await keys(app, pilot, "ctrl+p s", "Seek back")
        await app.stop_playing()
        await seen(app, pilot, "Continue Watching", "▌Inception")
        await press(pilot, "u s q")
        assert len(app.screen_stack) == 1
        world.clock.advance(MOVED_SECONDS)
        await keys(app, pilot, "s", "Integrations")


async def test_keys_for_another_screen_count_when_a_film_ends(world: World) -> None:
    """The library stays in front, and no focus moved: the very next key is meant."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        await keys(app, pilot, "escape l", "▌ Andor", "Now playing")
        world.clock.advance(6000)
        await gone(app, pilot, "Now playing")
        await keys(app, pilot, "up", "[ By name ]")


@pytest.mark.parametrize(
    ("letter", "name", "sign"),
    [
        ("d", "Details · Inception", "Back to Now playing"),
        ("e", "Rate · Inception", "No rating yet."),
        ("x", "Why? · Inception", "Why?  Inception"),
    ],
)
async def test_what_plays_is_in_focus(world: World, letter: str, name: str, sign: str) -> None:
    """Its letters work on its own screen, as they do on its card, and the palette lists them."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        await keys(app, pilot, letter, sign)
        await keys(app, pilot, "escape ctrl+p", "Type to search")
        rows = app.screen.query_one(MenuList).rows
        assert name in [f"{row.text} · {row.status}" for row in rows]


async def test_what_is_read_about_a_film_stays_open_when_it_ends(world: World) -> None:
    """Nobody is thrown out of what they read; Back leads home, since there is no remote now."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        await keys(app, pilot, "x", "Why?  Inception")
        await app.stop_playing()
        await pilot.pause()
        assert app.on_air is None
        await keys(app, pilot, "d", "Back to Why?")
        await keys(app, pilot, "escape", "Why?  Inception")
        await keys(app, pilot, "escape", "Continue Watching", "▌Inception")
        assert len(app.screen_stack) == 1


async def test_leaving_while_it_plays_says_what_happens(world: World) -> None:
    """The question tells that what plays will be stopped; Stay changes nothing."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "enter", "0:50 / 1:40:00")
        await keys(app, pilot, "q", "Leave dodo?", "What plays will be stopped.")
        await keys(app, pilot, "right enter", "0:50 / 1:40:00")


async def test_the_next_episode_is_offered(world: World) -> None:
    """From the credits on it counts down; declined, nothing follows."""
    async with running(world) as (app, pilot):
        app.play(_episode(world, 5), from_start=True)
        await seen(app, pilot, "Breaking Bad  S1 E5", "0:00 / 1:40:00")
        world.clock.advance(5975)
        await seen(app, pilot, "Next: Breaking Bad S1 E6 in 25 s", "Down next")
        await keys(app, pilot, "down", "[ Play now ]")
        await keys(app, pilot, "right enter", "Breaking Bad  S1 E5")
        await gone(app, pilot, "Not now")
        world.clock.advance(30)
        await seen(app, pilot, "Continue Watching")


async def test_a_small_window_reaches_everything(world: World) -> None:
    """Forty by twelve, as a phone held upright: what has no room scrolls with the focus."""
    async with running(world, size=(44, 12)) as (app, pilot):
        app.play(_episode(world, 5), from_start=True)
        await seen(app, pilot, "Breaking Bad  S1 E5", "0:00 / 1:40:00")
        world.clock.advance(5975)
        await seen(app, pilot, "Next: Breaking Bad S1 E6 in 25 s")
        await keys(app, pilot, "down down", "[ Stop ]")
        await keys(app, pilot, "up up up", "[ Subtitles ]", "Breaking Bad  S1 E5")


async def test_the_next_episode_begins_when_the_countdown_is_over(world: World) -> None:
    """The film is played to its end; then the next one begins, as a viewing of its own."""
    async with running(world) as (app, pilot):
        app.play(_episode(world, 5), from_start=True)
        await seen(app, pilot, "0:00 / 1:40:00")
        first = app.now_playing
        world.clock.advance(5990)
        await seen(app, pilot, "Next: Breaking Bad S1 E6 in 15 s")
        world.clock.advance(10)
        await seen(app, pilot, "over", "Next: Breaking Bad S1 E6 in 5 s", "[ Play now ]")
        world.clock.advance(5)
        await seen(app, pilot, "Breaking Bad  S1 E6", "0:00 / 1:40:00")
        assert first is not None
        assert app.now_playing is not None
        assert app.now_playing.play_id != first.play_id
        assert len(world.services.films) == 1


async def _play_to_the_offer(world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """Let an episode play to its end, where the next one is offered."""
    app.play(_episode(world, 5), from_start=True)
    await seen(app, pilot, "0:00 / 1:40:00")
    world.clock.advance(5990)
    await seen(app, pilot, "Next: Breaking Bad S1 E6 in 15 s")
    world.clock.advance(10)
    await seen(app, pilot, "over", "[ Play now ]")


async def test_a_key_for_the_bar_does_nothing_to_the_offer_that_took_its_place(
    world: World,
) -> None:
    """Down was meant to lead to the offer: just then it is in focus, and below it lies Stop."""
    async with running(world) as (app, pilot):
        await _play_to_the_offer(world, app, pilot)
        await keys(app, pilot, "down enter right", "[ Play now ]", "S1 E5", "over")
        world.clock.advance(MOVED_SECONDS)
        await keys(app, pilot, "down", "[ Stop ]")


async def test_a_key_for_the_offer_does_nothing_to_the_episode_that_has_begun(
    world: World,
) -> None:
    """OK on Play now, a moment too late, must not pause what plays now."""
    async with running(world) as (app, pilot):
        await _play_to_the_offer(world, app, pilot)
        world.clock.advance(5)
        await seen(app, pilot, "Breaking Bad  S1 E6", "0:00 / 1:40:00")
        await keys(app, pilot, "enter", "OK pause")
        assert app.now_playing is not None
        assert not app.now_playing.paused
        world.clock.advance(MOVED_SECONDS)
        await keys(app, pilot, "enter", "OK resume")


@pytest.mark.parametrize("letter", ["a", "b"])
async def test_tracks_of_what_is_only_watched_are_refused_in_words(
    world: World, letter: str
) -> None:
    """As every other key for it is."""
    async with running(world) as (app, pilot):
        playback = opened(Viewer(6000.0, 600.0).sample())
        app._on_watched("kodi:here", replace(playback, source="kodi", title="Sintel"))
        await keys(app, pilot, "n", "in Kodi: use its own keys")
        await keys(app, pilot, letter, "It plays in Kodi: use its own keys.")
        assert not app.screen.is_modal


async def test_what_another_player_shows_is_seen_and_not_steered(world: World) -> None:
    """Kodi has a remote of its own; this one says so, and offers nothing that does not work."""
    async with running(world) as (app, pilot):
        playback = opened(Viewer(6000.0, 600.0).sample())
        app._on_watched("kodi:here", replace(playback, source="kodi", title="Sintel"))
        screen = await keys(app, pilot, "n", "Sintel", "in Kodi: use its own keys", "10:00 /")
        assert not {"Subtitles", "Stop", "seek", "pause"} & set(screen.split())
        await keys(app, pilot, "enter", "It plays in Kodi: use its own keys.")
        await keys(app, pilot, "up down right escape", "Continue Watching", "Now playing")
        app._on_watched("kodi:here", replace(playback, end=End.CLOSED))
        await gone(app, pilot, "Now playing")
        await gone(app, pilot, "use its own keys")

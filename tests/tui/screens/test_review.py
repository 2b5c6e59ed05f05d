"""Review and Why?, by six keys: what dodo is not sure of is settled from the couch."""

from __future__ import annotations

from dodo_tui.domain.ids import Ids, Kind, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.domain.queue import QueueKind
from dodo_tui.providers.catalogue import Found
from dodo_tui.storage import queued
from dodo_tui.storage.files import DecidedBy, Match, file_for_key
from dodo_tui.storage.history import history
from tests.tui.screens.scenes.review import imported, unsure
from tests.tui.screens.support import World, gone, keys, press, running, seen

TO_REVIEW = "s down down enter"


async def test_a_candidate_is_chosen_and_the_list_says_what_came_of_it(world: World) -> None:
    """Three OKs: the file, the title, and it is done; the rest stays."""
    unsure(world)
    async with running(world) as (app, pilot):
        assert app.to_review == 2
        await keys(app, pilot, TO_REVIEW, "▌ Inception (2010).mkv", "Andor S01E01.mkv", "Sintel")
        await keys(app, pilot, "enter", "In /home/anna/Videos/Films", "31 years apart")
        await keys(app, pilot, "enter", "The file is The Thing now.", "Back to")
        await gone(app, pilot, "Inception (2010).mkv")
        assert app.to_review == 1
        file = world.store.run_now(file_for_key, "tt0084787")
        assert file is not None
        assert (file.match, file.decided_by) == (Match.SURE, DecidedBy.USER)


async def test_a_series_is_settled_as_a_whole_by_default(world: World) -> None:
    """The scope is asked, with the sensible one in focus; Back asks nothing of the database."""
    unsure(world)
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_REVIEW, "Andor S01E01.mkv")
        await keys(app, pilot, "down enter", "It may be", "A film, but an episode's name")
        await keys(app, pilot, "enter", "This file", "▌ The whole series, 3 files")
        await keys(app, pilot, "escape", "It may be")
        await keys(app, pilot, "enter", "▌ The whole series, 3 files")
        await keys(app, pilot, "enter", "3 files are Andor now.")
        keys_of = world.store.run_now(file_for_key, "tt9253284:1:2")
        assert keys_of is not None


async def test_not_a_film_is_never_asked_about_again(world: World) -> None:
    """It leaves the list and stays out of it."""
    unsure(world)
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_REVIEW, "Sintel (2010).mkv")
        await keys(app, pilot, "end enter", "Search by title", "Not a film or an episode")
        await keys(app, pilot, "end enter", "The file is no film and no episode now.")
        await gone(app, pilot, "Sintel (2010).mkv")


async def test_a_title_is_searched_for_and_an_episode_is_picked(world: World) -> None:
    """Letters, a result, two numbers and a scope: all with arrows and OK."""
    world.connect()
    unsure(world)
    world.services.simkl.trouble = None
    severance = Media(MediaId.parse("tt11280740"), Kind.SHOW, "Severance", 2022, Ids(imdb="tt1"))
    world.services.simkl.found = (Found(severance),)
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_REVIEW, "Inception (2010).mkv")
        await keys(app, pilot, "enter", "Search by title")
        await keys(app, pilot, "down down enter", "Inception_", "[a]")
        await press(pilot, "x")
        await keys(app, pilot, "enter", "Found for", "▌ Severance (2022)")
        await keys(app, pilot, "enter", "Which episode is this file?", "[ 1 ]")
        await keys(app, pilot, "up up left up", "[ 2 ]")
        await keys(app, pilot, "enter", "The file is Severance now.")
        assert world.store.run_now(file_for_key, "tt11280740:2:3") is not None


async def test_a_search_without_a_network_says_so(world: World) -> None:
    """Later is not none."""
    world.connect()
    unsure(world)
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_REVIEW, "Inception (2010).mkv")
        await keys(app, pilot, "enter", "Search by title")
        await press(pilot, "down down enter")
        await press(pilot, "x")
        await keys(app, pilot, "enter", "Simkl cannot be reached. Try again later.")


async def test_a_wrong_match_is_fixed_from_its_title(world: World) -> None:
    """What was told is taken back and told right; the title's screen shows the right one."""
    world.connect()
    unsure(world)
    world.services.simkl.trouble = None
    wrong = world.identify("Inception", "tt0000009")
    async with running(world) as (app, pilot):
        app.mark(wrong, watched=True)
        await seen(app, pilot, "Continue Watching")
        app.show_title(wrong)
        await keys(app, pilot, "right right right right right", "[ More ]")
        await keys(app, pilot, "enter end up up", "▌ Fix match")
        await keys(app, pilot, "enter", "Not a film or an episode")
        await keys(app, pilot, "end enter", "Inception")
        (entry, *_) = world.store.run_now(history, world.profile.id)
        assert entry.key.startswith("local:")


async def test_why_names_the_five_steps_and_the_ways_out(world: World) -> None:
    """From History: OK shows what is behind a viewing."""
    world.connect()
    world.queue(world.identify("The Matrix", "tt0133093"))
    async with running(world) as (app, pilot):
        app.show_why("tt0133093")
        screen = await seen(app, pilot, "File", "Match", "Viewings", "Answers", "Waiting")
        assert "Simkl is still to be told that it was watched" in screen
        world.services.simkl.trouble = None
        await keys(app, pilot, "end", "OK fix it")
        await keys(app, pilot, "up enter", "Nothing waits.")
        rows = world.store.run_now(queued.all_facts, world.profile.id)
        assert [row.kind for row in rows] == []
        assert (QueueKind.WATCHED.value, "The Matrix") in world.services.simkl.heard


async def test_why_follows_a_match_that_was_fixed(world: World) -> None:
    """It tells of what the file is now, not of what it was."""
    unsure(world)
    async with running(world) as (app, pilot):
        app.show_why(world.key_of("Inception"))
        await seen(app, pilot, "perhaps The Thing (1982)")
        await keys(app, pilot, "up right", "[ Fix match ]")
        await keys(app, pilot, "enter", "31 years apart")
        await keys(app, pilot, "enter", "Why?  The Thing", "You said so of this file")


async def test_why_is_reached_from_a_card_and_from_the_queue(world: World) -> None:
    """Wherever a thing is shown one may ask."""
    world.connect()
    world.queue(world.identify("The Matrix", "tt0133093"))
    async with running(world) as (app, pilot):
        await keys(app, pilot, "f2 end up", "▌ Why?")
        await keys(app, pilot, "enter", "Why?  Inception", "Match")
        await keys(app, pilot, "u", "The Matrix", "Back to Home")
        await keys(app, pilot, "down enter right right enter", "Why?  The Matrix")


async def test_an_imported_title_without_a_file_is_settled_like_a_file(world: World) -> None:
    """It says that no file of it is here; two OKs, and what was watched of it follows."""
    imported(world)
    async with running(world) as (app, pilot):
        assert app.to_review == 1
        await keys(app, pilot, TO_REVIEW, "▌ Heat (1995)", "no file of it is here")
        await keys(app, pilot, "enter", "Imported by its name", "It may be")
        await keys(app, pilot, "enter", "What was imported is Heat now. 1 viewing is moved.")
        await gone(app, pilot, "no file of it is here")
        assert app.to_review == 0
    assert "tt0113277" in {entry.key for entry in world.store.run_now(history, world.profile.id)}

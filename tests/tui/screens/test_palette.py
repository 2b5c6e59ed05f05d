"""The palette: it has whatever six keys reach, and nothing that cannot be done."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.review import TitleSearch
from dodo_tui.storage.profiles import add_profile
from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.commands import PALETTE
from dodo_tui.tui.deed import Deed
from dodo_tui.tui.face.unmeant_keys import MOVED_SECONDS
from dodo_tui.tui.look import Look
from dodo_tui.tui.palette_view import Group, grouped, palette_rows
from dodo_tui.tui.screens.base import DodoScreen
from dodo_tui.tui.screens.card_menu import CardMenu
from dodo_tui.tui.screens.folder_picker import FolderPicker
from dodo_tui.tui.screens.list_status import ListStatusScreen
from dodo_tui.tui.screens.now_playing import NowPlayingScreen
from dodo_tui.tui.screens.palette import NOTHING_FOUND, Palette
from dodo_tui.tui.screens.profiles import ProfileMenu
from dodo_tui.tui.screens.rating import RatingScreen
from dodo_tui.tui.screens.review_questions import PlaceScreen, ScopeScreen
from dodo_tui.tui.screens.title import TitleScreen
from dodo_tui.tui.screens.tracks_menu import TracksMenu
from dodo_tui.tui.screens.watchers import WatchersScreen
from dodo_tui.tui.screens.why import WhyScreen
from dodo_tui.tui.widgets.choice import Choice
from dodo_tui.tui.widgets.label_strip import LabelStrip
from dodo_tui.tui.widgets.letters import AskText
from dodo_tui.tui.widgets.menu_list import MenuList, MenuRow
from dodo_tui.tui.widgets.question import Question
from dodo_tui.tui.widgets.shelf import Shelf
from dodo_tui.tui.widgets.tabs import Tabs
from dodo_tui.tui.widgets.toggle import Toggle
from dodo_tui.tui.widgets.top_bar import TopBar
from tests.tui.screens.scenes import all_scenes
from tests.tui.screens.scenes.scene import connected
from tests.tui.screens.support import (
    HeldClock,
    World,
    at_rest,
    gone,
    keys,
    press,
    running,
    seen,
    until,
)

COMPLETIONS = (
    Question,
    RatingScreen,
    ListStatusScreen,
    TracksMenu,
    Choice,
    AskText,
    FolderPicker,
    PlaceScreen,
    ScopeScreen,
)
"""They ask for what a command still needs: a yes, a number, a name. The palette has the command."""

ALREADY_SO = {"switch-1", PALETTE.id, "wait"}
"""What changes nothing: who is watching already, the palette itself, and to keep waiting."""

BEHIND_OK = {TitleScreen: "details", WhyScreen: "why", NowPlayingScreen: "play"}
"""What the palette calls what OK on a title, a viewing or an episode opens."""

ALIKE = {
    *("home-waiting", "home-trouble", "home-row", "rating", "lists", "forget", "title-more"),
    *("leave", "letters", "watchers-together", "appearance-theme", "queue-question"),
    *("sign-in-asking", "sign-in-trouble", "sign-in-failed", "now-playing-subtitles"),
    *("palette", "palette-search", "palette-nothing"),
}
"""Scenes with nothing to be done that another one has not."""

SCENES = {name: scene for name, scene in all_scenes().items() if name not in ALIKE}


async def listed(app: DodoApp, pilot: Pilot[None]) -> set[str]:
    """The keys of everything in the palette, opened where one is; nothing is said twice in it."""
    below = app.screen
    await press(pilot, "ctrl+p")
    palette = app.screen
    assert isinstance(palette, Palette), below
    rows = [row for row in palette.query_one(MenuList).rows if not row.heading]
    said = Counter(frozenset(f"{row.text} {row.status}".split()) for row in rows)
    assert not [words for words, count in said.items() if count > 1]
    await press(pilot, "escape")
    assert app.screen is below
    return {row.id for row in rows}


def ids_of(keys: Iterable[str], about: str = "") -> set[str]:
    """The ids of what is done to something whose name begins so; of all of it without a name."""
    parts = [key.partition(" ") for key in keys]
    ids = {deed_id for deed_id, _, name in parts if name.startswith(about)}
    return ids | {"mark"} if ids & {"watched", "unwatched"} else ids  # the button is called so


def offered(screen: Widget) -> set[str]:
    """The ids of what can be chosen on a screen, read off its widgets as they are."""
    found: set[str] = set()
    for strip in screen.query(LabelStrip):
        if isinstance(strip, TopBar) or not strip.display:
            continue
        shown = strip.current if isinstance(strip, Tabs) else None
        found |= {
            label.id
            for label in strip.labels
            if label.enabled and not label.is_menu and label.id != shown
        }
    found |= {str(toggle.id) for toggle in screen.query(Toggle) if toggle.display}
    for menu in screen.query(MenuList):
        if menu.ok_hint and menu.display and not menu.of_things:
            found |= {row.id for row in menu.rows if row.enabled and not row.heading}
    return found


async def missing_here(app: DodoApp, pilot: Pilot[None]) -> set[str]:
    """What can be done on the screen that is shown, from every part of it, and not by name."""
    screen = app.screen
    assert isinstance(screen, DodoScreen)
    missing: set[str] = set()
    people = {str(person.id) for person in app.people}  # of whom the one in focus has a menu
    for zone in list(screen.focus_chain):
        screen.focus_zone(zone)
        names = await listed(app, pilot)
        missing |= offered(screen) - ids_of(names) - people - ALREADY_SO
        if isinstance(zone, TopBar):
            continue
        if isinstance(zone, LabelStrip):
            for label in zone.labels:
                if label.is_menu and zone.go_to(label.id):
                    missing |= await missing_behind("enter", names, app, pilot)
        if isinstance(zone, MenuList) and (zone.of_things or people & offered(screen)):
            missing |= await missing_behind("enter", names, app, pilot)
        if isinstance(zone, (MenuList, Shelf)) and zone.menu_hint:
            missing |= await missing_behind("m", names, app, pilot)
    return missing


async def missing_behind(key: str, names: set[str], app: DodoApp, pilot: Pilot[None]) -> set[str]:
    """What OK or Menu on a thing leads to, and the palette does not have."""
    below = app.screen
    await press(pilot, key)
    above = app.screen
    ids = ids_of(names)
    found = offered(above) - ids if above is not below and above.is_modal else set[str]()
    if isinstance(above, CardMenu):
        found = offered(above) - ids_of(names, above.card.title)
    if isinstance(above, ProfileMenu):
        found = offered(above) - ids_of(names, above.person.name)
    if above is not below and not above.is_modal and "choose" not in ids:
        found = {BEHIND_OK[type(above)]} - ids
    if isinstance(above, Question) and "choose" in ids:
        found = set()  # the palette opens the same question
    if isinstance(above, NowPlayingScreen):
        await app.stop_playing()
        await at_rest(pilot)
        assert isinstance(app.clock, HeldClock)
        app.clock.advance(MOVED_SECONDS)
    while app.screen is not below:
        await press(pilot, "escape")
    return found - ALREADY_SO


async def go(name: str, world: World, app: DodoApp, pilot: Pilot[None]) -> None:
    """To a scene."""
    for step in SCENES[name].steps:
        if isinstance(step, str):
            await press(pilot, step)
        else:
            await step(world, app, pilot)
    await at_rest(pilot)


@pytest.mark.parametrize("scene", SCENES)
async def test_what_six_keys_reach_is_in_the_palette(world: World, scene: str) -> None:
    """On every screen: each button, switch and row, and the menus and lists that lie behind."""
    SCENES[scene].prepare(world)
    async with running(world) as (app, pilot):
        await go(scene, world, app, pilot)
        menus: set[str] = set()
        while app.screen.is_modal:
            if not isinstance(app.screen, COMPLETIONS):
                menus |= offered(app.screen) - ALREADY_SO
            await press(pilot, "escape")
        names = ids_of(await listed(app, pilot)) if menus else set()
        assert menus <= names, "in a menu, and not in the palette"
        assert not await missing_here(app, pilot), "on the screen, and not in the palette"


def add_row(menu: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a menu offer one thing more than the palette knows of."""
    rows = menu._rows  # type: ignore[attr-defined]  # each of them has it
    monkeypatch.setattr(menu, "_rows", lambda self: (*rows(self), MenuRow("new", "New")))


@pytest.mark.parametrize("scene", ["card-menu", "profile-menu", "watchers"])
async def test_a_row_that_only_its_menu_has_is_noticed(
    world: World, scene: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The walk above sees what somebody adds to a menu alone."""
    for menu in (CardMenu, ProfileMenu, WatchersScreen):
        add_row(menu, monkeypatch)
    SCENES[scene].prepare(world)
    async with running(world) as (app, pilot):
        await go(scene, world, app, pilot)
        assert "new" in offered(app.screen)
        await press(pilot, "escape")
        assert "new" not in ids_of(await listed(app, pilot))


async def test_a_button_that_opens_a_menu_with_more_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More, on a title, has nothing of its own."""
    add_row(CardMenu, monkeypatch)
    async with running(world) as (app, pilot):
        await go("title-film", world, app, pilot)
        assert await missing_here(app, pilot) == {"new"}


async def open_palette(app: DodoApp, pilot: Pilot[None], typed: str, *texts: str) -> list[str]:
    """Open it, write, and answer what it lists: names, and what they are about."""
    await keys(app, pilot, f"ctrl+p {' '.join(typed)}", *texts)
    rows = app.screen.query_one(MenuList).rows
    return [f"{row.text} · {row.status}" if row.status else row.text for row in rows]


async def test_what_is_in_focus_comes_first_and_is_named(world: World) -> None:
    """The card's own, then the places, then the rest; each says what it would act on."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "right", "┃▌Breaking Bad")
        found = await open_palette(app, pilot, "", "OK do it    Back cancel")
        assert found[:2] == ["Here", "Resume at 0:36 · Breaking Bad  S1 E5"]
        assert "Rate · Breaking Bad" in found
        places = found[found.index("Go to") : found.index("Anywhere")]
        assert {"Library", "Playback", "Profiles", "Welcome", "About", "Review"} <= set(places)
        assert "Home" not in places, "one is there already"
        await keys(app, pilot, "r a t e enter", "Breaking Bad", "No rating yet.")
        await keys(app, pilot, "escape", "┃▌Breaking Bad")


async def test_only_what_can_be_done_is_listed(world: World) -> None:
    """Nothing to steer where nothing plays, nobody to disconnect from before there is somebody."""
    dead = {"Stop playing", "Play or pause", "Now playing", "Next episode", "Sync now", "Undo sync"}
    async with running(world) as (app, pilot):
        found = await open_palette(app, pilot, "")
        assert not {each.partition(" · ")[0] for each in found} & dead
        assert "Connect · Simkl" in found
        await press(pilot, "escape")
        app.play(f"{world.key_of('Breaking Bad')}:1:5", from_start=True)
        await seen(app, pilot, "Next, S1 E6")
        found = await open_palette(app, pilot, "")
        assert found[:3] == ["Here", "Subtitles", "Sound"]
        assert "Next, S1 E6" in found and not any("Next episode" in each for each in found)
        await keys(app, pilot, "escape h", "Continue Watching")
        found = await open_palette(app, pilot, "")
        assert "Next episode · S1 E6" in found
        assert "Stop playing · Breaking Bad  S1 E5" in found
        await app.stop_playing()
        await gone(app, pilot, "Next episode")
        assert not {row.text for row in app.screen.query_one(MenuList).rows} & dead


async def test_accounts_and_people_are_in_reach_from_everywhere(world: World) -> None:
    """Disconnect asks with the safe answer in focus; somebody else begins at Home."""
    world.connect()
    world.store.run_now(add_profile, "Ben", world.clock.now())
    async with running(world) as (app, pilot):
        found = await open_palette(app, pilot, "", "Inception")
        assert {"Disconnect · Simkl", "First sync · Simkl", "Sync now · Simkl"} <= set(found)
        await keys(app, pilot, "d i s c o enter", "Disconnect from Simkl?", "[ Stay connected ]")
        await keys(app, pilot, "left enter", "not connected")
        found = await open_palette(app, pilot, "ben", "Watch as")
        assert found == ["Watch as · Ben", "Watch with · Ben"]
        await keys(app, pilot, "enter", "● Ben", "Back leave")


async def test_somebody_is_let_watch_by_one_row(world: World) -> None:
    """Also where their own menu offers it as well."""
    world.store.run_now(add_profile, "Ben", world.clock.now())
    async with running(world) as (app, pilot):
        await go("profiles", world, app, pilot)
        await keys(app, pilot, "down", "▌ ● Ben")
        found = await open_palette(app, pilot, "", "Watch as")
        assert [row for row in found if row.startswith("Watch as")] == ["Watch as · Ben"]
        await keys(app, pilot, "w a t c h space a s enter", "● Ben", "Back leave")


async def test_to_keep_waiting_is_no_command(world: World) -> None:
    """The button is where OK does no harm; by name there is nothing to do."""
    async with running(world) as (app, pilot):
        await go("sign-in", world, app, pilot)
        found = await open_palette(app, pilot, "", "New code")
        assert not [row for row in found if "Keep waiting" in row]


async def test_a_film_that_is_over_is_not_paused(world: World) -> None:
    """While the next episode is offered there is something to stop, and nothing to jump in."""
    async with running(world) as (app, pilot):
        app.play(f"{world.key_of('Breaking Bad')}:1:5", from_start=True)
        await seen(app, pilot, "0:00 / 1:40:00")
        found = await open_palette(app, pilot, "", "Next, S1 E6")
        await press(pilot, "escape")
        world.clock.advance(5990)
        await seen(app, pilot, "in 15 s")
        world.clock.advance(10)
        await seen(app, pilot, "over", "[ Play now ]")
        left = await open_palette(app, pilot, "", "Play now")
        names = [{row.partition(" · ")[0] for row in rows} for rows in (found, left)]
        assert {"Play or pause", "Seek back", "Seek forward"} <= names[0] - names[1]
        assert any(row.startswith("Stop") for row in left)


async def test_it_lists_what_the_screen_below_reads_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is quicker than the database need not close it and open it again."""
    gate, fill = asyncio.Event(), TitleScreen._fill

    async def late(screen: TitleScreen) -> None:
        await gate.wait()
        await fill(screen)

    monkeypatch.setattr(TitleScreen, "_fill", late)
    async with running(world) as (app, pilot):
        await press(pilot, "right")
        await pilot.press("d")
        await seen(app, pilot, "Back to Home")
        await pilot.press("ctrl+p")
        assert "From start" not in await seen(app, pilot, "Go to", "OK do it")
        gate.set()
        await seen(app, pilot, "From start", "Breaking Bad")


async def test_what_was_listed_is_what_is_done(world: World) -> None:
    """A search that ends while the palette is open puts another title in the place of the first."""
    async with running(world) as (app, pilot):
        SCENES["review-found"].prepare(world)
        await go("review-found", world, app, pilot)
        assert await open_palette(app, pilot, "inception", "It is this") == [
            "It is this · Inception (2010)"
        ]
        heat = Candidate("tt0113277", Kind.MOVIE, "Heat", 1995, Ids(imdb="tt0113277"))
        app.title_search = TitleSearch("heat", found=(heat,))
        await keys(app, pilot, "enter", "│  Inception (2010)", "This file")


async def test_what_can_no_longer_be_done_is_not_done(world: World) -> None:
    """It went between OK and its message: nothing happens, and nothing fails."""
    async with running(world) as (app, pilot):
        await open_palette(app, pilot, "", "OK do it")
        palette = app.screen
        assert isinstance(palette, Palette)
        menu = palette.query_one(MenuList)
        menu.post_message(MenuList.Chosen(menu, MenuRow("gone ", "Gone")))
        await at_rest(pilot)
        assert app.screen is palette


async def test_a_fact_is_discarded_by_name(world: World) -> None:
    """The row in focus, and no other."""
    connected(world)
    async with running(world) as (app, pilot):
        await keys(app, pilot, "u down down", "▌ Inception")
        found = await open_palette(app, pilot, "discard")
        assert found[0] == "Discard · Inception"
        await press(pilot, "enter")
        await gone(app, pilot, "Inception")
        await seen(app, pilot, "The Matrix")


async def test_six_keys_and_menu_lead_to_it(world: World) -> None:
    """Menu where nothing has a menu of its own, the last row of every card's, More of a title."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "l up", "[ By name ]", "Menu commands")
        await keys(app, pilot, "f2", "Type to search", "Order: ")
        await keys(app, pilot, "escape h f2", "Every command")
        await keys(app, pilot, "end enter", "Type to search", "Resume at")
        await keys(app, pilot, "escape d", "[ Resume")
        await keys(app, pilot, "end enter end enter", "Type to search", "Here")
        await keys(app, pilot, "f2 escape", "[ More ]")
        await keys(app, pilot, "s up f2", "Go to", "Library")


async def test_a_remote_that_is_tried_opens_nothing(world: World) -> None:
    """Its Menu button is named like all the others."""
    async with running(world) as (app, pilot):
        await go("remote", world, app, pilot)
        screen = await keys(app, pilot, "f2", "F2", "Menu")
        assert "commands" not in screen
        assert not app.screen.is_modal


async def test_a_command_waits_for_no_hurry(world: World) -> None:
    """What is on top closes before it is done: a second OK is for what it opened."""
    async with running(world) as (app, pilot):
        await open_palette(app, pilot, "leave")
        await press(pilot, "enter")
        assert isinstance(app.screen, Question)
        await keys(app, pilot, "escape ctrl+p escape", "Back leave")
        assert len(app.screen_stack) == 1
        await keys(app, pilot, "ctrl+p ctrl+p escape", "Back leave")
        assert len(app.screen_stack) == 1


@pytest.mark.parametrize("look", list(Look))
async def test_nothing_found_is_said(world: World, look: Look) -> None:
    """In words, in every look; deleting brings the list back, and the cursor to it."""
    async with running(world, look=look) as (app, pilot):
        await open_palette(app, pilot, "zzz", NOTHING_FOUND, "OK write    Back cancel")
        await keys(app, pilot, "backspace backspace backspace", "Type to search", "OK do it")
        await keys(app, pilot, "a b o u t enter", "simkl.com")


async def test_six_keys_write_too(world: World) -> None:
    """Up leads to the line, OK to the letters; what was written is searched for."""
    async with running(world) as (app, pilot):
        await open_palette(app, pilot, "", "OK do it")
        await keys(app, pilot, "up", "OK write")
        await keys(app, pilot, "enter", "Search for a command", "OK write")
        await keys(app, pilot, "enter down down down down right right right right", "[Done]")
        await keys(app, pilot, "enter", "  a_", "OK do it")
        rows = app.screen.query_one(MenuList).rows
        assert rows and all("a" in f"{row.text} {row.status}".casefold() for row in rows)
        await keys(app, pilot, "escape", "Back leave")


async def test_a_narrow_palette_names_what_would_be_done(world: World) -> None:
    """What it is about is cut before that."""
    async with running(world, size=(40, 20)) as (app, pilot):
        await open_palette(app, pilot, "hide", "Hide until played again  In", "OK do it")


async def test_titles_are_text(world: World) -> None:
    """No markup, no control characters, however long."""
    title = "[red]Alien[/red] \x1b[31m [@click=app.leave]x[/] " + "e" * 300
    world.store.run_now(rename, "Inception", title)
    async with running(world) as (app, pilot):
        screen = await keys(app, pilot, "ctrl+p d e t", "Details")
        assert "[red]Alien[/red]" in screen
        assert "\x1b" not in screen
        await keys(app, pilot, "enter", "[red]Alien[/red]", "Back to Home")


@pytest.mark.parametrize(
    ("letter", "of_card", "of_series"),
    [
        ("d", "Back to Home", {"Andor   2022", "Back to Library"}),
        ("e", "No rating yet.", {"Andor", "No rating yet."}),
        ("x", "Why?  Inception", {"Why?  Andor", "Back to Library"}),
    ],
)
async def test_letters_act_on_what_is_in_focus(
    world: World, letter: str, of_card: str, of_series: set[str]
) -> None:
    """On a card and on a title of the library, of a series on all of it; elsewhere on nothing."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, letter, of_card)
        await keys(app, pilot, "escape", "Back leave")
        await keys(app, pilot, "l", "films", "▌ Andor")
        await press(pilot, letter)
        await until(app, pilot, lambda screen: of_series <= phrases(screen), repr(of_series))
        await keys(app, pilot, "escape", "Back to Home", "▌ Andor")
        await press(pilot, "h")
        await keys(app, pilot, f"s {letter}", "OK open    Menu commands    Back to Home")


def phrases(screen: str) -> set[str]:
    """What stands on a screen by itself: between its edges, frames and wide gaps."""
    return {phrase.strip() for phrase in re.split(r"[│┃║▕▏▐▌\n]| {4,}", screen)}


async def test_the_letter_of_details_works_where_their_button_stands(world: World) -> None:
    """On Why?, too."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "x", "Why?  Inception", "  Details")
        await keys(app, pilot, "d", "Back to Why?", "[ Resume at 0:50 ]")


async def test_letters_list_the_tracks_of_what_plays(world: World) -> None:
    """From its own screen and from Home; without anything that plays they do nothing."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, "a b", "Back leave")
        app.play(f"{world.key_of('Breaking Bad')}:1:5", from_start=True)
        await seen(app, pilot, "Next, S1 E6")
        await keys(app, pilot, "b", "Subtitles", "German")
        await keys(app, pilot, "escape h a", "Sound", "OK choose")


def rename(connection: sqlite3.Connection, old: str, new: str) -> None:
    """A title whose name comes from a hostile place."""
    connection.execute("UPDATE media SET title = ? WHERE title = ?", (new, old))


def deed(name: str, about: str = "", deed_id: str = "") -> Deed:
    """One that does nothing."""
    return Deed(deed_id or name.lower(), name, lambda: None, about)


def test_nothing_is_listed_twice() -> None:
    """What can be done here stands there, and not again under places or anywhere."""
    here = [deed("Queue", deed_id="show_queue"), deed("Connect", "Simkl"), deed("Rate", "Alien")]
    anywhere = [
        deed("Queue", deed_id="show_queue"),
        deed("Library", deed_id="show_library"),
        deed("Connect", "Simkl"),
        deed("Connect", "Trakt"),
    ]
    groups = grouped([*here, deed("Rate", "Alien")], anywhere, "Home")
    assert [(group.heading, [each.key for each in group.deeds]) for group in groups] == [
        ("Here", ["show_queue ", "connect Simkl", "rate Alien"]),
        ("Go to", ["show_library "]),
        ("Anywhere", ["connect Trakt"]),
    ]


def test_every_word_has_to_be_there_and_names_count_most() -> None:
    """The beginning of a name before a word in it, that before what it is about."""
    deeds = [deed("Mark watched", "Rate this"), deed("Take the rate back"), deed("Rate", "Alien")]
    groups = [Group("Here", deeds)]
    assert [row.text for row in palette_rows(groups, "rATE")] == [
        "Rate",
        "Take the rate back",
        "Mark watched",
    ]
    assert [row.text for row in palette_rows(groups, "alien ra")] == ["Rate"]
    assert palette_rows(groups, "alien zz") == ()

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import guessit.api
import pytest
from hypothesis import HealthCheck, given, settings

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.text import MAX_TITLE_CHARACTERS, clean_text
from dodo_tui.library.names import ParsedName, parse_name
from tests.library.cases import ANIME, FILMS, SHOWS, UNCERTAIN
from tests.library.strategies import paths

SURE_CASES = {**FILMS, **SHOWS, **ANIME}


def test_the_table_is_long_enough_to_mean_something() -> None:
    """The table is the specification; it should not shrink."""
    assert len(SURE_CASES) + len(UNCERTAIN) >= 80


@pytest.mark.parametrize("path", SURE_CASES, ids=ascii)
def test_a_name_says_what_the_file_is(path: str) -> None:
    """Every field of the reading, so that a gain here cannot be a loss there unnoticed."""
    assert parse_name(path) == SURE_CASES[path]


@pytest.mark.parametrize("path", UNCERTAIN, ids=ascii)
def test_a_doubtful_name_is_marked_as_such(path: str) -> None:
    """A wrong guess must be possible to see: these are never sent unasked."""
    parsed = parse_name(path)

    assert (parsed.kind, parsed.title, parsed.season, parsed.numbers) == UNCERTAIN[path]
    assert not parsed.certain


def test_a_dated_episode_keeps_its_date() -> None:
    """It has no number to track, but its date tells it from the others."""
    parsed = parse_name("The Daily Show 2024.03.11 Guest.mkv")

    assert parsed.aired_on == date(2024, 3, 11)
    assert parsed.episode_title == "Guest"


def test_an_id_survives_where_the_folder_has_no_other_name() -> None:
    """Some libraries name folders by id alone; the id is all there is to match by."""
    assert parse_name("tt1375666/movie.mkv").ids == Ids(imdb="tt1375666")


@pytest.mark.parametrize(
    "name",
    [
        "Film {imdb-603}.mkv",  # IMDb ids begin with tt
        "Film {tmdb-tt0133093}.mkv",
        "Film {tvdb-0}.mkv",
        "Film att1375666b.mkv",
        "Film {imdb-}.mkv",
    ],
)
def test_what_is_no_id_of_its_scheme_is_not_taken_for_one(name: str) -> None:
    """An id beats everything, so nothing may be mistaken for one."""
    assert parse_name(name).ids == Ids()


@pytest.mark.parametrize(
    ("path", "folder", "title"),
    [
        ("/srv/Fargo/S01E01.mkv", "/srv/Fargo", "Fargo"),
        ("/srv/Fargo/Season 1/01.mkv", "/srv/Fargo/", "Fargo"),
        ("/srv/Wrong/TV/S01E01.mkv", "/srv/Wrong/TV", "S01E01"),
        ("/srv/Wrong/TV/Fargo/S01E01.mkv", "/srv/Wrong/TV", "Fargo"),
        ("/home/Anna/Videos/Sintel.mkv", "/home/Anna/Videos", "Sintel"),
    ],
)
def test_folders_above_the_library_say_nothing(path: str, folder: str, title: str) -> None:
    """Only what the user chose as library, and what is in it, names things."""
    assert parse_name(path, folder).title == title


def test_a_shelf_makes_a_bare_number_an_episode() -> None:
    """`101` is an episode among shows and part of a title among films."""
    assert parse_name("/m/TV/Show/Show.101.mkv", "/m/TV").kind is Kind.SHOW
    assert parse_name("/m/Movies/Room 101.mkv", "/m/Movies").kind is Kind.MOVIE


def test_bytes_paths_and_strings_are_the_same() -> None:
    """However a path is held, it is the same file."""
    name = "Am\udce9lie (2001).mkv"

    assert parse_name(os.fsencode(name)) == parse_name(name) == parse_name(Path(name))


@pytest.mark.parametrize(
    "path",
    [
        *("", "/", ".", "..", ".mkv", "...mkv", "/media/", "\x00.mkv", "\u202e.mkv", " .mkv"),
        *("\ud800.mkv", "\udcff\udcfe.mkv", "()[]{}.mkv", "-.mkv", "a" * 5000 + ".mkv"),
        *("S01E01" * 200 + ".mkv", "1x01" * 500, "[a]" * 300 + ".mkv", "S99999E99999.mkv"),
        *(
            "Show S9999E9999.mkv",
            "\\\\server\\share\\Show.S01E01.mkv",
            "🦤.mkv",
            "\x1b]0;x\x07.mkv",
        ),
    ],
    ids=lambda path: ascii(path)[:40],
)
def test_strange_names_get_a_title_all_the_same(path: str) -> None:
    """The names that broke other programs, and a few that would."""
    _assert_usable(parse_name(path))


@given(paths)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_no_path_makes_it_raise(path: str) -> None:
    """Whatever the bytes: no exception, a clean title, a key, the same every time."""
    parsed = parse_name(path)

    _assert_usable(parsed)
    assert parsed == parse_name(path)


def _assert_usable(parsed: ParsedName) -> None:
    assert parsed.title
    assert parsed.title == clean_text(parsed.title)
    assert len(parsed.title) <= MAX_TITLE_CHARACTERS
    assert parsed.episode_title is None or parsed.episode_title == clean_text(parsed.episode_title)
    assert (parsed.kind is Kind.MOVIE) <= (not parsed.numbers and parsed.season is None)
    parsed.title.encode()


def test_two_nameless_files_do_not_become_one_title() -> None:
    """With nothing to show, a hash keeps them apart; else one would resume the other."""
    assert parse_name("/a/\u202e.mkv").title != parse_name("/b/\u202e.mkv").title


def test_a_direction_override_does_not_reach_the_title() -> None:
    """A name cannot write to the terminal or turn the line around."""
    assert parse_name("Sin\u202etel \x1b[31m(2010).mkv").title == "Sintel [31m"


def test_a_name_on_which_guessit_breaks_keeps_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong inside it comes out wrapped; then our own reading stands."""

    def broken(*args: object, **kwargs: object) -> object:
        raise RuntimeError("inside")

    monkeypatch.setattr(guessit.api.default_api, "configure", broken)

    assert parse_name("Sintel (2010).mkv").title == "Sintel"
    assert parse_name("Show S01E02.mkv").numbers == (2,)
    assert parse_name("Some Words.mkv").title == "Some Words"


def test_a_mistake_of_ours_is_not_taken_for_guessits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only guessit's own exception is caught."""

    def broken(*args: object, **kwargs: object) -> object:
        raise KeyError("ours")

    monkeypatch.setattr(guessit, "guessit", broken)

    with pytest.raises(KeyError):
        parse_name("Sintel (2010).mkv")


def test_importing_the_library_does_not_import_guessit() -> None:
    """`dodo status` must not pay 300 ms for a scan it does not make."""
    modules = ["changes", "guess", "local_ids", "match", "names", "scan", "walk"]
    imports = "; ".join(f"import dodo_tui.library.{module}" for module in modules)
    heavy = "{'guessit', 'rebulk', 'textual', 'rich', 'httpx', 'pydantic', 'sqlite3'}"
    code = f"{imports}; import sys; print(sorted({heavy} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"

"""What a file's name and folders say it is.

Three rules keep wrong guesses rare. Whether a name is an episode, and which, is read by strict
patterns (`marks`); guessit is told the answer and only finds titles. Words before the episode's
mark or the film's year are the title: where guessit drops some ("House MD", "(500) Days of
Summer"), they win. Folders fill gaps; they overrule a file's own title only to say it fully.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field, replace
from datetime import date

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.text import clean_text
from dodo_tui.library.folders import (
    is_generic,
    is_shelf_of_anime,
    is_shelf_of_shows,
    season_of,
    season_pack,
)
from dodo_tui.library.guess import Guess, guess
from dodo_tui.library.idtags import take_ids
from dodo_tui.library.marks import Mark, find_leading_number, find_mark, has_mark
from dodo_tui.library.paths import decoded, without_extension
from dodo_tui.library.titles import normalise, same_title
from dodo_tui.library.words import word_set

_MAX_NUMBER = 9999
_MAX_PARENTS = 4

_GROUP = re.compile(r"^\s*(?:\[[^\]]*\]\s*)+")
_BRACKETS = re.compile(r"\[[^\]]*\]|\{[^}]*\}")
_CRC = re.compile(r"\[[0-9A-F]{8}\]", re.IGNORECASE | re.ASCII)
_SITE = re.compile(r"^\s*(?:\[\s*)?(?:www\.)[\w.-]+\.[a-z]{2,6}(?:\s*\])?\s*-?\s*", re.IGNORECASE)
_QUALITY = re.compile(
    r"(?:^|[ ._\[(-])(?:2160p|1080[pi]|720p|576p|480p|4k|uhd|x26[45]|h[ .]?26[45]|hevc"
    r"|blu-?ray|bd(?:rip)?|br-?rip|web(?:-?dl|-?rip)?|hdtv|dvd(?:rip)?)(?=$|[ ._\])-])",
    re.IGNORECASE,
)
_TRAILING_YEAR = re.compile(r"^(.*\S)[\s._-]*[\s._\[(-]((?:19|20)\d\d)[\])]?[\s._-]*$", re.S)
_YEAR_IN_BRACKETS = re.compile(r"[\[(]((?:18|19|20)\d\d)[\])]", re.ASCII)
_TRAILING_SEASON = re.compile(
    r"^(.*\S)[\s._-]+(?:s(\d{1,2})|season[\s._]?(\d{1,2})|(\d)(?:st|nd|rd|th)[\s._]season)$",
    re.IGNORECASE | re.ASCII,
)
_COLLECTION = re.compile(
    r"(?:19|20)\d\d\W{1,3}(?:19|20)\d\d"
    r"|(?<![a-z])(?:collection|anthology|trilogy|duology|quadrilogy|saga|box ?set|pack)(?![a-z])",
    re.IGNORECASE | re.ASCII,
)
_PART_OF_SOMETHING = re.compile(r"(?:part|chapter|teil|disc|disk|cd) ?\d+", re.ASCII)
_COUNTRY = frozenset({"us", "uk", "au", "nz", "ca", "ie", "in", "jp", "kr", "de", "fr"})
_EDITION = word_set(
    """extended uncut unrated directors director final theatrical cut edition version remastered
    imax criterion special collectors ultimate anniversary proper repack internal limited dubbed
    subbed multi german french spanish italian english dual audio dl cd1 cd2 3d hdr remux"""
)
_NAMELESS = word_set(
    "movie film video main feature title index playlist stream untitled unknown file"
)
"""Names of files that leave the title to their folder."""


@dataclass(frozen=True, slots=True)
class ParsedName:
    """What a file seems to be. Nothing here is certain enough to send without a match."""

    kind: Kind
    title: str
    """Never empty, cleaned; at worst the file's own name."""
    year: int | None = None
    season: int | None = None
    """None when no name says it; 0 for specials."""
    numbers: tuple[int, ...] = ()
    """The episodes in the file, in order; empty for films and for what cannot be numbered."""
    episode_title: str | None = None
    ids: Ids = field(default_factory=Ids)
    """Ids of the title that somebody wrote into the names."""
    absolute: bool = False
    """Numbered through, as anime is; `season` is None."""
    aired_on: date | None = None
    """A dated episode, which has no number: it is kept and played but not tracked online."""
    certain: bool = True
    """Whether the names say it outright: a title and, for episodes, season and number."""
    numbers_certain: bool = True
    """Whether season and numbers are said outright, whatever the title is; films have none."""


@dataclass(frozen=True, slots=True)
class _Folders:
    """What the folders of a file say, each as raw text without ids."""

    title: str = ""
    """The name of the folder of the title, or of the season pack's show."""
    season: int | None = None
    ids: Ids = field(default_factory=Ids)
    for_shows: bool = False
    for_anime: bool = False


def parse_name(path: str | bytes | os.PathLike[str], folder: str = "") -> ParsedName:
    """Tell what a file is by its name and the names of its folders below `folder`.

    The library folder's own name counts as well, unless it is a shelf's ("TV", "Movies"). Never
    raises, whatever the bytes: at worst the file's cleaned name is the title of a film nobody
    knows.
    """
    text = os.fsdecode(path)
    parents, name = _split(text, folder)
    if parents and not has_mark(name) and _is_one_episode(parents[-1]):
        name = parents.pop()  # a release that says everything in its folder's name
    file_ids, stem = take_ids(name)
    group = _GROUP.match(stem)
    folders = _read_folders(parents)
    mark = find_mark(stem, folders.season, group is not None)
    if mark is not None and mark.aired_on and not _title_before(stem, mark):
        # A camera's file: its date tells it from the others of that name.
        return ParsedName(Kind.MOVIE, _words(stem, keep=True) or stem, ids=file_ids)
    if mark is None and folders.for_shows and folders.title:
        mark = find_leading_number(stem, absolute=folders.for_anime)
    is_dated_film = mark is None and folders.season is None and _YEAR_IN_BRACKETS.search(stem)
    in_show = folders.season is not None or folders.for_shows
    if (mark is not None or in_show) and not is_dated_film:
        parsed = _episode(stem, mark, folders, file_ids, group is not None)
    else:
        parsed = _film(stem, folders, file_ids)
    return parsed if parsed.title else _with_name_as_title(parsed, text)


def _split(path: str, folder: str) -> tuple[list[str], str]:
    """The readable names of the last folders, outermost first, and of the file (its stem)."""
    *parents, name = decoded(path).split("/")
    top = decoded(folder).rstrip("/")
    if top and path.startswith(folder.rstrip("/") + "/"):
        above = top.count("/")
        parents = parents[above:]
    shown = [clean_text(parent) for parent in parents[-_MAX_PARENTS:] if parent.strip(". ")]
    return shown, clean_text(without_extension(name))


def _is_one_episode(folder: str) -> bool:
    """Whether a folder is named after one episode, as releases are; not after several."""
    mark = find_mark(folder, None, has_group=False) if has_mark(folder) else None
    return mark is not None and len(mark.numbers) == 1 and not mark.doubtful


def _read_folders(parents: list[str]) -> _Folders:
    """Find the title's folder and the season among the folders above a file."""
    for_shows = any(is_shelf_of_shows(name) for name in parents)
    for_anime = any(is_shelf_of_anime(name) for name in parents)
    season: int | None = None
    for name in reversed(parents):
        ids, rest = take_ids(name)
        if season is None and (of_folder := season_of(rest)) is not None:
            season = of_folder
        elif pack := season_pack(rest):
            season = pack[1] if season is None else season
            return _Folders(pack[0], season, ids, for_shows, for_anime)
        elif not is_generic(rest) and season_of(rest) is None:
            return _Folders(rest, season, ids, for_shows, for_anime)
        elif tuple(ids):  # a folder named by its id alone
            return _Folders("", season, ids, for_shows, for_anime)
        elif season is None:
            break
    return _Folders("", season, Ids(), for_shows, for_anime)


def _episode(
    stem: str, mark: Mark | None, folders: _Folders, file_ids: Ids, has_group: bool
) -> ParsedName:
    """Read a name as an episode's (or, without a mark, as something that belongs to a show)."""
    is_anime = folders.for_anime or bool(_CRC.search(stem)) or (has_group and mark is not None)
    guessed = guess(stem, is_episode=True, count_through=is_anime)
    if mark is None:
        mark = _guessed_mark(guessed, folders)
    before = _title_before(stem, mark) if mark.end else ""
    title, year = _without_year(before)
    title, own_season = _without_season(title)
    if title and same_title(title, guessed.title):
        title = _better_spelt(title, guessed.title, stem)
    elif not title and not mark.end:
        title = "" if folders.season is not None else guessed.title
    title, year = _with_show_folder(title, year, folders)
    season = mark.season if mark.season is not None else own_season
    if season is None:
        season = folders.season
    absolute = mark.absolute and season is None
    sane = all(n <= _MAX_NUMBER for n in (*mark.numbers, season or 0))
    numbers = mark.numbers if sane else ()
    counted = bool(numbers) and (season is not None or absolute)
    return ParsedName(
        kind=Kind.ANIME if is_anime else Kind.SHOW,
        title=title,
        year=year,
        season=season if sane else None,
        numbers=numbers,
        episode_title=_episode_title(stem, mark, guessed, before),
        # A file may carry its episode's id; the folder's is the show's.
        ids=folders.ids.merged(file_ids),
        absolute=absolute,
        aired_on=mark.aired_on,
        certain=bool(title) and counted and not mark.doubtful,
        numbers_certain=counted and not mark.doubtful,
    )


def _guessed_mark(guessed: Guess, folders: _Folders) -> Mark:
    """A mark nobody wrote plainly: guessit's numbers, or none."""
    numbers = guessed.numbers[:1]
    season = folders.season if folders.season is not None else guessed.season
    return Mark(0, 0, season, numbers, doubtful=True)


def _film(stem: str, folders: _Folders, file_ids: Ids) -> ParsedName:
    """Read a name as a film's."""
    guessed = guess(stem, is_episode=False)
    title, year = _film_title(stem, guessed)
    certain = not _is_nameless(title)
    if folders.title and (year is None or not certain):
        title, year, certain = _with_film_folder(title, year, folders.title)
    return ParsedName(
        kind=Kind.MOVIE, title=title, year=year, ids=file_ids.merged(folders.ids), certain=certain
    )


def _with_film_folder(title: str, year: int | None, folder: str) -> tuple[str, int | None, bool]:
    """Let a film's folder fill in title and year; and whether the outcome is certain."""
    above, above_year = _folder_title(folder)
    if _is_nameless(title):
        return (above, year or above_year, True) if above else (title, year, False)
    if above and _PART_OF_SOMETHING.fullmatch(normalise(title)):
        return f"{above} - {title}", year, False
    if above_year is None:
        return title, year, True
    ours, theirs = normalise(title), normalise(above)
    if _QUALITY.search(folder) or same_title(title, above) or f" {ours} " in f" {theirs} ":
        return above, year or above_year, True
    if title.islower() and " " not in title:
        return above, year or above_year, False  # an abbreviation, as releases have
    return title, year, True


def _is_nameless(title: str) -> bool:
    return not title or title.casefold() in _NAMELESS


def _folder_title(name: str) -> tuple[str, int | None]:
    """The film a folder is named after; a year counts only where it is plainly one."""
    title, year = _film_title(name, guess(name, is_episode=False))
    is_plain = _YEAR_IN_BRACKETS.search(name) or _QUALITY.search(name)
    return title, year if is_plain and not _COLLECTION.search(name) else None


def _film_title(stem: str, guessed: Guess) -> tuple[str, int | None]:
    """Title and year: guessit's, unless it dropped words of the title."""
    years = [match for match in _YEAR_IN_BRACKETS.finditer(stem) if match.start()]
    year = int(years[-1][1]) if years else guessed.year
    end = years[-1].start() if years else _end_of_title(stem, year)
    words = _film_words(stem[:end])
    if guessed.is_ova:
        return words, year
    if not words and not guessed.title and year is not None:
        return str(year), None  # the film "1984"
    if not _says_all(guessed.title, words):
        return words, year
    return _better_spelt(words, guessed.title, stem), year


def _end_of_title(stem: str, year: int | None) -> int:
    """Where a film's title ends: at its year, else at the first tag of quality."""
    if year is not None:
        places = [m.start() for m in re.finditer(rf"(?<!\d){year}(?!\d)", stem)]
        if places:
            return places[-1]
    quality = _QUALITY.search(stem)
    return quality.start() if quality and quality.start() else len(stem)


def _better_spelt(words: str, guessed: str, stem: str) -> str:
    """The spelling to show: guessit knows which dots are blanks, but drops those of "Mr. Robot"."""
    if " " not in stem or not same_title(words, guessed) or words == guessed.rstrip("."):
        return guessed
    return words


def _says_all(title: str, words: str) -> bool:
    """Whether guessit's title lacks at most an edition or release of the words in the name.

    It takes `Spider-` for a release group and `MD` for a tag.
    """
    if same_title(title, words):
        return True
    if not words:
        return True
    short, full = normalise(title), normalise(words)
    rest = full.removeprefix(short + " ")
    return bool(short) and rest != full and set(rest.split()) <= _EDITION


def _film_words(text: str) -> str:
    """The words of a film's title: a `[Group]` goes, but `[REC] 2` keeps its only word."""
    words = _words(_GROUP.sub("", _SITE.sub("", text)))
    return words if any(c.isalpha() for c in words) else _words(_SITE.sub("", text), keep=True)


def _title_before(stem: str, mark: Mark) -> str:
    """The words of the title in front of an episode's mark."""
    return _words(_GROUP.sub("", _SITE.sub("", stem[: mark.start])))


def _words(text: str, *, keep: bool = False) -> str:
    """Text with separators as blanks, cut at the first tag of quality; brackets go or open."""
    text = re.sub(r"[\[\]{}]", " ", text) if keep else _BRACKETS.sub(" ", text)
    quality = _QUALITY.search(text)
    if quality and quality.start():
        text = text[: quality.start()]
    text = text.replace("_", " ")
    if " " not in text.strip():
        text = text.replace(".", " ")
    words = clean_text(text).strip(" -.,[{")
    return words.rstrip("( ") if words.count("(") > words.count(")") else words


def _without_year(title: str) -> tuple[str, int | None]:
    """The title and the year at its end, if something is left in front of it."""
    match = _TRAILING_YEAR.match(title)
    if not match:
        return title, None
    return match[1].strip(" -.,(["), int(match[2])


def _without_season(title: str) -> tuple[str, int | None]:
    """The title and the season at its end, as anime has it (`Frieren S2`, `Title 2nd Season`)."""
    match = _TRAILING_SEASON.match(title)
    if not match:
        return title, None
    return match[1].strip(" -."), int(match[2] or match[3] or match[4])


def _with_show_folder(title: str, year: int | None, folders: _Folders) -> tuple[str, int | None]:
    """Let the show's folder fill in the title, its country (`The Office US`) and year."""
    above, above_year = _without_year(_words(_GROUP.sub("", folders.title)))
    if not above:
        return title, year
    if not title:
        return above, year or above_year
    if same_title(title, above):
        return above if title.islower() else title, year or above_year
    short, full = normalise(title), normalise(above)
    if full.startswith(short + " ") and full.removeprefix(short + " ") in _COUNTRY:
        return above, year or above_year
    return title, year


def _episode_title(stem: str, mark: Mark, guessed: Guess, before: str) -> str | None:
    """What the file calls the episode, if it does."""
    after = stem[mark.end :]
    if guessed.episode_title and normalise(guessed.episode_title) in normalise(after):
        return guessed.episode_title
    if mark.end and not before:
        rest = _words(_BRACKETS.sub(" ", after))
        return rest or None
    return None


def _with_name_as_title(parsed: ParsedName, path: str) -> ParsedName:
    """The same with a title made of the file's name, or of a hash where that says nothing."""
    name = clean_text(decoded(without_extension(path.rpartition("/")[2])))
    if not any(c.isprintable() and not c.isspace() for c in name):
        raw = path.encode("utf-8", "surrogatepass")
        name = f"Video {hashlib.sha256(raw).hexdigest()[:8]}"
    return replace(parsed, title=name, certain=False)

"""Saying what a file is: what waits for the user's word, and how far that word reaches."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.values import dataclass

HIGHEST_PLACE = 9999
"""No season and no episode has a higher number."""


Subject = int | str
"""What somebody says what it is: a file by its id, or a title by its id that an import told by name
alone and of which no file is here."""


class Scope(StrEnum):
    """What a decision is about. The most particular one counts: a file's, then a folder's."""

    FILE = "file"
    FOLDER = "folder"
    SERIES = "series"
    """Everything whose name says the same title, wherever it is, also what is added later."""


class Place(NamedTuple):
    """Where an episode stands; season 0 holds the specials."""

    season: int
    number: int


@dataclass(frozen=True, slots=True)
class Renumbering:
    """The file whose name says `named` is really `real`; its neighbours shift with it."""

    named: Place | None
    """None: the name says no number."""
    real: Place

    def apply(self, named: Place | None) -> Place | None:
        """Where an episode really stands, by what its name says.

        Only the named season shifts, and only what stays a number from 1 on: where S1 E13 is
        really S2 E1, S1 E12 is what it says.
        """
        if named is None or self.named is None:
            return self.real if named == self.named else named
        if named == self.named:
            return self.real
        number = named.number + self.real.number - self.named.number
        if named.season != self.named.season or not 1 <= number <= HIGHEST_PLACE:
            return named
        return Place(self.real.season, number)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user says a file is."""

    kind: Kind
    title: str
    year: int | None
    ids: Ids
    media_id: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A decision of the user about one file or title, and how far it reaches."""

    subject: Subject
    scope: Scope
    choice: Choice | None
    """None: not a film or an episode; it is never asked about and never sent."""
    place: Place | None = None
    """Which episode the file really is; None: the one that its name says."""
    takes_back: bool = False
    """What was said of the file before is taken back, as far as it reached: its name counts again.
    Scope and choice say nothing then."""


class Reason(StrEnum):
    """Why a title waits for the user's word."""

    UNSURE = "unsure"
    UNKNOWN = "unknown"
    """No provider knew it."""


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """A title that somebody has to look at, shown by one of its files, if there is one."""

    subject: Subject
    file_name: str
    """As it is on the disk, made safe to show; without a file what the title is called."""
    folder: str
    """The folder it is in, made safe to show; empty without a file."""
    media_id: str
    """The title as it is kept now."""
    kind: Kind
    title: str
    year: int | None
    places: tuple[Place, ...] = ()
    """The episodes that dodo takes the file for; empty for a film."""
    sure: bool = False
    """Whether dodo is sure, because of a provider or the user."""
    by_user: bool = False
    file_count: int = 1
    """How many files belong to the title."""
    reason: Reason = Reason.UNSURE
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How many files each scope of a decision is about; none where it is about a title alone."""

    folder_name: str
    folder_files: int
    series_files: int
    named: Place | None = None
    """The episode that the file's name says."""
    can_be_folder: bool = True
    """Whether the folder stands for something, and is not where all sorts of files are."""

    def default(self, choice: Choice | None, *, renumbers: bool) -> Scope:
        """The sensible scope: a series is one title in all of its files, and so are two copies.

        A wrong number is a file's own, and so is what is no film at all.
        """
        if not self.series_files:
            return Scope.SERIES
        if choice is None or renumbers or (self.named is None and choice.kind is not Kind.MOVIE):
            return Scope.FILE
        is_episode = choice.kind is not Kind.MOVIE
        return Scope.SERIES if is_episode or self.series_files > 1 else Scope.FILE

    def scopes(self, choice: Choice | None) -> Sequence[Scope]:
        """The scopes that differ from each other, the smallest first.

        Where the name says no number, nothing can be said of its neighbours' episodes.
        """
        if not self.series_files:
            return [Scope.SERIES]
        found = [Scope.FILE]
        if choice is not None and choice.kind is not Kind.MOVIE and self.named is None:
            return found
        is_film = choice is not None and choice.kind is Kind.MOVIE
        if self.can_be_folder and self.folder_files > 1 and not is_film:
            found.append(Scope.FOLDER)
        if self.named is not None or self.series_files > 1:
            found.append(Scope.SERIES)
        return found


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction came to."""

    media_id: str
    """The title that the file belongs to from now on."""
    key: str
    """The film or episode in it, the first of several."""
    title: str | None = None
    """What it is called; None: no film and no episode."""
    files: int = 0
    plays: int = 0
    """How many viewings and marks moved."""
    taken_back: int = 0
    """How many marks are taken back at providers."""
    told: int = 0
    """How many facts are told as the right title."""


@dataclass(frozen=True, slots=True)
class TitleSearch:
    """A search for a title by its name, for screens."""

    text: str = ""
    running: bool = False
    found: tuple[Candidate, ...] = ()
    trouble: str | None = None
    """Why there is no answer yet; it may be tried again."""

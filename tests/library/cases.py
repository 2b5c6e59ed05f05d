"""Real-world file names and what they are."""

from __future__ import annotations

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.library.names import ParsedName


def film(title: str, year: int | None = None, **ids: str) -> ParsedName:
    """A film."""
    return ParsedName(Kind.MOVIE, title, year, ids=Ids(**ids))


def show(
    title: str,
    season: int | None,
    *numbers: int,
    year: int | None = None,
    name: str | None = None,
    **ids: str,
) -> ParsedName:
    """Episodes of a show."""
    return ParsedName(
        Kind.SHOW,
        title,
        year,
        season,
        numbers,
        episode_title=name,
        ids=Ids(**ids),
        certain=season is not None,
        numbers_certain=season is not None,
    )


def anime(title: str, *numbers: int, season: int | None = None) -> ParsedName:
    """Episodes of an anime, numbered through where no season is given."""
    return ParsedName(Kind.ANIME, title, None, season, numbers, absolute=season is None)


FILMS = {
    "Inception (2010).mkv": film("Inception", 2010),
    "Inception.2010.1080p.BluRay.x264-GROUP.mkv": film("Inception", 2010),
    "Movie.Name.2010.PROPER.BluRay.x264-GROUP.mkv": film("Movie Name", 2010),
    "Sintel.mkv": film("Sintel"),
    "big_buck_bunny_1080p_h264.mov": film("big buck bunny"),
    "1917.2019.mkv": film("1917", 2019),
    "2012 (2009).mkv": film("2012", 2009),
    "1984.mkv": film("1984"),
    "300.mkv": film("300"),
    "2001 A Space Odyssey 1968.mkv": film("2001 A Space Odyssey", 1968),
    "Blade Runner 2049 (2017).mkv": film("Blade Runner 2049", 2017),
    "Wonder.Woman.1984.2020.1080p.mkv": film("Wonder Woman 1984", 2020),
    "Apollo 13.mkv": film("Apollo 13"),
    "District 9.mkv": film("District 9"),
    "Room 237 2012.mkv": film("Room 237", 2012),
    "12 Angry Men (1957).mkv": film("12 Angry Men", 1957),
    "(500) Days of Summer (2009).mkv": film("(500) Days of Summer", 2009),
    "50-50 2011.mkv": film("50-50", 2011),
    "[REC] (2007).mkv": film("REC", 2007),
    "[REC] 2 (2009).mkv": film("REC 2", 2009),
    "Spider-Man.No.Way.Home.2021.mkv": film("Spider-Man No Way Home", 2021),
    "X-Men (2000).mkv": film("X-Men", 2000),
    "WALL·E (2008).mkv": film("WALL·E", 2008),
    "US (2019).mkv": film("US", 2019),
    "It (2017).mkv": film("It", 2017),
    "The Italian Job (2003).mkv": film("The Italian Job", 2003),
    "Dune Part Two 2024.mkv": film("Dune Part Two", 2024),
    "Kill.Bill.Vol.2.2004.mkv": film("Kill Bill Vol 2", 2004),
    "John Wick Chapter 2 (2017).mkv": film("John Wick Chapter 2", 2017),
    "Harry Potter and the Deathly Hallows Part 1 (2010).mkv": film(
        "Harry Potter and the Deathly Hallows Part 1", 2010
    ),
    "Band.of.Brothers.Part.1.mkv": film("Band of Brothers Part 1"),
    "Mission Impossible - Fallout (2018).mkv": film("Mission Impossible - Fallout", 2018),
    "Star Wars Episode IV - A New Hope (1977).mkv": film("Star Wars Episode IV - A New Hope", 1977),
    "Star Wars - Episode 1 - The Phantom Menace (1999).mkv": film(
        "Star Wars - Episode 1 - The Phantom Menace", 1999
    ),
    "The Lord of the Rings - The Return of the King (2003) Extended.mkv": film(
        "The Lord of the Rings - The Return of the King", 2003
    ),
    "Blade.Runner.1982.The.Final.Cut.mkv": film("Blade Runner", 1982),
    "Amélie.2001.mkv": film("Amélie", 2001),
    "Am\udce9lie (2001).mkv": film("Amélie", 2001),
    "千と千尋の神隠し (2001).mkv": film("千と千尋の神隠し", 2001),
    "🦤 The Dodo (2020).mkv": film("🦤 The Dodo", 2020),
    "Trailer Park Boys The Movie (2006).mkv": film("Trailer Park Boys The Movie", 2006),
    "The Sample (2019).mkv": film("The Sample", 2019),
    "[Group] Your Name (2016) [1080p].mkv": film("Your Name", 2016),
    "[Group] Kimi no Na wa [BD 1080p].mkv": film("Kimi no Na wa"),
    "[Grp] Show - OVA [1080p].mkv": film("Show - OVA"),
    "2019-07-14 Birthday.mp4": film("2019-07-14 Birthday"),
    # folders
    "Movies/Alien (1979)/movie.mkv": film("Alien", 1979),
    "Inception.2010.1080p.BluRay.x264-GRP/grp-inc.mkv": film("Inception", 2010),
    "Movies/Marvel/Iron Man (2008)/Iron Man (2008) - 1080p.mkv": film("Iron Man", 2008),
    "Movies/Alien (1979)/Alien.mkv": film("Alien", 1979),
    "Movies/2010/Inception.mkv": film("Inception"),
    "Matrix.Trilogy.1999.1080p/Matrix Reloaded.mkv": film("Matrix Reloaded"),
    "Planet Earth (2006)/Part 01 - From Pole to Pole.mkv": film("Part 01 - From Pole to Pole"),
    "Anime/Akira (1988).mkv": film("Akira", 1988),
    "Alien Anthology (1979-1997)/Aliens.mkv": film("Aliens"),
    "Harry Potter (2001)/Harry Potter and the Chamber of Secrets.mkv": film(
        "Harry Potter and the Chamber of Secrets"
    ),
    "Documentaries/Sintel (2010).mkv": film("Sintel", 2010),
    # ids
    "Inception (2010) {imdb-tt1375666}/Inception (2010).mkv": film(
        "Inception", 2010, imdb="tt1375666"
    ),
    "Inception (2010) [imdbid-tt1375666].mkv": film("Inception", 2010, imdb="tt1375666"),
    "The Matrix [tmdbid-603].mkv": film("The Matrix", tmdb="603"),
    "Inception tt1375666/Inception.mkv": film("Inception", imdb="tt1375666"),
}

SHOWS = {
    "The.Boys.S01E01.1080p.mkv": show("The Boys", 1, 1),
    "friends.s02e05.dvdrip.mkv": show("friends", 2, 5),
    "Mr. Robot S01E01 eps1.0_hellofriend.mov.mkv": show(
        "Mr. Robot", 1, 1, name="eps1 0 hellofriend"
    ),
    "Downloads/The.Show.S01E04.1080p.WEB-GRP/abcdef.mkv": show("The Show", 1, 4),
    "Lost/Lost - Season 1/Lost - 1x01 - Tabula Rasa.mkv": show("Lost", 1, 1, name="Tabula Rasa"),
    "Lost/Season 01 - The Island/Lost.S01E01.mkv": show("Lost", 1, 1),
    "Show/Show S01E01-E10/Episode 3.mkv": show("Show", 1, 3),
    "Show/Season 1/Episode 01-02.mkv": show("Show", 1, 1, 2),
    "show 1x05.mkv": show("show", 1, 5),
    "Fleabag - 1x02.avi": show("Fleabag", 1, 2),
    "House MD - [1x05] - Damned.mkv": show("House MD", 1, 5, name="Damned"),
    "Show.S01.E05.mkv": show("Show", 1, 5),
    "Show S1 E5.mkv": show("Show", 1, 5),
    "Show.Season.1.Episode.5.mkv": show("Show", 1, 5),
    "Show.Name.S01E101.mkv": show("Show Name", 1, 101),
    "The.Show.S2024E05.mkv": show("The Show", 2024, 5),
    "foo.S01E01.mkv.mkv": show("foo", 1, 1),
    "M.A.S.H.S01E01.mkv": show("M.A.S.H.", 1, 1),
    "24.S01E01.mkv": show("24", 1, 1),
    "1883.S01E02.mkv": show("1883", 1, 2),
    "11.22.63.S01E02.mkv": show("11 22 63", 1, 2),
    "9-1-1.Lone.Star.S01E01.mkv": show("9-1-1 Lone Star", 1, 1),
    "The.100.S02E03.mkv": show("The 100", 2, 3),
    "Archer.2009.S02E03.mkv": show("Archer", 2, 3, year=2009),
    "S.W.A.T.2017.S01E01.mkv": show("S.W.A.T.", 1, 1, year=2017),
    "The Flash (2014) - S03E08 - Invasion!.mkv": show(
        "The Flash", 3, 8, year=2014, name="Invasion!"
    ),
    "The.Office.US.S03E04.mkv": show("The Office US", 3, 4),
    "The Office UK S01E01.mkv": show("The Office UK", 1, 1),
    "Star Trek - Deep Space Nine - S01E01 - Emissary.mkv": show(
        "Star Trek - Deep Space Nine", 1, 1, name="Emissary"
    ),
    "www.site.org - The.Show.S01E05.mkv": show("The Show", 1, 5),
    "Show.S01E01.German.DL.1080p.mkv": show("Show", 1, 1),
    "The.Mandalorian.S02E08.Chapter.16.The.Rescue.mkv": show(
        "The Mandalorian", 2, 8, name="Chapter 16 The Rescue"
    ),
    "Attack on Titan S04E28 Part 3.mkv": show("Attack on Titan", 4, 28),
    "Trailer Park Boys S01E01.mkv": show("Trailer Park Boys", 1, 1),
    "Детство Шелдона S01E01.mkv": show("Детство Шелдона", 1, 1),
    "One Piece S01E1071.mkv": show("One Piece", 1, 1071),
    # several episodes in a file
    "Show.S01E01E02.mkv": show("Show", 1, 1, 2),
    "Show.S01E01E02E03.mkv": show("Show", 1, 1, 2, 3),
    "Show.S01E01-E03.mkv": show("Show", 1, 1, 2, 3),
    "Show.S01E01-03.mkv": show("Show", 1, 1, 2, 3),
    "Show.S01E01+E02.mkv": show("Show", 1, 1, 2),
    "Show.S01E01 & E02.mkv": show("Show", 1, 1, 2),
    "Show S01E01-S01E02.mkv": show("Show", 1, 1, 2),
    "Show S01E01 S01E02.mkv": show("Show", 1, 1, 2),
    "Show.1x01-1x02.mkv": show("Show", 1, 1, 2),
    "Show.1x01x02.mkv": show("Show", 1, 1, 2),
    "Friends.S10E17-E18.The.Last.One.mkv": show("Friends", 10, 17, 18, name="The Last One"),
    "Show.S01E01-720p.mkv": show("Show", 1, 1),
    "Show.S01E01-10bit.mkv": show("Show", 1, 1),
    # specials
    "Sherlock S00E01.mkv": show("Sherlock", 0, 1),
    "Doctor Who/Specials/Doctor Who - S00E03 - Name.mkv": show("Doctor Who", 0, 3, name="Name"),
    "Doctor Who/Specials/03 - Name.mkv": show("Doctor Who", 0, 3, name="Name"),
    "Doctor Who/Season 00/03 - Name.mkv": show("Doctor Who", 0, 3, name="Name"),
    "Battlestar.Galactica.2003.S00E01E02.mkv": show("Battlestar Galactica", 0, 1, 2, year=2003),
    "Fargo.S01E00.Special.mkv": show("Fargo", 1, 0, name="Special"),
    # folders
    "Show/Season 2/03 - Title.mkv": show("Show", 2, 3, name="Title"),
    "Show/Season 2/03.mkv": show("Show", 2, 3),
    "Show/S02/E03.mkv": show("Show", 2, 3),
    "Show/Staffel 2/Folge 3.mkv": show("Show", 2, 3),
    "Fargo/s01e01.mkv": show("Fargo", 1, 1),
    "TV/Fargo (2014)/Season 2/S02E03E04.mkv": show("Fargo", 2, 3, 4, year=2014),
    "The Show Season 2/03.mkv": show("The Show", 2, 3),
    "The.Show.S02.1080p.WEB-GRP/the.show.s02e05.mkv": show("The Show", 2, 5),
    "The Office (2005)/Season 1/The Office - S01E01 - Pilot.mkv": show(
        "The Office", 1, 1, year=2005, name="Pilot"
    ),
    "The Office (US)/Season 1/The Office S01E02.mkv": show("The Office (US)", 1, 2),
    "Breaking Bad {tvdb-81189}/Season 01/Breaking Bad S01E01.mkv": show(
        "Breaking Bad", 1, 1, tvdb="81189"
    ),
    "Breaking Bad [tvdbid=81189]/Season 01/S01E02.mkv": show("Breaking Bad", 1, 2, tvdb="81189"),
    "Fargo tt2802850/Season 1/Fargo 1x02 tt1234567.mkv": show("Fargo", 1, 2, imdb="tt2802850"),
}

ANIME = {
    "[SubsPlease] Frieren - 12 (1080p) [ABCD1234].mkv": anime("Frieren", 12),
    "[Group] Frieren - 12 [1080p].mkv": anime("Frieren", 12),
    "[Group] Naruto Shippuuden - 365 [720p].mkv": anime("Naruto Shippuuden", 365),
    "[SubsPlease] One Piece - 1071v2 (1080p) [ABCD1234].mkv": anime("One Piece", 1071),
    "[Group] 86 - Eighty Six - 05.mkv": anime("86 - Eighty Six", 5),
    "[Group] Mob Psycho 100 - 05.mkv": anime("Mob Psycho 100", 5),
    "[Group] Mob Psycho 100 II - 05.mkv": anime("Mob Psycho 100 II", 5),
    "[Group] Steins;Gate 0 - 05 [720p].mkv": anime("Steins;Gate 0", 5),
    "[Group] Show - 01-02 [720p].mkv": anime("Show", 1, 2),
    "Anime/One Piece/One Piece - 1071.mkv": anime("One Piece", 1071),
    "Anime/Cowboy Bebop/05.mkv": anime("Cowboy Bebop", 5),
    "[Group] Sousou no Frieren S2 - 05.mkv": anime("Sousou no Frieren", 5, season=2),
    "[Group] Boku no Hero Academia 4th Season - 03.mkv": anime(
        "Boku no Hero Academia", 3, season=4
    ),
    "Frieren/Season 2/[Group] Frieren - 05 [1080p].mkv": anime("Frieren", 5, season=2),
    "[Group] Show - S02E05 [1080p].mkv": anime("Show", 5, season=2),
}

UNCERTAIN = {
    # file: (kind, title, season, numbers)
    "s01e01.mkv": (Kind.SHOW, "s01e01", 1, (1,)),
    "Season 2/03 - Name.mkv": (Kind.SHOW, "03 - Name", 2, (3,)),
    "Show.Ep05.mkv": (Kind.SHOW, "Show", None, (5,)),
    "Chernobyl (2019)/Chernobyl E03.mkv": (Kind.SHOW, "Chernobyl", None, (3,)),
    "TV/Show/Show.101.mkv": (Kind.SHOW, "Show", 1, (1,)),
    "Fargo/Season 2/203 - Name.mkv": (Kind.SHOW, "Fargo", 2, (3,)),
    "Fargo/Season 2/Chapter Three.mkv": (Kind.SHOW, "Fargo", 2, ()),
    "Show - S01E01-E99.mkv": (Kind.SHOW, "Show", 1, (1,)),
    "the.daily.show.2024-03-11.mkv": (Kind.SHOW, "the daily show", None, ()),
    "The Daily Show 2024.03.11 Guest.mkv": (Kind.SHOW, "The Daily Show", None, ()),
    "Movies/Alien (1979)/abc-xyz.1080p.mkv": (Kind.MOVIE, "Alien", None, ()),
    "Mini/Part 1.mkv": (Kind.MOVIE, "Mini - Part 1", None, ()),
    "movie.mkv": (Kind.MOVIE, "movie", None, ()),
    "tt1375666/movie.mkv": (Kind.MOVIE, "movie", None, ()),
}

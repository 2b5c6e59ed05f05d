"""Ids and keys: strict per scheme, and the same after a round trip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.ids import (
    ONE_SEASON_SCHEMES,
    Ids,
    InvalidKeyError,
    Key,
    Kind,
    MediaId,
    Scheme,
)

_VALUES = {
    Scheme.IMDB: st.from_regex(r"tt[0-9]{5,12}", fullmatch=True),
    Scheme.LOCAL: st.from_regex(r"[0-9a-f]{16}", fullmatch=True),
}
_NUMBERS = st.integers(1, 999_999_999_999).map(str)
_COORDINATES = st.integers(0, 99_999)


@st.composite
def media_ids(draw: st.DrawFn) -> MediaId:
    """Any well-formed media id."""
    scheme = draw(st.sampled_from(Scheme))
    value = draw(_VALUES.get(scheme, _NUMBERS))
    series = {Scheme.TMDB: "tv", Scheme.TRAKT: "show"}.get(scheme)
    namespace = "" if series is None else draw(st.sampled_from(["movie", series]))
    return MediaId(scheme, value, namespace)


@st.composite
def keys(draw: st.DrawFn) -> Key:
    """Any well-formed key: a title, a film, an episode or a special."""
    media_id = draw(media_ids())
    if media_id.namespace == "movie" or draw(st.booleans()):
        return Key(media_id)
    return Key.episode(media_id, draw(_COORDINATES), draw(_COORDINATES))


@pytest.mark.parametrize(
    ("text", "media_id", "season", "number"),
    [
        ("tt0133093", "tt0133093", None, None),
        ("tt0903747:1:5", "tt0903747", 1, 5),
        ("tt0903747:0:3", "tt0903747", 0, 3),
        ("kitsu:7442:5", "kitsu:7442", None, 5),
        ("kitsu:7442", "kitsu:7442", None, None),
        ("mal:199:0", "mal:199", None, 0),
        ("simkl:472214", "simkl:472214", None, None),
        ("simkl:472214:2:10", "simkl:472214", 2, 10),
        ("tmdb:movie:603", "tmdb:movie:603", None, None),
        ("tmdb:tv:1396:1:5", "tmdb:tv:1396", 1, 5),
        ("tmdb:1396:1:5", "tmdb:tv:1396", 1, 5),
        ("tvdb:81189:1:1", "tvdb:81189", 1, 1),
        ("local:0123456789abcdef:2:3", "local:0123456789abcdef", 2, 3),
    ],
)
def test_a_key_of_each_scheme_is_read(
    text: str, media_id: str, season: int | None, number: int | None
) -> None:
    """Defects 13 and F9: the parser knows each scheme, and never just takes three parts."""
    assert Key.parse(text) == Key(MediaId.parse(media_id), season, number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tt",
        "tt1",
        "tt1::tt1",
        "tt0133093:",
        "tt0133093:1",
        "tt0133093:1:2:3",
        "tt0133093:-1:5",
        "tt0133093:1:5abc",
        "tt0133093:1:+5",
        "tt0133093:1: 5",
        "tt0133093:01:5",
        "tt0133093:1:123456",
        "tt0133093:1:1_0",
        "tt٠١٢٣٤٥٦:1:5",
        "tt0133093:١:5",
        "TT0133093",
        " tt0133093",
        "tt0133093\n",
        "xtt0133093",
        "imdb:tt0133093",
        "imdb:0133093",
        "kitsu",
        "kitsu:",
        "kitsu:7442:1:5",
        "kitsu:5abc",
        "kitsu:-5",
        "kitsu:07442",
        "mal:²",
        "tmdb:603",
        "tmdb:movie",
        "tmdb:movie:603:1:5",
        "tmdb:show:603",
        "simkl:0",
        "simkl:472214:1",
        "local:0123456789ABCDEF",
        "local:../../etc/passwd",
        "youtube:abc",
        "undefined",
    ],
)
def test_what_is_not_exactly_a_key_is_refused(text: str) -> None:
    """Defects 14 and 16: nothing is guessed from half an id."""
    with pytest.raises(InvalidKeyError):
        Key.parse(text)


def test_a_refusal_is_short_whatever_was_given() -> None:
    """The text of an error never carries a megabyte of somebody's input."""
    with pytest.raises(InvalidKeyError) as refused:
        Key.parse("x" * 1_000_000)
    assert len(str(refused.value)) < 200


@given(keys())
def test_a_key_survives_a_round_trip(key: Key) -> None:
    """Parse and print are inverse, for keys and composite keys."""
    assert Key.parse(str(key)) == key
    assert Key.parse_composite(key.composite) == key


@given(media_ids())
def test_a_media_id_survives_a_round_trip(media_id: MediaId) -> None:
    """Parse and print are inverse, and a media id is a key."""
    assert MediaId.parse(str(media_id)) == media_id
    assert Key.parse(str(media_id)) == Key(media_id)


@given(st.text(max_size=40))
def test_any_text_is_a_key_that_prints_the_same_or_is_refused(text: str) -> None:
    """There are not two spellings of one key, but for the short one of TMDB's series."""
    try:
        key = Key.parse(text)
    except InvalidKeyError:
        return
    assert str(key) == text or key.media_id.scheme is Scheme.TMDB


def test_a_film_has_one_composite_key() -> None:
    """Defect 15: a film has no video part, so it cannot be kept twice."""
    assert Key.parse("tt0133093").composite == "tt0133093"
    assert Key.parse("tt0903747:1:5").composite == "tt0903747::tt0903747:1:5"


@pytest.mark.parametrize(
    "text", ["tt0133093::tt0133094:1:5", "tt0133093::", "::tt0133093", "a::b::c"]
)
def test_a_composite_key_of_two_titles_is_refused(text: str) -> None:
    """Both halves name the same title."""
    with pytest.raises(InvalidKeyError):
        Key.parse_composite(text)


def test_specials_are_a_season_and_anime_is_in_season_one() -> None:
    """Season 0 is a value and not "missing"."""
    assert Key.parse("tt0903747:0:3").season_number == 0
    assert Key.parse("kitsu:7442:5").season_number == 1
    assert Key.parse("tt0133093").season_number is None
    assert {scheme.value for scheme in ONE_SEASON_SCHEMES} == {"kitsu", "mal", "anidb", "anilist"}


@pytest.mark.parametrize(
    ("ids", "kind", "preferred"),
    [
        (Ids(mal="1", kitsu="2", tvdb="3", tmdb="4", simkl="5", imdb="tt00006"), Kind.SHOW,
         "tt00006"),
        (Ids(mal="1", kitsu="2", tvdb="3", tmdb="4", simkl="5"), Kind.SHOW, "simkl:5"),
        (Ids(mal="1", kitsu="2", tvdb="3", tmdb="4"), Kind.SHOW, "tmdb:tv:4"),
        (Ids(tmdb="4"), Kind.MOVIE, "tmdb:movie:4"),
        (Ids(mal="1", kitsu="2", tvdb="3"), Kind.SHOW, "tvdb:3"),
        (Ids(mal="1", kitsu="2"), Kind.ANIME, "kitsu:2"),
        (Ids(imdb="tt12", simkl="5"), Kind.SHOW, "simkl:5"),
        (Ids(imdb="603", simkl="x"), Kind.MOVIE, None),
        (Ids(), Kind.MOVIE, None),
    ],
)  # fmt: skip
def test_the_key_takes_the_first_id_that_is_well_formed(
    ids: Ids, kind: Kind, preferred: str | None
) -> None:
    """The order of DESIGN section 4; malformed ids of a provider are passed over."""
    found = ids.preferred(kind)
    assert (str(found) if found else None) == preferred


def test_ids_are_read_from_numbers_and_texts_and_both_spellings_of_simkl() -> None:
    """What is no id is left out."""
    assert Ids.from_mapping(
        {"simkl_id": 5, "imdb": "tt0133093", "tmdb": 603, "tvdb": "", "mal": None, "kitsu": True,
         "slug": "the-matrix", "anidb": ["1"]}
    ) == Ids(simkl="5", imdb="tt0133093", tmdb="603")  # fmt: skip


def test_gaps_are_filled_and_known_ids_stay() -> None:
    """Merging never replaces an id."""
    assert Ids(imdb="tt00001").merged(Ids(imdb="tt00002", mal="3")) == Ids(imdb="tt00001", mal="3")


def test_a_special_of_one_season_is_not_an_episode() -> None:
    """It names season 0, where its episodes name none; the two never meet under one key."""
    kitsu = MediaId.parse("kitsu:7442")
    special, episode = Key.episode(kitsu, 0, 3), Key.episode(kitsu, 1, 3)
    assert (str(special), str(episode)) == ("kitsu:7442:0:3", "kitsu:7442:3")
    assert Key.parse(str(special)) == special
    assert (special.season_number, episode.season_number) == (0, 1)
    with pytest.raises(InvalidKeyError):
        Key.parse("kitsu:7442:1:3")

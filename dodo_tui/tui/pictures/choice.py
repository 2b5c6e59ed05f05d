"""How a terminal draws pictures: decided once, from what it says of itself and the user's wish."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from dodo_tui.tui.look import Look

_WITHOUT_PICTURES = ("", "dumb", "linux", "vt100", "vt102", "vt220")
"""What `TERM` is where nobody need be asked."""


class Drawing(StrEnum):
    """How pictures are drawn."""

    NONE = "none"
    BLOCKS = "blocks"
    """Coloured quarter blocks: text like any other, in every terminal with true colour."""
    KITTY = "kitty"
    """Kitty's graphics protocol, placed by characters, so that pictures move as text does."""
    KITTY_IF_NEW = "kitty-if-new"
    """A kitty, whose age decides; it is found out when the first picture is drawn."""
    SIXEL = "sixel"
    """Drawn on top of the text by the terminal, with blocks where a picture is not whole."""
    SIXEL_ELSE_BLOCKS = "sixel-else-blocks"
    """The terminal is asked when the first picture is drawn."""
    SIXEL_ELSE_NONE = "sixel-else-none"
    """The terminal is asked before any picture gets room: it has few colours, as far as it says."""


class Wish(StrEnum):
    """What the user wants; the values of the setting `pictures`."""

    AUTO = "auto"
    ON = "on"
    """Also where a terminal has 256 colours only, or does not say what it can."""
    OFF = "off"
    BLOCKS = "blocks"
    KITTY = "kitty"
    SIXEL = "sixel"
    """Also where a terminal does not say that it can; not where the size of a cell is unknown."""


def read_wish(text: str | None) -> Wish:
    """A setting as it is kept; whatever is not known is `auto`."""
    return Wish(text) if text in {wish.value for wish in Wish} else Wish.AUTO


def has_decoder() -> bool:
    """Whether the extra is installed; looks for Pillow without importing it."""
    from importlib.util import find_spec

    return find_spec("PIL") is not None


def choose_drawing(environment: Mapping[str, str], look: Look, wish: Wish) -> Drawing:
    """How pictures are drawn in this terminal, if the extra is installed.

    Never without colours or on a Linux console. By itself only where true colour is certain or the
    terminal says that it has sixel, and kitty's protocol only in Ghostty, which has placed pictures
    by characters from its beginning, and in a kitty on this machine that is new enough.
    """
    if wish is Wish.OFF or look is not Look.FULL or environment.get("NO_COLOR"):
        return Drawing.NONE
    term = environment.get("TERM", "")
    true_colour = environment.get("COLORTERM", "").lower() in ("truecolor", "24bit")
    inside_another = "TMUX" in environment or term.startswith(("screen", "tmux"))
    if wish is Wish.KITTY and true_colour:
        return Drawing.KITTY
    if wish in (Wish.AUTO, Wish.ON) and true_colour and not inside_another:
        if term == "xterm-ghostty":
            return Drawing.KITTY
        from dodo_tui.tui.pictures.kitty_age import is_local_kitty

        if is_local_kitty(environment):
            return Drawing.KITTY_IF_NEW
    has_colours = true_colour or (wish is not Wish.AUTO and "256color" in term)
    if term in _WITHOUT_PICTURES or not _may_have_sixel(wish, inside_another=inside_another):
        return Drawing.BLOCKS if has_colours else Drawing.NONE
    return Drawing.SIXEL_ELSE_BLOCKS if has_colours else Drawing.SIXEL_ELSE_NONE


def may_be_asked(environment: Mapping[str, str], look: Look) -> bool:
    """Whether a terminal is asked for sixel by itself."""
    drawing = choose_drawing(environment, look, Wish.AUTO)
    return drawing in (Drawing.SIXEL_ELSE_BLOCKS, Drawing.SIXEL_ELSE_NONE)


def wishes_for(
    environment: Mapping[str, str], look: Look, *, has_kitty: bool, has_sixel: bool
) -> tuple[Wish, ...]:
    """What a user can choose in this terminal: by itself, the ways that it has, and none.

    `has_kitty` says that it is known to place kitty's pictures, `has_sixel` is what it answered. A
    setting may ask for more; nobody offers what may not work.
    """
    found = [Wish.AUTO]
    if has_kitty:
        found.append(Wish.KITTY)
    if has_sixel:
        found.append(Wish.SIXEL)
    if choose_drawing(environment, look, Wish.BLOCKS) is Drawing.BLOCKS:
        found.append(Wish.BLOCKS)
    return (*found, Wish.OFF)


def _may_have_sixel(wish: Wish, *, inside_another: bool) -> bool:
    """Whether to ask a terminal for sixel.

    Not a terminal inside another, unless the user wants it: tmux (as of its 3.8) keeps no more than
    twenty pictures, and draws none that comes within a synchronized update, as ours do.
    """
    return wish is Wish.SIXEL or (wish in (Wish.AUTO, Wish.ON) and not inside_another)

"""What is read across a room: big letters, and a code for a phone."""

from __future__ import annotations

import string

import pytest
import segno
from rich.segment import Segment

from dodo_tui.tui.look import Look
from dodo_tui.tui.widgets.big_text import BigText, big_text
from dodo_tui.tui.widgets.qr import QUIET_ZONE, Matrix, QrCode, QrDrawing, draw_qr, qr_matrix
from dodo_tui.tui.widgets.words import Words
from tests.tui.widgets.support import lines, stage, text

ADDRESS = "https://simkl.com/pin/5G6JAH"


def _modules(drawing: QrDrawing, look: Look) -> Matrix:
    """What a camera sees of a drawing: True where it is dark."""
    rows: list[tuple[bool, ...]] = []
    for row in drawing.rows:
        if look is Look.FULL:
            cells = "".join(run for run, _ in row)
            assert not any(dark for _, dark in row)
            rows.append(tuple(cell in "▀█" for cell in cells))
            rows.append(tuple(cell in "▄█" for cell in cells))
        else:
            flat = [dark for run, dark in row for _ in run]
            assert flat[::2] == flat[1::2]
            rows.append(tuple(flat[::2]))
    return tuple(rows)


@pytest.mark.parametrize("look", Look)
def test_the_code_that_is_drawn_is_the_code(look: Look) -> None:
    """Every module, in either drawing, with a light border around."""
    expected = [
        tuple(bool(cell) for cell in row)
        for row in segno.make(ADDRESS, error="l", micro=False, boost_error=False).matrix
    ]
    drawing = draw_qr(ADDRESS, look, 200, 100)
    assert drawing is not None
    modules = _modules(drawing, look)
    size = len(expected) + 2 * QUIET_ZONE
    assert modules[:size] == qr_matrix(ADDRESS)
    inner = [row[QUIET_ZONE:-QUIET_ZONE] for row in modules[QUIET_ZONE : size - QUIET_ZONE]]
    assert inner == expected
    border = (*modules[:QUIET_ZONE], *modules[size - QUIET_ZONE : size])
    assert not any(map(any, border))


def test_a_code_that_does_not_fit_is_not_drawn() -> None:
    """Half a code is worse than none: 29 columns and 15 rows in halves, 58 and 29 in blanks."""
    for look, width, height in ((Look.FULL, 29, 15), (Look.CONSOLE, 58, 29)):
        assert draw_qr(ADDRESS, look, width, height) is not None
        assert draw_qr(ADDRESS, look, width - 1, height) is None
        assert draw_qr(ADDRESS, look, width, height - 1) is None


@pytest.mark.parametrize("look", [Look.FULL, Look.CONSOLE])
async def test_the_widget_draws_black_on_white_in_any_theme(look: Look) -> None:
    """Dark modules on a light ground: inverted codes fail in some readers."""
    app = stage(QrCode(ADDRESS), Words("below"), look=look)
    async with app.run_test(size=(120, 40)):
        strips = app.screen._compositor.render_strips()
        code: list[Segment] = [segment for segment in strips[1] if segment.text.strip("x")]
        grounds = {
            segment.style.bgcolor.name
            for segment in code
            if segment.style and segment.style.bgcolor
        }
        assert grounds & {"#ffffff", "white"}


async def test_without_room_the_text_beside_it_must_do() -> None:
    """The widget takes no place at all."""
    app = stage(QrCode(ADDRESS), Words("simkl.com/pin"))
    async with app.run_test(size=(80, 10)):
        assert lines(app)[0].strip() == "simkl.com/pin"


@pytest.mark.parametrize(("narrow", "columns"), [(False, 5), (True, 4)])
def test_every_letter_and_digit_has_a_shape_of_its_own(narrow: bool, columns: int) -> None:
    """Five rows each, all rows as long, no two alike."""
    shapes = {}
    for character in string.ascii_uppercase + string.digits + "-":
        shape = big_text(character, Look.FULL, narrow=narrow)
        assert shape is not None
        assert len(shape) == 5
        assert {len(row) for row in shape} <= {columns - 2, columns - 1, columns}
        assert len({len(row) for row in shape}) == 1
        assert any("█" in row for row in shape)
        shapes[shape] = character
    assert len(shapes) == 37


def test_a_code_is_written_big() -> None:
    """In ASCII with number signs; small letters are capitals."""
    assert big_text("a-1", Look.ASCII) == (
        " ###          # ",
        "#   #        ## ",
        "#####  ####   # ",
        "#   #         # ",
        "#   #        ###",
    )
    assert big_text("é", Look.FULL) is None


async def test_big_letters_that_have_no_room_are_written_small() -> None:
    """Narrower, then plain; the code is never cut."""
    app = stage(BigText("5G6JAH"), Words("below"))
    async with app.run_test(size=(80, 10)) as pilot:
        assert "█████   ████   ███" in text(app)
        await pilot.resize_terminal(36, 10)
        await pilot.pause()
        assert "████  ███  ██" in text(app)
        await pilot.resize_terminal(29, 10)
        await pilot.pause()
        assert lines(app)[0].strip() == "5G6JAH"

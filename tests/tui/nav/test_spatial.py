"""Where an arrow leads, over rectangles alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region

from dodo_tui.tui.keys import Direction
from dodo_tui.tui.nav.spatial import abreast, neighbour

UP, DOWN, LEFT, RIGHT = Direction.UP, Direction.DOWN, Direction.LEFT, Direction.RIGHT


@st.composite
def rows_of_boxes(draw: st.DrawFn) -> list[list[Region]]:
    """Rows of boxes as screens have them: rows above each other, boxes side by side in each."""
    rows = []
    y = 0
    for _ in range(draw(st.integers(1, 5))):
        height = draw(st.integers(1, 8))
        x = draw(st.integers(0, 10))
        row = []
        for _ in range(draw(st.integers(1, 5))):
            width = draw(st.integers(1, 40))
            row.append(Region(x, y, width, height))
            x += width + draw(st.integers(0, 5))
        rows.append(row)
        y += height + draw(st.integers(0, 3))
    return rows


def _step(boxes: list[Region], index: int, direction: Direction) -> int | None:
    others = [box for number, box in enumerate(boxes) if number != index]
    found = neighbour(boxes[index], others, direction)
    return None if found is None else found + (found >= index)


@given(rows_of_boxes())
def test_every_box_is_reachable_from_every_other(rows: list[list[Region]]) -> None:
    """No box is jumped over: arrows lead from each to all."""
    boxes = [box for row in rows for box in row]
    for start in range(len(boxes)):
        seen = {start}
        todo = [start]
        while todo:
            here = todo.pop()
            for direction in Direction:
                there = _step(boxes, here, direction)
                if there is not None and there not in seen:
                    seen.add(there)
                    todo.append(there)
        assert seen == set(range(len(boxes)))


@given(rows_of_boxes())
def test_right_then_left_returns_in_a_row(rows: list[list[Region]]) -> None:
    """In a row of boxes Right goes to the next one, and Left back."""
    boxes = [box for row in rows for box in row]
    start = 0
    for row in rows:
        for offset in range(len(row)):
            index = start + offset
            following = _step(boxes, index, RIGHT)
            assert following == (index + 1 if offset + 1 < len(row) else None)
            if following is not None:
                assert _step(boxes, following, LEFT) == index
        start += len(row)


@given(rows_of_boxes(), st.sampled_from(Direction))
def test_what_is_found_lies_in_that_direction(
    rows: list[list[Region]], direction: Direction
) -> None:
    """An arrow never leads backwards, and never to where it started."""
    boxes = [box for row in rows for box in row]
    for index, box in enumerate(boxes):
        found = _step(boxes, index, direction)
        if found is None:
            continue
        other = boxes[found]
        match direction:
            case Direction.UP:
                assert other.bottom <= box.y
            case Direction.DOWN:
                assert other.y >= box.bottom
            case Direction.LEFT:
                assert other.right <= box.x
            case Direction.RIGHT:
                assert other.x >= box.right


@given(rows_of_boxes())
def test_down_goes_to_the_next_row_only(rows: list[list[Region]]) -> None:
    """Down never skips a row, whatever lies below in the same columns."""
    boxes = [box for row in rows for box in row]
    row_of = [number for number, row in enumerate(rows) for _ in row]
    for index in range(len(boxes)):
        found = _step(boxes, index, DOWN)
        expected = row_of[index] + 1
        assert (None if found is None else row_of[found]) == (
            expected if expected < len(rows) else None
        )


def test_nothing_lies_beyond_the_edge() -> None:
    """There is no wrap."""
    box = Region(0, 0, 10, 3)
    below = [Region(0, 5, 10, 3)]
    assert [neighbour(box, below, direction) for direction in (UP, LEFT, RIGHT)] == [None] * 3


def test_left_does_not_jump_to_another_row() -> None:
    """An arrow at the left edge never surprises: what is lower or higher does not count."""
    assert neighbour(Region(20, 0, 10, 3), [Region(0, 10, 10, 3)], LEFT) is None


def test_the_part_in_focus_decides_among_equals() -> None:
    """Below a long row, the box under the cursor's card is meant."""
    row = Region(0, 0, 100, 5)
    below = [Region(0, 6, 30, 5), Region(31, 6, 30, 5), Region(62, 6, 30, 5)]
    assert neighbour(row, below, DOWN, aim=Region(64, 0, 20, 5)) == 2
    assert neighbour(row, below, DOWN, aim=Region(2, 0, 20, 5)) == 0


def test_ties_go_to_the_first() -> None:
    """With two boxes as near and as well aligned, the order given decides."""
    below = [Region(0, 2, 4, 1), Region(6, 2, 4, 1)]
    assert neighbour(Region(3, 0, 4, 1), below, DOWN) == 0


def test_what_has_no_size_is_nowhere() -> None:
    """A widget that is not laid out is not a place to go."""
    assert neighbour(Region(0, 0, 4, 1), [Region(0, 2, 0, 0)], DOWN) is None
    assert abreast(Region(0, 0, 4, 1), [], DOWN) == []

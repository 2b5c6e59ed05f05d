"""Where an arrow leads: geometry over rectangles, knowing nothing of widgets.

Up and Down go to the nearest row of rectangles, so that none is ever jumped over; Left and Right
only to what stands beside, so that an arrow at the edge never surprises.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region

from dodo_tui.tui.keys import Direction


def neighbour(
    origin: Region, others: Sequence[Region], direction: Direction, aim: Region | None = None
) -> int | None:
    """The index of the rectangle an arrow leads to, or None at the edge.

    `aim` is the part of `origin` that is in focus (a card of a row); it decides among rectangles
    that are equally near: those overlapping it first, then the best aligned centre, then the
    order given.
    """
    abreast_ones = abreast(origin, others, direction)
    if not abreast_ones:
        return None
    focus = aim or origin
    return min(
        abreast_ones,
        key=lambda index: (
            _across_gap(focus, others[index], direction),
            abs(_centre(focus, direction) - _centre(others[index], direction)),
            index,
        ),
    )


def abreast(origin: Region, others: Sequence[Region], direction: Direction) -> list[int]:
    """The rectangles of the nearest row (or column) in a direction, in the order given."""
    gaps = {
        index: gap
        for index, other in enumerate(others)
        if other.area and (gap := _gap(origin, other, direction)) >= 0
    }
    if not direction.is_vertical:
        gaps = {
            index: gap
            for index, gap in gaps.items()
            if _across_gap(origin, others[index], direction) < 0
        }
    if not gaps:
        return []
    depth = min(gap + _extent(others[index], direction) for index, gap in gaps.items())
    return [index for index, gap in gaps.items() if gap < depth]


def _gap(origin: Region, other: Region, direction: Direction) -> int:
    """Free cells between two rectangles along a direction; negative if it does not lie there."""
    match direction:
        case Direction.UP:
            return origin.y - other.bottom
        case Direction.DOWN:
            return other.y - origin.bottom
        case Direction.LEFT:
            return origin.x - other.right
        case Direction.RIGHT:
            return other.x - origin.right


def _across_gap(origin: Region, other: Region, direction: Direction) -> int:
    """Free cells between two rectangles across a direction; -1 if they overlap there."""
    if direction.is_vertical:
        gap = max(other.x - origin.right, origin.x - other.right)
    else:
        gap = max(other.y - origin.bottom, origin.y - other.bottom)
    return max(gap, -1)


def _extent(region: Region, direction: Direction) -> int:
    """How far a rectangle reaches along a direction."""
    return region.height if direction.is_vertical else region.width


def _centre(region: Region, direction: Direction) -> int:
    """Twice the centre across a direction, so that it stays whole."""
    if direction.is_vertical:
        return region.x * 2 + region.width
    return region.y * 2 + region.height

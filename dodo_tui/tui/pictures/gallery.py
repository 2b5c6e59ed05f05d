"""The pictures that screens show: a tile at once, the poster as soon as it is at hand.

Asking never waits: what is not in memory is a tile of the same size, and is looked for in a thread
after the screen is painted. What comes is shown all at once, in the cells that were kept for it.
"""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from dodo_tui.tui.pictures.choice import Drawing
from dodo_tui.tui.pictures.kitty_age import places_pictures
from dodo_tui.tui.pictures.tile import tile_lines

if TYPE_CHECKING:
    from dodo_tui.tui.face.posters import Posters
    from dodo_tui.tui.pictures.drawing import Drawn, Picture
    from dodo_tui.tui.pictures.sixel_terminal import Paper

_MOST_CELLS = 15_000
"""Cells of drawn pictures in memory, each of some 700 bytes: those of a hundred and more cards."""
_MOST_LACKING = 400


class Wanted(NamedTuple):
    """A poster in a size."""

    media_id: str
    columns: int
    rows: int


class Gallery:
    """Posters of titles as lines of cells."""

    def __init__(self, app: Posters, drawing: Drawing, show: Callable[[], None]) -> None:
        """`show` is called when there is something new to be seen."""
        self._app = app
        self._drawing = drawing
        self._paper: Paper | None = None
        """What sixel is drawn on, once that is known."""
        self._show = show
        self._kept: OrderedDict[Wanted, Drawn] = OrderedDict()
        self._wanted: dict[Wanted, bool] = {}
        """What is to be looked for, and whether it is to be fetched where it is not here."""
        self._lacking: dict[Wanted, None] = {}
        """What was looked for and is not here yet."""
        self.is_looking = False
        """Whether there is something that may yet be shown."""
        self._is_closed = False

    def picture(self, media_id: str, title: str, columns: int, rows: int) -> Picture:
        """A title's poster if it is at hand, else its tile; in both cases of exactly this size."""
        wanted = Wanted(media_id, columns, rows)
        kept = self._kept.get(wanted)
        if kept is not None:
            self._kept.move_to_end(wanted)
            return kept.lines
        if wanted not in self._lacking:
            self._wanted[wanted] = True
            self._look()
        return tile_lines(title, columns, rows, self._app.current_theme.dark)

    def look_again(self, *, fetch: bool) -> None:
        """Look once more for what is not here: a poster has come, or more is known of titles.

        `fetch` asks for those that are still not here, as if they were seen for the first time.
        """
        self._wanted |= dict.fromkeys(self._lacking, fetch)
        self._lacking.clear()
        self._look()

    def forget(self) -> None:
        """Draw all anew: the terminal has lost what it was sent."""
        self._drop_all()
        self._show()

    def close(self) -> None:
        """Nobody looks any more: the terminal need not keep what it was sent."""
        self._is_closed = True
        self._wanted.clear()
        self._drop_all()

    def _drop_all(self) -> None:
        for picture in self._kept.values():
            self._drop(picture)
        self._kept.clear()

    async def measure_again(self) -> None:
        """The window may have another font now: cells of another size want other pictures."""
        if self._paper is None:
            return
        paper = await self._app.find_paper(again=True)
        if paper is not None and paper != self._paper:
            self._paper = paper
            self.forget()

    def _look(self) -> None:
        if self._wanted and not self.is_looking:
            self.is_looking = True
            self._app.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._app.run_worker(self._find(), group="gallery", exit_on_error=False)

    async def _find(self) -> None:
        try:
            await self._settle()
            while self._wanted:
                wanted, self._wanted = self._wanted, {}
                fragments = await self._app.read_posters(each.media_id for each in wanted)
                drawn = await asyncio.to_thread(self._draw, list(wanted), fragments)
                if self._is_closed:
                    return
                self._keep(drawn)
                lacking = [each for each in wanted if each not in drawn]
                self._lack(lacking)
                self._app.want_posters(
                    (each.media_id, fragments.get(each.media_id))
                    for each in reversed(lacking)
                    if wanted[each]
                )
                if drawn:
                    self._show()
        finally:
            self.is_looking = False

    async def _settle(self) -> None:
        """Find out how pictures are drawn, where the terminal has to be asked."""
        if self._drawing is Drawing.KITTY_IF_NEW:
            is_new = await asyncio.to_thread(places_pictures, os.environ)
            self._drawing = Drawing.KITTY if is_new else Drawing.BLOCKS
        elif self._drawing in (Drawing.SIXEL, Drawing.SIXEL_ELSE_BLOCKS) and self._paper is None:
            self._paper = await self._app.find_paper()
            self._drawing = Drawing.BLOCKS if self._paper is None else Drawing.SIXEL

    def _draw(self, wanted: list[Wanted], fragments: dict[str, str]) -> dict[Wanted, Drawn]:
        """What can be drawn; in a thread."""
        from dodo_tui.tui.pictures.decoding import UnfitPictureError
        from dodo_tui.tui.pictures.drawing import blank, draw_from

        cache = self._app.picture_cache
        has_colours = self._app.console.color_system in ("256", "truecolor")
        drawn: dict[Wanted, Drawn] = {}
        for each in wanted:
            fragment = fragments.get(each.media_id)
            if fragment is None:
                continue
            try:
                picture = draw_from(
                    cache, fragment, self._drawing, each.columns, each.rows, self._paper
                )
            except UnfitPictureError:
                cache.drop(fragment)
                cache.refuse(fragment, self._app.clock.now())
                continue
            if picture is not None and picture.sixel and not has_colours:
                picture = picture._replace(lines=blank(each.columns, each.rows))
            if picture is not None:
                drawn[each] = picture
        return drawn

    def _keep(self, drawn: dict[Wanted, Drawn]) -> None:
        self._tell([picture.before for picture in drawn.values()])
        layer = self._app.sixel_layer
        if layer is not None:
            drawn = {
                each: picture._replace(lines=layer.lay(picture.lines, picture.sixel))
                if picture.sixel
                else picture
                for each, picture in drawn.items()
            }
        self._kept |= drawn
        cells = sum(kept.columns * kept.rows for kept in self._kept)
        while cells > _MOST_CELLS and len(self._kept) > len(drawn):
            oldest, picture = self._kept.popitem(last=False)
            cells -= oldest.columns * oldest.rows
            self._drop(picture)

    def _drop(self, picture: Drawn) -> None:
        self._tell([picture.after])
        if picture.sixel and self._app.sixel_layer is not None:
            self._app.sixel_layer.take(picture.lines)

    def _tell(self, sequences: list[str]) -> None:
        for sequence in filter(None, sequences):
            self._app.write_to_terminal(sequence)

    def _lack(self, wanted: list[Wanted]) -> None:
        self._lacking |= dict.fromkeys(wanted)
        while len(self._lacking) > _MOST_LACKING:
            del self._lacking[next(iter(self._lacking))]

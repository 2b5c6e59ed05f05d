"""Posters on whatever screen shows some."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dodo_tui.domain.cards import Card
from dodo_tui.tui.driver import CouchDriver
from dodo_tui.tui.face.appearing import Appearing
from dodo_tui.tui.look import Look
from dodo_tui.tui.widgets.paint import Line

if TYPE_CHECKING:
    from dodo_tui.tui.pictures.choice import Drawing, Wish
    from dodo_tui.tui.pictures.gallery import Gallery
    from dodo_tui.tui.pictures.sixel_layer import Room, SixelLayer
    from dodo_tui.tui.pictures.sixel_terminal import Paper

_LOOK_FOR_POSTERS_SECONDS = 30.0
_DRAW_LATER_SECONDS = 0.15
_MEASURE_LATER_SECONDS = 0.5
"""A window that is pulled to another size has many before the last one."""


class Posters(Appearing, part=True):
    """Gives cards and titles their pictures, where the terminal draws any."""

    _papers: Mapping[bool, Paper | None] = {}
    """What the terminal answered, without and with the user's word that it has sixel."""
    _gallery: Gallery | None = None
    _gallery_for: tuple[Look, str] | None = None
    """The look and the wish by which the gallery was chosen."""

    @property
    def gallery(self) -> Gallery | None:
        """The posters, None where none are drawn; decided when the first one is asked for."""
        wanted = (self.look, self.settings.pictures or self.picture_wish or "")
        if self._gallery_for != wanted:
            self._gallery_for = wanted
            self._use(self._new_gallery(wanted[1]))
        return self._gallery

    def _use(self, gallery: Gallery | None) -> None:
        """Draw with another gallery from now on; what the one before has sent is taken away."""
        if self._gallery is not None:
            self._gallery.close()
        self._gallery = gallery

    def _new_gallery(self, wanted: str) -> Gallery | None:
        from dodo_tui.tui.pictures.choice import Drawing, choose_drawing, has_decoder, read_wish

        drawing = choose_drawing(self._environment, self.look, read_wish(wanted))
        if drawing is Drawing.NONE or not has_decoder():
            return None
        if drawing is Drawing.SIXEL_ELSE_NONE:
            self.call_after_refresh(self._ask_for_sixel)
            return None
        return self._gallery_of(drawing)

    def _gallery_of(self, drawing: Drawing) -> Gallery:
        from dodo_tui.tui.pictures.gallery import Gallery

        return Gallery(self, drawing, self.show_pictures)

    def _ask_for_sixel(self) -> None:
        self.run_worker(self._draw_sixel_if_able(), group="sixel", exit_on_error=False)

    async def _draw_sixel_if_able(self) -> None:
        """Make room for pictures if the terminal says that it draws them."""
        from dodo_tui.tui.pictures.choice import Drawing

        asked_for = self._gallery_for
        if await self.find_paper() is not None and self._gallery_for == asked_for:
            self._use(self._gallery_of(Drawing.SIXEL))
            self._draw_anew(layout=True)

    async def find_paper(self, *, again: bool = False) -> Paper | None:
        """What sixel is drawn on in this terminal, None if it has none.

        The terminal is asked once, and `again` where it may have changed.
        """
        from dodo_tui.tui.pictures.choice import Wish

        is_sure = self._gallery_for is not None and self._gallery_for[1] == Wish.SIXEL
        return await self._find_paper(is_sure, again=again)

    async def _find_paper(self, is_sure: bool, *, again: bool = False) -> Paper | None:
        """`is_sure`: the user says that the terminal has sixel, whatever it says itself."""
        if again or is_sure not in self._papers:
            paper = await self._ask_for_paper(is_sure)
            self._papers = {**self._papers, is_sure: paper}
        return self._papers[is_sure]

    async def _ask_for_paper(self, is_sure: bool) -> Paper | None:
        driver = self._driver
        if not isinstance(driver, CouchDriver):
            return None
        from dodo_tui.tui.pictures.sixel_layer import SixelLayer
        from dodo_tui.tui.pictures.sixel_terminal import find_paper

        paper = await find_paper(driver.ask, driver.cell_size, sure=is_sure)
        if paper is not None and driver.layer is None:
            driver.layer = SixelLayer(self._room, self._draw_later)
        return paper

    async def offered_pictures(self) -> tuple[Wish, ...]:
        """What can be chosen here: the ways in which this terminal draws, as far as it says."""
        from dodo_tui.tui.pictures.choice import (
            Drawing,
            Wish,
            choose_drawing,
            may_be_asked,
            wishes_for,
        )
        from dodo_tui.tui.pictures.kitty_age import places_pictures

        environment = self._environment
        drawing = choose_drawing(environment, self.look, Wish.AUTO)
        has_kitty = drawing is Drawing.KITTY
        if drawing is Drawing.KITTY_IF_NEW:
            has_kitty = await asyncio.to_thread(places_pictures, environment)
        is_asked = may_be_asked(environment, self.look)
        has_sixel = is_asked and await self._find_paper(is_sure=False) is not None
        return wishes_for(environment, self.look, has_kitty=has_kitty, has_sixel=has_sixel)

    @property
    def sixel_layer(self) -> SixelLayer | None:
        """Where sixel is drawn; None as long as it is not."""
        return self._driver.layer if isinstance(self._driver, CouchDriver) else None

    def _room(self) -> Room:
        from dodo_tui.tui.pictures.sixel_layer import Room

        is_behind = isinstance(self._driver, CouchDriver) and self._driver.is_behind
        return Room(self.size.width, self.size.height, self.screen.is_modal, is_behind)

    def _draw_later(self) -> None:
        """The terminal could not follow: pictures are drawn when it can."""
        if not self._draws_later:
            self._draws_later = True
            self.set_timer(_DRAW_LATER_SECONDS, self._draw_now)

    def _draw_now(self) -> None:
        self._draws_later = False
        self.show_pictures()

    _draws_later = False

    def measure_again(self) -> None:
        """The window is another: its cells may be of another size. Asked once it stays so."""
        if self._gallery is not None:
            self.run_worker(
                self._measure_soon(self._gallery),
                group="measure",
                exclusive=True,
                exit_on_error=False,
            )

    async def _measure_soon(self, gallery: Gallery) -> None:
        await self.clock.sleep(_MEASURE_LATER_SECONDS)
        await gallery.measure_again()

    def card_picture(self, card: Card, columns: int, rows: int) -> Sequence[Line]:
        """The poster of a card's title or its tile; nothing where none are drawn."""
        return self.title_picture(card.media_id, card.title, columns, rows)

    def title_picture(self, media_id: str, title: str, columns: int, rows: int) -> Sequence[Line]:
        """The poster of a title or its tile; nothing where none are drawn."""
        gallery = self.gallery
        return gallery.picture(media_id, title, columns, rows) if gallery else ()

    def show_pictures(self) -> None:
        """A picture has come: draw what shows pictures anew, in the cells that it has already."""
        self._draw_anew()

    def choose_pictures(self, wish: str) -> None:
        """Draw pictures otherwise from now on, and remember it (see `Wish`)."""
        self.keep_picture_wish(wish)
        self._draw_anew(layout=True)

    def _draw_anew(self, *, layout: bool = False) -> None:
        """Draw all posters anew; with `layout` cards have pictures now, or no longer."""
        from dodo_tui.tui.widgets.poster import Poster
        from dodo_tui.tui.widgets.shelf import Shelf

        for screen in self.screen_stack:
            for shelf in screen.query(Shelf):
                shelf.draw_anew(layout=layout)
            for poster in screen.query(Poster):
                poster.refresh()

    def write_to_terminal(self, sequence: str) -> None:
        """Send the terminal something that shows nothing, in order with what is painted."""
        if self._driver is not None:
            self._driver.write(sequence)

    def watch_pictures(self) -> None:
        """A poster was fetched."""
        if self._gallery is not None:
            self._gallery.look_again(fetch=False)

    def watch_revision(self) -> None:
        """Titles may have got a poster; a film that plays changes the database all the time."""
        now = self.clock.monotonic()
        if self._gallery is not None and now - self._posters_at >= _LOOK_FOR_POSTERS_SECONDS:
            self._posters_at = now
            self._gallery.look_again(fetch=True)

    _posters_at = float("-inf")

"""Posters: fetched one after the other, kept on disk for good, and never waited for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from dodo_tui.engine.base import EngineBase
from dodo_tui.engine.parts import Parts
from dodo_tui.providers.errors import ProviderError, RejectedError
from dodo_tui.storage.pictures import PictureCache
from dodo_tui.storage.profiles import set_setting, setting

log = logging.getLogger(__name__)

_WISH = "pictures"
"""The setting that holds how pictures are drawn."""

_GAP_SECONDS = 0.25
"""Between two pictures: nobody is in a hurry."""
_AFTER_FAILURE_SECONDS = 20.0
_MOST_FAILURES = 3
"""So many in a row, and the rest is not asked for until it is wanted again."""
_MOST_WANTED = 400
_NOT_AGAIN_SECONDS = 3600.0
"""How long a picture is let alone that could not be fetched just now."""


class Pictures(EngineBase):
    """Fetches what screens would like to show; `pictures` counts what has come."""

    def __init__(self, parts: Parts, *, ansi_color: bool = False) -> None:
        """Nothing is fetched before somebody wants it."""
        super().__init__(parts, ansi_color=ansi_color)
        self.picture_wish = parts.store.run_now(setting, _WISH)
        """How the user wants pictures; None if that was never said."""
        self.picture_cache = PictureCache(parts.paths.cache / "posters")
        self._wanted_pictures: dict[str, None] = {}
        self._tried_pictures: dict[str, float] = {}
        self._fetching_pictures = False

    def keep_picture_wish(self, wish: str) -> None:
        """Remember how the user wants pictures."""
        self.picture_wish = wish
        self._do(self._keep_wish(wish))

    async def _keep_wish(self, wish: str) -> None:
        await self.store.run(set_setting, _WISH, wish)

    def want_pictures(self, fragments: Iterable[str]) -> None:
        """Fetch these posters soon, the last one first, unless they are here or known not to be."""
        wanted = self._wanted_pictures
        for fragment in fragments:
            wanted.pop(fragment, None)
            wanted[fragment] = None
        while len(wanted) > _MOST_WANTED:
            del wanted[next(iter(wanted))]
        if wanted and not self._fetching_pictures:
            self._fetching_pictures = True
            self.run_worker(self._fetch_pictures(), group="posters", exit_on_error=False)

    async def _fetch_pictures(self) -> None:
        source = None
        failures = 0
        try:
            while self._wanted_pictures and failures < _MOST_FAILURES:
                fragment, _ = self._wanted_pictures.popitem()
                if not await self._is_fetched(fragment):
                    source = source or self.services.pictures()
                    if source is None:
                        return
                    try:
                        data = await source.fetch(fragment)
                    except RejectedError as error:
                        log.info("no poster: %s", error)
                        now = self.clock.now()
                        await asyncio.to_thread(self.picture_cache.refuse, fragment, now)
                    except ProviderError as error:
                        log.info("no poster for now: %s", error)
                        failures += 1
                        self._tried_pictures[fragment] = self.clock.monotonic()
                        await self.clock.sleep(_AFTER_FAILURE_SECONDS)
                        continue
                    else:
                        failures = 0
                        if await asyncio.to_thread(self.picture_cache.put, fragment, data):
                            self.pictures += 1
                    await self.clock.sleep(_GAP_SECONDS)
        finally:
            self._wanted_pictures.clear()
            self._fetching_pictures = False
            if source is not None:
                await source.close()

    async def _is_fetched(self, fragment: str) -> bool:
        """Whether there is nothing to do about a picture."""
        tried_at = self._tried_pictures.get(fragment)
        if tried_at is not None and self.clock.monotonic() - tried_at < _NOT_AGAIN_SECONDS:
            return True
        now = self.clock.now()
        return await asyncio.to_thread(
            lambda: self.picture_cache.has(fragment) or self.picture_cache.is_refused(fragment, now)
        )

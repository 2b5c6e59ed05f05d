"""Posters: fetched one after the other, kept on disk for good, and never waited for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from dodo_tui.engine.base import EngineBase
from dodo_tui.engine.parts import Parts
from dodo_tui.providers.errors import OfflineError, ProviderError, RejectedError
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.settings import set_setting, setting

if TYPE_CHECKING:
    from dodo_tui.engine.services import Posters, Services
    from dodo_tui.providers.protocol import Provider
    from dodo_tui.storage.pictures import PictureCache

log = logging.getLogger(__name__)

_WISH = "pictures"
"""The setting that holds how pictures are drawn."""

_CATALOGUE = "simkl"
"""The provider whose posters are shown."""

_GAP_SECONDS = 0.25
"""Between two pictures: nobody is in a hurry."""
_AFTER_FAILURE_SECONDS = 20.0
_MOST_FAILURES = 3
"""So many in a row, and the rest is not asked for until it is wanted again."""
_MOST_WANTED = 400
_NOT_AGAIN_SECONDS = 3600.0
"""How long a poster is let alone that could not be fetched just now."""


class Pictures(EngineBase, part=True):
    """Fetches what screens would like to show; `pictures` counts what has come."""

    def __init__(self, parts: Parts, *, ansi_color: bool = False) -> None:
        """Nothing is fetched before somebody wants it."""
        super().__init__(parts, ansi_color=ansi_color)
        self.picture_wish = parts.store.run_now(setting, _WISH)
        """How the user wants pictures; None if that was never said."""
        self._wanted_posters: dict[str, str | None] = {}
        self._tried_posters: dict[str, float] = {}
        self._fetching_posters = False

    @cached_property
    def picture_cache(self) -> PictureCache:
        """The posters on disk."""
        from dodo_tui.storage.pictures import PictureCache

        return PictureCache(self.paths.cache / "posters")

    def keep_picture_wish(self, wish: str) -> None:
        """Remember how the user wants pictures."""
        self.picture_wish = wish
        self._do(self._keep_wish(wish))

    async def _keep_wish(self, wish: str) -> None:
        await self.store.run(set_setting, _WISH, wish)

    async def read_posters(self, media_ids: Iterable[str]) -> dict[str, str]:
        """The posters' fragments of titles, as far as they are known; none without a database."""
        from dodo_tui.storage.media import posters

        try:
            return await self.store.run(posters, tuple(media_ids))
        except StorageError as error:
            log.warning("no posters: %s", error)
            return {}

    def want_posters(self, wanted: Iterable[tuple[str, str | None]]) -> None:
        """Fetch the posters of titles soon, the last one first, unless they are here already.

        Each is a media id and the poster's fragment; where that is None the catalogue is asked.
        """
        for media_id, fragment in wanted:
            self._wanted_posters.pop(media_id, None)
            self._wanted_posters[media_id] = fragment
        while len(self._wanted_posters) > _MOST_WANTED:
            del self._wanted_posters[next(iter(self._wanted_posters))]
        if self._wanted_posters and not self._fetching_posters:
            self._fetching_posters = True
            self.run_worker(self._fetch_posters(), group="posters", exit_on_error=False)

    async def _fetch_posters(self) -> None:
        """One after the other; three failures in a row, and the rest is not asked for."""
        failures = 0
        try:
            async with contextlib.AsyncExitStack() as stack:
                fetcher = _Fetcher(self.services, self.profile.id, stack)
                while self._wanted_posters and failures < _MOST_FAILURES:
                    media_id, fragment = self._wanted_posters.popitem()
                    try:
                        asked = await self._fetch_poster(fetcher, media_id, fragment)
                    except (ProviderError, StorageError) as error:
                        log.info("no poster for now: %s", error)
                        failures += 1
                        self._tried_posters[media_id] = self.clock.monotonic()
                        await self.clock.sleep(_AFTER_FAILURE_SECONDS)
                    else:
                        if asked:
                            failures = 0
                            await self.clock.sleep(_GAP_SECONDS)
        finally:
            self._wanted_posters.clear()
            self._fetching_posters = False

    async def _fetch_poster(self, fetcher: _Fetcher, media_id: str, fragment: str | None) -> bool:
        """Fetch a title's poster, if there is anything to be done; whether anybody was asked.

        Raises:
            ProviderError: it cannot be fetched now.
        """
        tried_at = self._tried_posters.get(media_id)
        if tried_at is not None and self.clock.monotonic() - tried_at < _NOT_AGAIN_SECONDS:
            return False
        is_news = fragment is None
        name = fragment or f"poster of {media_id}"
        try:
            if fragment is None:
                fragment = await self._look_up(fetcher, media_id, name)
            name = fragment or name
            if fragment is None or await asyncio.to_thread(self._is_settled, fragment):
                return False
            data = await fetcher.posters.fetch(fragment)
        except RejectedError as error:
            log.info("no poster: %s", error)
            await asyncio.to_thread(self.picture_cache.refuse, name, self.clock.now())
            return True
        kept = await asyncio.to_thread(self.picture_cache.put, fragment, data)
        self.pictures += kept
        if kept and is_news:
            self.request_refresh()
        return True

    async def _look_up(self, fetcher: _Fetcher, media_id: str, name: str) -> str | None:
        """The fragment of a title's poster by the catalogue.

        None for a title nobody identified, and where it is known (by `name`) that there is none.

        Raises:
            RejectedError: the catalogue has none.
            ProviderError: it cannot be asked now.
        """
        from dodo_tui.storage.media import learn_poster, posters
        from dodo_tui.tracking.title_facts import title_ref

        known = await self.store.run(posters, (media_id,))
        if media_id in known:
            return known[media_id]
        title = await self.store.run(title_ref, media_id)
        if title is None or await asyncio.to_thread(self._is_settled, name):
            return None
        details = await fetcher.catalogue.details(title)
        fragment = details.media.poster if details is not None else None
        if details is None or fragment is None:
            raise RejectedError("The catalogue has no poster of this title.")
        await self.store.run(learn_poster, media_id, fragment, details.media.runtime_minutes)
        return fragment

    def _is_settled(self, name: str) -> bool:
        """Whether a picture is here, or known not to be anywhere; in a thread."""
        cache = self.picture_cache
        return cache.has(name) or cache.is_refused(name, self.clock.now())


class _Fetcher:
    """What is asked during one round, opened when first needed and closed with the stack."""

    def __init__(
        self, services: Services, profile_id: int, stack: contextlib.AsyncExitStack
    ) -> None:
        self._services = services
        self._profile_id = profile_id
        self._stack = stack
        self._posters: Posters | None = None
        self._catalogue: Provider | None = None

    @property
    def posters(self) -> Posters:
        """Where pictures are.

        Raises:
            OfflineError: there is no such place.
        """
        if self._posters is None:
            self._posters = self._services.pictures()
            if self._posters is None:
                raise OfflineError("There is no place to fetch posters from.")
            self._stack.push_async_callback(self._posters.close)
        return self._posters

    @property
    def catalogue(self) -> Provider:
        """Who knows which poster a title has. Simkl: such questions count towards no quota.

        Raises:
            MisconfiguredError: there is no client id.
        """
        if self._catalogue is None:
            self._catalogue = self._services.provider(_CATALOGUE, self._profile_id)
            self._stack.push_async_callback(self._catalogue.close)
        return self._catalogue

"""What a wrong clock has dated, set right once a server has said how late it is."""

from __future__ import annotations

from dodo_tui.clock import Clock, is_measured, take_misdated
from dodo_tui.storage import future
from dodo_tui.storage.store import Store


async def set_right(store: Store, clock: Clock) -> bool:
    """Set right what is dated wrongly; answers whether anything was dated later than now."""
    if not is_measured(clock):
        return False
    span = take_misdated(clock)
    if span is not None:
        await store.run(future.mend_misdated, span)
    return await store.run(future.mend_future, clock.now())

"""Rating a title at Simkl."""

from __future__ import annotations

from typing import Any

from dodo_tui.providers.protocol import Answer, Item, Outcome
from dodo_tui.providers.simkl.client import Call, SimklClient
from dodo_tui.providers.simkl.payloads import is_nameable, place_of
from dodo_tui.providers.simkl.verdicts import is_unknown

_BEST = 10


async def rate(client: SimklClient, item: Item, rating: int | None) -> Answer:
    """Rate the title of an item, or take its rating away; an episode's show is what is rated.

    Simkl: a rating out of range is reported as a title that was not found, so it is refused here.
    Rating a title that is on no list puts it on one.

    Raises:
        ProviderError: any kind.
        ValueError: the rating is not 1–10.
    """
    if rating is not None and (isinstance(rating, bool) or not 1 <= rating <= _BEST):
        raise ValueError("a rating is 1 to 10")
    if not is_nameable(item):
        return Answer(Outcome.UNKNOWN_TITLE)
    place = place_of(item)
    entry: dict[str, Any] = place.title if rating is None else {**place.title, "rating": rating}
    path = "/sync/ratings/remove" if rating is None else "/sync/ratings"
    reply = await client.call(Call("POST", path, body={place.slot: [entry]}))
    return Answer(Outcome.UNKNOWN_TITLE if is_unknown(reply) else Outcome.DONE)

"""Devices that are signed in at two stand-ins at once, over real sockets."""

from __future__ import annotations

from pathlib import Path

from dodo_tui.domain.account import Account, Tokens, User
from dodo_tui.providers.trakt.client import App
from dodo_tui.providers.trakt.provider import TraktProvider
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.standin.trakt.server import TraktStandIn
from dodo_tui.storage import accounts
from dodo_tui.tracking.sync import SyncResult, sync
from tests.providers.standin_support import StandInClock
from tests.providers.support import MemoryStore
from tests.sync.device import Device
from tests.sync.phone import device_at


class TraktDevice:
    """The Trakt side of a device: its account, its provider, its syncs."""

    def __init__(self, device: Device, standin: TraktStandIn, time: ManualClock) -> None:
        """Sign a device in at Trakt, beside whatever it is signed in to."""
        self.device = device
        self.clock = StandInClock(time)
        grants = standin.world.accounts
        grant = grants.grant("demo-trakt", grants.user("Dodo"), 10**8)
        tokens = MemoryStore(Tokens(grant.access_token, grant.refresh_token))
        app = App("demo-trakt", None, standin.url, standin.auth_url)
        self.provider = TraktProvider(app, tokens, self.clock)
        self.account: Account = device.store.run_now(
            accounts.connect_account,
            device.profile.id,
            "trakt",
            User("dodo", "Dodo"),
            self.clock.now(),
        )

    async def sync(self) -> SyncResult:
        """One sync with Trakt."""
        device = self.device
        return await sync(device.store, self.account, self.provider, self.clock, by_hand=True)


async def trakt_device_at(standin: TraktStandIn, time: ManualClock, folder: Path) -> TraktDevice:
    """A dodo that is signed in at Trakt alone."""
    device = Device(folder, TraktProvider(App(""), None, StandInClock(time)), StandInClock(time))
    device.store.run_now(accounts.disconnect_account, device.account)
    return TraktDevice(device, standin, time)


class Twin:
    """A dodo that is signed in at both."""

    def __init__(self, simkl: Device, trakt: TraktDevice) -> None:
        self.device = simkl
        self.trakt = trakt

    async def sync(self) -> tuple[SyncResult, SyncResult]:
        """One sync with each, one after the other, as the engine does it."""
        return await self.device.sync(), await self.trakt.sync()

    async def close(self) -> None:
        """End it."""
        await self.device.provider.close()
        await self.trakt.provider.close()
        self.device.close()


async def twin_at(simkl: StandIn, trakt: TraktStandIn, time: ManualClock, folder: Path) -> Twin:
    """A dodo with a folder of its own, signed in at both stand-ins."""
    device = await device_at(simkl, time, folder)
    return Twin(device, TraktDevice(device, trakt, time))

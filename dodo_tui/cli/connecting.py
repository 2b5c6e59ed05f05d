"""`dodo connect` and `dodo disconnect`: signing in and out."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys

from dodo_tui.cli.context import Context, context
from dodo_tui.cli.output import DONE, FAILED, CommandError, note, say
from dodo_tui.domain.account import Account
from dodo_tui.domain.figures import counted
from dodo_tui.domain.profile import Profile
from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.engine.services import RealServices
from dodo_tui.providers.errors import ProviderError
from dodo_tui.providers.protocol import Provider
from dodo_tui.providers.sign_in import CodeExpired, CodeShown, SignedIn, StillWaiting
from dodo_tui.storage import accounts, queued
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store
from dodo_tui.tracking.first_sync import needs_choice
from dodo_tui.tracking.signin import sign_in, sign_out


def connect(options: argparse.Namespace) -> int:
    """Sign in with a code that is typed on another device."""
    ctx = context(keep_log=True)
    with contextlib.closing(Store.open(ctx.paths.database)) as store:
        profile = store.run_now(active_profile, ctx.settings.profile, ctx.clock.now())
        return asyncio.run(sign_in_with_code(ctx, store, profile, options.provider))


async def sign_in_with_code(ctx: Context, store: Store, profile: Profile, provider_id: str) -> int:
    """Show a code and wait until it has been typed; answers the exit code."""
    services = RealServices(ctx.settings, ctx.paths, ctx.clock)
    name = PROVIDER_NAMES[provider_id]
    provider = services.provider_to_sign_in(provider_id, profile.id)
    tokens = services.tokens(provider_id, profile.id)
    trouble: str | None = None
    try:
        steps = sign_in(store, tokens, provider, profile.id, ctx.clock)
        async with contextlib.aclosing(steps):
            async for step in steps:
                match step:
                    case CodeShown(code):
                        say(f"Open {code.address} and type this code:")
                        say(code.user_code)
                        if code.direct_address is not None and sys.stdout.isatty():
                            _draw_code(code.direct_address)
                        sys.stdout.flush()
                    case StillWaiting(_, now_trouble):
                        if now_trouble is not None and now_trouble != trouble:
                            note(now_trouble)
                        trouble = now_trouble
                    case SignedIn():
                        account = await store.run(accounts.find_account, profile.id, provider_id)
                        user = f" as {account.user.name}" if account and account.user.name else ""
                        note(f"Connected to {name}{user}.")
                        if account is not None and sys.stderr.isatty():
                            await _say_what_follows(store, account)
                        return DONE
                    case CodeExpired(reason):
                        ended = reason or "The code has run out."
                        note(f"dodo: {ended} Run 'dodo connect {provider_id}' again.")
                        return FAILED
    finally:
        await provider.close()
    raise CommandError(f"{name} did not finish the sign-in. Try again.")


async def _say_what_follows(store: Store, account: Account) -> None:
    """A person reads this: signing in alone has exchanged nothing yet."""
    if await store.run(needs_choice, account.id):
        note("Next: 'dodo sync'. It counts what is there and here, and asks before it writes.")


def _draw_code(address: str) -> None:
    """A QR code in half blocks, for terminals that are wide enough."""
    import segno  # only when a code is shown

    segno.make(address, error="l", micro=False).terminal(border=2, compact=True)


def disconnect(options: argparse.Namespace) -> int:
    """Sign out; history stays, and what was not sent waits for a return."""
    ctx = context(keep_log=True)
    with contextlib.closing(Store.open(ctx.paths.database)) as store:
        profile = store.run_now(active_profile, ctx.settings.profile, ctx.clock.now())
        account = store.run_now(accounts.find_account, profile.id, options.provider)
        name = PROVIDER_NAMES[options.provider]
        if account is None:
            note(f"{profile.name} is not connected to {name}.")
            return DONE
        unsent = store.run_now(queued.unsent_facts, account.id)
        if not options.yes and not _agreed(name, unsent):
            note("Nothing was changed.")
            return FAILED
        asyncio.run(end_sign_in(ctx, store, account))
    facts = counted(unsent, "fact")
    waiting = f" {facts} not sent yet, kept here for your return." if unsent else ""
    note(f"Disconnected from {name}.{waiting}")
    return DONE


async def end_sign_in(ctx: Context, store: Store, account: Account) -> None:
    """Sign an account out, whosever it is, with or without a way to its provider.

    Raises:
        CredentialsError, StorageError: the tokens or the account cannot be written.
    """
    services = RealServices(ctx.settings, ctx.paths, ctx.clock)
    tokens = services.tokens(account.provider, account.profile_id)
    provider: Provider | None = None
    with contextlib.suppress(ProviderError):
        provider = services.provider(account.provider, account.profile_id)
    try:
        await sign_out(store, tokens, provider, account)
    finally:
        if provider is not None:
            await provider.close()


def _agreed(name: str, unsent: int) -> bool:
    """Ask, where there is somebody to answer.

    Raises:
        CommandError: nobody can answer; the text says how to go on.
    """
    count = counted(unsent, "fact")
    facts = f" Not sent yet: {count}, kept here for your return." if unsent else ""
    if not sys.stdin.isatty():
        raise CommandError(f"Add --yes to disconnect from {name}.{facts}")
    print(f"Disconnect from {name}?{facts} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")

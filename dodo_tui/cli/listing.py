"""`dodo rate`, `list`, `forget` and `unhide`: what is said of a title as a whole."""

from __future__ import annotations

import argparse
import sys

from dodo_tui.cli.context import context, database
from dodo_tui.cli.output import DONE, FAILED, CommandError, note
from dodo_tui.domain.forgetting import ForgetPlan, forget_words
from dodo_tui.domain.ids import Key
from dodo_tui.domain.lists import ListStatus, status_word
from dodo_tui.tracking import listing
from dodo_tui.tracking.listing import NotPossibleError

NOTHING = "none"
"""Takes a rating back, or a title off its lists."""


def rate(options: argparse.Namespace) -> int:
    """Rate a title, or take the rating back."""
    ctx = context()
    rating = None if options.rating == NOTHING else int(options.rating)
    key = Key.parse(options.key)
    with database(ctx) as (connection, profile):
        counting = listing.taken_for_watched(connection, profile.id, key)
        media = listing.rate(connection, profile.id, key, rating, ctx.clock.now())
    if rating is None:
        note(f"{media.title} has no rating any more.")
        return DONE
    there = f" It counts as watched at {counting} now, and then here." if counting else ""
    note(f"{media.title} is rated {rating} of 10.{there}")
    return DONE


def list_(options: argparse.Namespace) -> int:
    """Put a title on a list, or take it off all of them."""
    ctx = context()
    status = None if options.list == NOTHING else ListStatus(options.list)
    key = Key.parse(options.key)
    with database(ctx) as (connection, profile):
        try:
            media = listing.set_list(connection, profile.id, key, status, ctx.clock.now())
        except NotPossibleError as error:
            raise CommandError(str(error)) from error
    if status is None:
        note(f"{media.title} is on no list any more. What was watched of it stays.")
    else:
        note(f"{media.title} is on the list: {status_word(status)}.")
    return DONE


def forget(options: argparse.Namespace) -> int:
    """Forget what was watched of a title, here or at the providers, too."""
    ctx = context()
    key = Key.parse(options.key)
    with database(ctx) as (connection, profile):
        plan = listing.plan_forget(connection, profile.id, key)
        if plan is None or plan.is_empty:
            note(f"Nothing was watched of {plan.title if plan else key}.")
            return DONE
        there = options.there
        if there is None:
            there = _asked(plan)
        if there is None:
            note("Nothing was changed.")
            return FAILED
        try:
            listing.forget(connection, profile.id, key, ctx.clock.now(), there=there)
        except NotPossibleError as error:
            raise CommandError(str(error)) from error
    told = f" {plan.providers} will be told at the next sync." if there and plan.told else ""
    note(f"What was watched of {plan.title} is forgotten.{told}")
    return DONE


def _asked(plan: ForgetPlan) -> bool | None:
    """Ask what is meant: there, too (True), here alone (False), or nothing after all (None).

    Raises:
        CommandError: nobody can answer; the text says how to go on.
    """
    if not sys.stdin.isatty():
        raise CommandError("Add --here to forget it here alone, or --there to do so there, too.")
    print(forget_words(plan), file=sys.stderr)
    if not plan.told:
        return False if _answer("Forget it? [y/N] ") in ("y", "yes") else None
    answer = _answer(f"Forget it [h]ere alone, or on {plan.providers}, [t]oo? [h/t/N] ")
    return {"h": False, "here": False, "t": True, "too": True}.get(answer)


def _answer(question: str) -> str:
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower()


def unhide(options: argparse.Namespace) -> int:
    """Show a hidden title again."""
    ctx = context()
    key = Key.parse(options.key)
    with database(ctx) as (connection, profile):
        media = listing.unhide(connection, profile.id, key, ctx.clock.now())
    note(f"{media.title} is shown again.")
    return DONE

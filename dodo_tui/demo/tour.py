"""What the tour says, decided by how far the visitor has come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """What the visitor has seen so far, and how things stand."""

    connected: bool = False
    first_sync_pending: bool = False
    """Whether the first sync still waits for an answer."""
    playing: str | None = None
    """What plays, as a title."""
    watching_now: str | None = None
    """What the stand-in shows as "watching now"."""
    offline: bool = False
    waiting: int = 0
    """Facts in the queue."""
    seen_waiting: bool = False
    """Whether a fact has waited in the queue at some time of this tour."""
    told: str | None = None
    """What the stand-in was told to have been watched last."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the tour: where one is, and what to do."""

    number: int
    text: str


STEPS = 6


def step(progress: Progress) -> Step:
    """The step for what the visitor has seen."""
    if not progress.connected:
        return Step(
            1,
            "Connect Simkl: press i, then OK. A stand-in on this machine plays Simkl, another one "
            "plays Trakt; they approve the code by themselves after a moment.",
        )
    if progress.first_sync_pending:
        return Step(
            1,
            "Connected. Before anything is written on either side dodo counts and asks. Merge is "
            "what most people want; nothing is lost either way.",
        )
    if progress.seen_waiting and not progress.waiting and not progress.offline:
        told = progress.told or "the film"
        return Step(
            6,
            f"The queue is empty: Simkl knows {told}, with the time it was watched. That was the "
            "tour. Back leaves; everything is thrown away.",
        )
    if progress.waiting and (progress.offline or progress.seen_waiting):
        if progress.offline:
            return Step(
                5,
                f"{progress.waiting} waiting: a film was watched and Simkl does not know it yet. "
                "Nothing is lost. Press o to come back online.",
            )
        return Step(5, "Back online. What waited is being sent now.")
    if progress.offline:
        if progress.playing is None:
            return Step(4, "Offline. Play a film; dodo works as before and remembers everything.")
        return Step(
            4,
            f"Offline. Finish {progress.playing}: Right jumps 30 seconds. It counts when 90 % are "
            "reached and a little of it was really played.",
        )
    if progress.playing is None:
        return Step(2, "Connected. Play something: choose a card and press OK.")
    if progress.watching_now is None:
        return Step(3, f"{progress.playing} plays. At 5 % Simkl is told.")
    return Step(
        3,
        f'Simkl shows "watching now: {progress.watching_now}". Now press o: the network goes away.',
    )

"""The question about titles that are missing at a provider, and too many to be simply believed."""

from __future__ import annotations

from dodo_tui.domain.figures import counted, in_thousands
from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.engine.state import RemovalQuestion
from dodo_tui.tui.widgets.button_row import Button
from dodo_tui.tui.widgets.question import Question
from dodo_tui.tui.words import shortened

REMOVE, KEEP, LATER = "remove", "keep", "later"
"""The answers; Back is later."""


def removals_sentence(question: RemovalQuestion) -> str:
    """What is the matter, in one sentence."""
    are = "is" if question.count == 1 else "are"
    titles = counted(question.count, "title")
    return f"{titles} {are} missing from your list at {PROVIDER_NAMES[question.provider]}."


def removals_detail(question: RemovalQuestion) -> str:
    """What the answers mean, and which titles."""
    names = ", ".join(shortened(title, 30) for title in question.titles)
    more = question.count - len(question.titles)
    others = f" and {in_thousands(more)} more" if more > 0 else ""
    return (
        "If that was you, remove them here, too; it can be undone under Integrations. If it was "
        f"not, keep them. Until you decide they stay.\n\n{names}{others}."
    )


class RemovalsScreen(Question):
    """Gives `remove`, `keep`, `later`, or None for Back."""

    def __init__(self, question: RemovalQuestion) -> None:
        super().__init__(
            removals_sentence(question),
            (
                Button(LATER, "Decide later"),
                Button(KEEP, "Keep them"),
                Button(REMOVE, "Remove here, too"),
            ),
            LATER,
            removals_detail(question),
        )

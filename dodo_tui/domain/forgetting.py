"""What forgetting a title would do, and the words in which it is asked."""

from __future__ import annotations

from dodo_tui.domain.figures import counted
from dodo_tui.domain.ids import Kind
from dodo_tui.values import dataclass


@dataclass(frozen=True, slots=True)
class ForgetPlan:
    """What there is to forget of a title."""

    title: str
    kind: Kind
    viewings: int
    places: int
    """Films and episodes that are watched or begun."""
    told: tuple[tuple[str, int], ...] = ()
    """The providers that hold some of it as watched, by name, and how much of it."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was watched of it, here or there."""
        return not (self.viewings or self.places or self.told)

    @property
    def providers(self) -> str:
        """The providers by their names: `Simkl and Trakt`."""
        return " and ".join(name for name, _ in self.told)


def forget_words(plan: ForgetPlan) -> str:
    """What would go and what would stay, in a few sentences."""
    is_film = plan.kind is Kind.MOVIE
    viewings, places = counted(plan.viewings, "viewing"), counted(plan.places, "episode")
    where = "" if is_film or not plan.places else f" and where you stand in {places}"
    verb = "leaves" if plan.viewings == 1 and not where else "leave"
    words = f"{viewings}{where} {verb} the history here. Rating and list stay."
    if not plan.told:
        return words
    if is_film:
        return f"{words} On {plan.providers}, too, its rating and list go with it."
    counts = ", ".join(f"{count} on {name}" for name, count in plan.told)
    return f"{words} Watched episodes: {counts}."

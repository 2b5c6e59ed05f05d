"""Where the style sheets are, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path, PurePath


def styles_folder() -> Path:
    """`dodo_tui/styles` of an installed wheel, else the checkout's `styles`."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "styles"
    return shipped if shipped.is_dir() else package.parent / "styles"


def stylesheet(*names: str) -> list[str | PurePath]:
    """The paths of style sheets by name, for `CSS_PATH`: `stylesheet("tokens", "widgets")`."""
    folder = styles_folder()
    return [folder / f"{name}.tcss" for name in names]


OTHER_SCREENS = stylesheet("screens")
"""The rules of questions and of every screen but Home."""

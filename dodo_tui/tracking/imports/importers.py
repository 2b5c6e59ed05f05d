"""Every importer there is, and which of them a file is for."""

from __future__ import annotations

from dodo_tui.tracking.imports.records import Importer
from dodo_tui.tracking.imports.source import Source
from dodo_tui.tracking.imports.trakt_export import TraktExport

IMPORTERS: tuple[Importer, ...] = (TraktExport(),)
"""Asked in this order."""


def importer_for(source: Source) -> Importer | None:
    """The importer that recognises a file; None: none does.

    Raises:
        ImportFailedError: it cannot be read.
    """
    return next((each for each in IMPORTERS if each.recognises(source)), None)

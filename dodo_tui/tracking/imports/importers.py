"""Every importer there is, and which of them a file is for."""

from __future__ import annotations

from dodo_tui.tracking.imports.mpv_watch_later import MpvWatchLater
from dodo_tui.tracking.imports.records import Importer
from dodo_tui.tracking.imports.simkl_backup import SimklBackup
from dodo_tui.tracking.imports.simkl_scrobbler import SimklScrobblerBacklog
from dodo_tui.tracking.imports.source import Source
from dodo_tui.tracking.imports.table import Table
from dodo_tui.tracking.imports.trakt_export import TraktExport
from dodo_tui.tracking.imports.trakt_scrobbler import TraktScrobblerBacklog

IMPORTERS: tuple[Importer, ...] = (
    MpvWatchLater(),
    TraktExport(),
    SimklBackup(),
    TraktScrobblerBacklog(),
    SimklScrobblerBacklog(),
    Table(),
)
"""Asked in this order."""


def importer_for(source: Source) -> Importer | None:
    """The importer that recognises a file; None: none does.

    Raises:
        ImportFailedError: it cannot be read.
    """
    return next((each for each in IMPORTERS if each.recognises(source)), None)

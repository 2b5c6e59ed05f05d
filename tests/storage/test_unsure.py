"""How much waits in Review is counted at every refresh, whatever the size of the library."""

from __future__ import annotations

import sqlite3

from dodo_tui.storage.unsure import count_unsure


def test_counting_looks_only_at_what_is_unsure(connection: sqlite3.Connection) -> None:
    """No plan goes through all titles or all files: those that are unsure lead to them."""
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    assert count_unsure(connection) == 0
    connection.set_trace_callback(None)
    details = [
        row["detail"]
        for statement in asked
        for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")
    ]
    scans = [detail for detail in details if detail.startswith("SCAN")]
    assert scans == ["SCAN file USING INDEX file_unsure", "SCAN candidate"]

"""A database of one person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from dodo_tui.storage.database import open_database
from tests.storage.support import put_profile


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """An open database with the profile 1."""
    connection = open_database(tmp_path / "dodo.db")
    assert put_profile(connection) == 1
    yield connection
    connection.close()

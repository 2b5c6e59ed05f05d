-- Times are ISO 8601 UTC with milliseconds and Z. Unknown is NULL. Positions and durations are seconds.

CREATE TABLE profile (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    colour TEXT NOT NULL,
    created_at TEXT NOT NULL
);

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE media (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('movie', 'show', 'anime')),
    title TEXT NOT NULL,
    year INTEGER,
    runtime_minutes INTEGER,
    poster TEXT,
    added_at TEXT NOT NULL
) WITHOUT ROWID;

-- Every id by which a title is known, its own included.
CREATE TABLE media_alias (
    alias TEXT PRIMARY KEY,
    media_id TEXT NOT NULL REFERENCES media (id) ON UPDATE CASCADE ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX media_alias_media ON media_alias (media_id);

CREATE TABLE episode (
    media_id TEXT NOT NULL REFERENCES media (id) ON UPDATE CASCADE ON DELETE CASCADE,
    season INTEGER NOT NULL,
    number INTEGER NOT NULL,
    key TEXT NOT NULL,
    title TEXT,
    aired_at TEXT,
    runtime_minutes INTEGER,
    PRIMARY KEY (media_id, season, number)
) WITHOUT ROWID;

-- Paths are bytes: a file name need not be UTF-8.
CREATE TABLE folder (
    path BLOB PRIMARY KEY,
    added_at TEXT NOT NULL,
    scanned_at TEXT
) WITHOUT ROWID;

CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    path BLOB NOT NULL UNIQUE,
    -- NULL: played by name, outside the media folders.
    folder BLOB REFERENCES folder (path) ON DELETE CASCADE,
    size_bytes INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    match TEXT NOT NULL CHECK (match IN ('sure', 'unsure', 'none')),
    decided_by TEXT NOT NULL CHECK (decided_by IN ('name', 'provider', 'user')),
    asked_at TEXT,
    candidate TEXT,
    added_at TEXT NOT NULL,
    missing INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX file_folder ON file (folder);

-- A file holds one film or one or more episodes.
CREATE TABLE file_part (
    file_id INTEGER NOT NULL REFERENCES file (id) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    key TEXT NOT NULL,
    media_id TEXT NOT NULL REFERENCES media (id) ON UPDATE CASCADE,
    PRIMARY KEY (file_id, part)
) WITHOUT ROWID;
CREATE INDEX file_part_key ON file_part (key);
CREATE INDEX file_part_media ON file_part (media_id);

CREATE TABLE play (
    id TEXT PRIMARY KEY,
    profile_id INTEGER NOT NULL REFERENCES profile (id),
    key TEXT NOT NULL,
    media_id TEXT NOT NULL REFERENCES media (id) ON UPDATE CASCADE,
    source TEXT NOT NULL,
    origin TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    tick_at TEXT NOT NULL,
    position_seconds REAL NOT NULL,
    furthest_seconds REAL NOT NULL,
    played_seconds REAL NOT NULL,
    duration_seconds REAL,
    ratio REAL,
    paused INTEGER NOT NULL DEFAULT 0,
    watched_at TEXT,
    started_told INTEGER NOT NULL DEFAULT 0,
    owner TEXT
);
CREATE INDEX play_recent ON play (profile_id, started_at);
CREATE INDEX play_key ON play (key);
CREATE INDEX play_media ON play (media_id);
CREATE INDEX play_open ON play (id) WHERE ended_at IS NULL;

-- touched_at moves when a viewing opens, pauses or ends, never with a tick, so ticks touch no index.
CREATE TABLE progress (
    profile_id INTEGER NOT NULL REFERENCES profile (id),
    key TEXT NOT NULL,
    media_id TEXT NOT NULL REFERENCES media (id) ON UPDATE CASCADE,
    season INTEGER,
    number INTEGER,
    position_seconds REAL NOT NULL DEFAULT 0,
    duration_seconds REAL,
    ratio REAL,
    watched INTEGER NOT NULL DEFAULT 0,
    watched_at TEXT,
    touched_at TEXT NOT NULL,
    origin TEXT NOT NULL,
    PRIMARY KEY (profile_id, key)
) WITHOUT ROWID;
CREATE INDEX progress_title ON progress (profile_id, media_id, touched_at);
CREATE INDEX progress_media ON progress (media_id);

CREATE TABLE hidden (
    profile_id INTEGER NOT NULL REFERENCES profile (id),
    media_id TEXT NOT NULL REFERENCES media (id) ON UPDATE CASCADE,
    hidden_at TEXT NOT NULL,
    PRIMARY KEY (profile_id, media_id)
) WITHOUT ROWID;
CREATE INDEX hidden_media ON hidden (media_id);

CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    profile_id INTEGER NOT NULL REFERENCES profile (id),
    provider TEXT NOT NULL,
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    connected INTEGER NOT NULL,
    connected_at TEXT NOT NULL,
    scrobbling_enabled INTEGER NOT NULL DEFAULT 1,
    needs_reconnect INTEGER NOT NULL DEFAULT 0,
    cursors TEXT,
    sync_state TEXT NOT NULL DEFAULT 'idle',
    last_sync_at TEXT,
    last_error TEXT,
    throttled_until TEXT,
    items_pulled INTEGER NOT NULL DEFAULT 0,
    items_pushed INTEGER NOT NULL DEFAULT 0,
    UNIQUE (profile_id, provider, user_id)
);

CREATE TABLE delivery (
    play_id TEXT NOT NULL REFERENCES play (id) ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES account (id),
    state TEXT NOT NULL,
    verb TEXT NOT NULL,
    percent REAL,
    answer TEXT,
    at TEXT NOT NULL,
    PRIMARY KEY (play_id, account_id)
) WITHOUT ROWID;

CREATE TABLE queue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    play_id TEXT,
    percent REAL,
    happened_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    not_before TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting',
    last_error TEXT
);
CREATE INDEX queue_order ON queue (account_id, state, id);
CREATE INDEX queue_play ON queue (play_id);

CREATE TABLE sync_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    profile_id INTEGER NOT NULL REFERENCES profile (id),
    at TEXT NOT NULL,
    text TEXT NOT NULL
);

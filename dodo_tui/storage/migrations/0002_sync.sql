-- Two-way sync: what a provider holds, where titles stand on its lists, and what can be undone.

-- When the last complete pull began, by our clock. Drains do not move it.
ALTER TABLE account ADD COLUMN pulled_at TEXT;
-- What the user chose at the first sync; NULL: not asked yet.
ALTER TABLE account ADD COLUMN first_choice TEXT;
-- The provider's timestamps that belong to what is in `staged`.
ALTER TABLE account ADD COLUMN staged_cursors TEXT;

-- Where a title stands on a provider's list. changed_at is when we learnt of its status; kept: the
-- provider removed it and the user took that back, so it is not removed again.
CREATE TABLE list_entry (
    profile_id INTEGER NOT NULL REFERENCES profile (id),
    media_id TEXT NOT NULL REFERENCES media (id) ON UPDATE CASCADE ON DELETE CASCADE,
    provider TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT,
    changed_at TEXT,
    rating INTEGER,
    rated_at TEXT,
    added_at TEXT,
    kept INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (profile_id, media_id, provider)
) WITHOUT ROWID;
CREATE INDEX list_entry_media ON list_entry (media_id);
CREATE INDEX list_entry_status ON list_entry (profile_id, status, added_at);

-- What an account held when it last said so: the base of the merge. play_id is the play that stands
-- for the watched fact in our ledger.
CREATE TABLE remote (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    media_id TEXT NOT NULL,
    watched INTEGER NOT NULL DEFAULT 0,
    watched_at TEXT,
    ratio REAL,
    paused_at TEXT,
    point_id INTEGER,
    play_id TEXT,
    PRIMARY KEY (account_id, key)
) WITHOUT ROWID;
CREATE INDEX remote_title ON remote (account_id, media_id);
CREATE INDEX remote_media ON remote (media_id);
CREATE INDEX remote_point ON remote (account_id, key) WHERE ratio IS NOT NULL;

-- Removals too many to be believed without asking.
CREATE TABLE removal (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    media_id TEXT NOT NULL REFERENCES media (id) ON UPDATE CASCADE ON DELETE CASCADE,
    noticed_at TEXT NOT NULL,
    PRIMARY KEY (account_id, media_id)
) WITHOUT ROWID;
CREATE INDEX removal_media ON removal (media_id);

-- A first pull that waits for the user's choice, piece by piece.
CREATE TABLE staged (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (account_id, number)
) WITHOUT ROWID;

-- Local state as it was before a sync changed it.
CREATE TABLE undo (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    made_at TEXT NOT NULL,
    reason TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX queue_key ON queue (account_id, key);

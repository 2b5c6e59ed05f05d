-- A first pull that goes on where it stopped, and rows that made no sense and are asked for again.

-- The whole answers of a first pull, as they came (packed): none is ever asked for twice.
-- account.staged_cursors is when they begin to be true: the timestamps read before the first of them.
DROP TABLE staged;
UPDATE account SET staged_cursors = NULL;
CREATE TABLE kept_answer (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (account_id, name)
) WITHOUT ROWID;

-- The provider's timestamps before which nothing was malformed; NULL: everything was understood.
ALTER TABLE account ADD COLUMN again_since TEXT;
ALTER TABLE account ADD COLUMN again_at TEXT;
ALTER TABLE account ADD COLUMN again_tries INTEGER NOT NULL DEFAULT 0;

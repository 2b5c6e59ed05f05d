-- What the user keeps, whatever the provider says, each in its own respect: a title's place on a list
-- (`kept`), its rating, and what had been watched of it by then.
ALTER TABLE list_entry ADD COLUMN rating_kept INTEGER NOT NULL DEFAULT 0;
UPDATE list_entry SET rating_kept = kept;

CREATE TABLE kept_watched (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    media_id TEXT NOT NULL REFERENCES media (id) ON UPDATE CASCADE ON DELETE CASCADE,
    kept_at TEXT NOT NULL,
    PRIMARY KEY (account_id, media_id)
) WITHOUT ROWID;
CREATE INDEX kept_watched_media ON kept_watched (media_id);

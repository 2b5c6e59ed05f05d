-- A second provider: one that does not recognise what it is told twice, and one that hides titles.

-- When a row was sent and not answered since: it is looked for there before it is sent again.
ALTER TABLE queue ADD COLUMN sending_at TEXT;

-- The titles that an account hides: what is hidden here because of that is shown again with it.
CREATE TABLE remote_hidden (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    media_id TEXT NOT NULL REFERENCES media (id) ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (account_id, media_id)
) WITHOUT ROWID;
CREATE INDEX remote_hidden_media ON remote_hidden (media_id);

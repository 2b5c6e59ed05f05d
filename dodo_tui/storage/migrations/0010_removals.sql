-- In which respects a title is missing at a provider: off the list, out of the history, not rated.
CREATE TABLE removal_by_aspect (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    media_id TEXT NOT NULL REFERENCES media (id) ON UPDATE CASCADE ON DELETE CASCADE,
    aspect TEXT NOT NULL,
    noticed_at TEXT NOT NULL,
    PRIMARY KEY (account_id, media_id, aspect)
) WITHOUT ROWID;
INSERT INTO removal_by_aspect SELECT account_id, media_id, 'listed', noticed_at FROM removal;
DROP TABLE removal;
ALTER TABLE removal_by_aspect RENAME TO removal;
CREATE INDEX removal_media ON removal (media_id);

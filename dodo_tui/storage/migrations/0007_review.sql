-- What files and keys are: answers with their age, what titles may be, and what the user has said.

-- What a provider answered about a title known by name, by an id alone, or searched for. 'later' is
-- no answer. After expires_at it may be asked again.
CREATE TABLE lookup (
    subject TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('found', 'none', 'later')),
    asked_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    trouble TEXT,
    answer TEXT
) WITHOUT ROWID;
CREATE INDEX lookup_asked ON lookup (asked_at);

-- What a title that is known by name alone may be, the likeliest first.
CREATE TABLE candidate (
    title_id TEXT NOT NULL REFERENCES media (id) ON UPDATE CASCADE ON DELETE CASCADE,
    rank INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (title_id, rank)
) WITHOUT ROWID;

-- What the user has said. The target is a path, or the local id that names give to a series.
-- media_id NULL: not a film or an episode. named_… is really season and number; its neighbours
-- shift with it.
CREATE TABLE decision (
    scope TEXT NOT NULL CHECK (scope IN ('file', 'folder', 'series')),
    target BLOB NOT NULL,
    media_id TEXT REFERENCES media (id) ON UPDATE CASCADE,
    named_season INTEGER,
    named_number INTEGER,
    season INTEGER,
    number INTEGER,
    decided_at TEXT NOT NULL,
    PRIMARY KEY (scope, target)
) WITHOUT ROWID;
CREATE INDEX decision_media ON decision (media_id);

-- The file that was played.
ALTER TABLE play ADD COLUMN file_id INTEGER REFERENCES file (id) ON DELETE SET NULL;
CREATE INDEX play_file ON play (file_id);

CREATE INDEX file_unsure ON file (id) WHERE match = 'unsure';

-- When a row was handed to the provider last: from then on it may have been told.
ALTER TABLE queue ADD COLUMN tried_at TEXT;
UPDATE queue SET tried_at = created_at WHERE attempts > 0;

INSERT OR IGNORE INTO lookup (subject, provider, outcome, asked_at, expires_at)
SELECT media_id, 'simkl', iif(max(candidate) IS NULL, 'none', 'found'), max(asked_at),
    strftime('%Y-%m-%dT%H:%M:%fZ', max(asked_at), '+30 days')
FROM file JOIN file_part ON file_id = file.id
WHERE asked_at IS NOT NULL AND media_id LIKE 'local:%' GROUP BY media_id;
INSERT OR IGNORE INTO candidate (title_id, rank, body)
SELECT media_id, 0, candidate FROM file JOIN file_part ON file_id = file.id
WHERE candidate IS NOT NULL AND part = 0;
ALTER TABLE file DROP COLUMN candidate;
ALTER TABLE file DROP COLUMN asked_at;

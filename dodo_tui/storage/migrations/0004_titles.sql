-- What concerns a title as a whole: ratings and lists given here, what was forgotten, the catalogue.

-- What a queued rating or list says; NULL takes it back, or takes the title off its lists.
ALTER TABLE queue ADD COLUMN rating INTEGER;
ALTER TABLE queue ADD COLUMN list_status TEXT;

-- A row of list_entry whose provider is 'here' is what the user has said in dodo. Of a title's rows
-- the one that changed last counts.
CREATE VIEW title_status AS
    SELECT profile_id, media_id, status, changed_at, added_at, provider FROM list_entry AS one
    WHERE NOT EXISTS (
        SELECT 1 FROM list_entry AS other
        WHERE other.profile_id = one.profile_id AND other.media_id = one.media_id
        AND (coalesce(other.changed_at, ''), other.provider = 'here', other.provider)
          > (coalesce(one.changed_at, ''), one.provider = 'here', one.provider));

CREATE VIEW title_rating AS
    SELECT profile_id, media_id, rating, rated_at, provider FROM list_entry AS one
    WHERE NOT EXISTS (
        SELECT 1 FROM list_entry AS other
        WHERE other.profile_id = one.profile_id AND other.media_id = one.media_id
        AND (coalesce(other.rated_at, ''), other.provider = 'here', other.provider)
          > (coalesce(one.rated_at, ''), one.provider = 'here', one.provider));

-- A title whose history was forgotten: nothing that a provider tells from before comes back.
-- there: its history was to be forgotten at the providers, too.
CREATE TABLE forgotten (
    profile_id INTEGER NOT NULL REFERENCES profile (id),
    media_id TEXT NOT NULL REFERENCES media (id) ON UPDATE CASCADE ON DELETE CASCADE,
    forgotten_at TEXT NOT NULL,
    there INTEGER NOT NULL,
    PRIMARY KEY (profile_id, media_id)
) WITHOUT ROWID;
CREATE INDEX forgotten_media ON forgotten (media_id);

-- What a provider's catalogue says of a title, and when it was asked. The times move with every
-- question, also with one that found nothing.
CREATE TABLE catalogue (
    media_id TEXT PRIMARY KEY REFERENCES media (id) ON UPDATE CASCADE ON DELETE CASCADE,
    overview TEXT,
    genres TEXT,
    airing TEXT,
    first_aired_at TEXT,
    details_asked_at TEXT,
    episodes_asked_at TEXT
) WITHOUT ROWID;
CREATE INDEX catalogue_details ON catalogue (details_asked_at);
CREATE INDEX catalogue_episodes ON catalogue (episodes_asked_at);

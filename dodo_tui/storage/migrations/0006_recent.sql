-- The newest thing of every title that may be on Home (a film that was seen is not), so that Home costs the same however long the
-- history is. Kept by triggers; a player's tick touches none of them: it moves a position, and
-- neither when the row was touched nor whether it was watched.
CREATE TABLE recent_title (
    profile_id INTEGER NOT NULL,
    media_id TEXT NOT NULL,
    key TEXT NOT NULL,
    touched_at TEXT NOT NULL,
    begun INTEGER NOT NULL,
    PRIMARY KEY (profile_id, media_id)
) WITHOUT ROWID;
CREATE INDEX recent_title_order ON recent_title (profile_id, begun, touched_at);

-- What was watched last of a title.
CREATE INDEX progress_watched ON progress (profile_id, media_id, watched_at, season, number)
    WHERE watched = 1;

CREATE TRIGGER recent_inserted AFTER INSERT ON progress
WHEN NOT EXISTS (
    SELECT 1 FROM recent_title WHERE profile_id = NEW.profile_id AND media_id = NEW.media_id
    AND key <> NEW.key AND touched_at > NEW.touched_at)
BEGIN
    DELETE FROM recent_title WHERE profile_id = NEW.profile_id AND media_id = NEW.media_id;
    INSERT INTO recent_title
        SELECT profile_id, media_id, key, touched_at, position_seconds > 0 OR coalesce(ratio, 0) > 0
        FROM progress WHERE profile_id = NEW.profile_id AND media_id = NEW.media_id
        AND (watched = 1 AND number IS NOT NULL OR position_seconds > 0 OR coalesce(ratio, 0) > 0)
        ORDER BY touched_at DESC LIMIT 1;
END;

CREATE TRIGGER recent_updated
AFTER UPDATE OF profile_id, key, media_id, touched_at, watched ON progress
BEGIN
    DELETE FROM recent_title WHERE profile_id = OLD.profile_id AND media_id = OLD.media_id;
    DELETE FROM recent_title WHERE profile_id = NEW.profile_id AND media_id = NEW.media_id;
    INSERT INTO recent_title
        SELECT profile_id, media_id, key, touched_at, position_seconds > 0 OR coalesce(ratio, 0) > 0
        FROM progress WHERE profile_id = NEW.profile_id AND media_id = NEW.media_id
        AND (watched = 1 AND number IS NOT NULL OR position_seconds > 0 OR coalesce(ratio, 0) > 0)
        ORDER BY touched_at DESC LIMIT 1;
    INSERT INTO recent_title
        SELECT profile_id, media_id, key, touched_at, position_seconds > 0 OR coalesce(ratio, 0) > 0
        FROM progress WHERE profile_id = OLD.profile_id AND media_id = OLD.media_id
        AND (watched = 1 AND number IS NOT NULL OR position_seconds > 0 OR coalesce(ratio, 0) > 0)
        AND (profile_id <> NEW.profile_id OR media_id <> NEW.media_id)
        ORDER BY touched_at DESC LIMIT 1;
END;

CREATE TRIGGER recent_deleted AFTER DELETE ON progress
WHEN EXISTS (
    SELECT 1 FROM recent_title WHERE profile_id = OLD.profile_id AND media_id = OLD.media_id
    AND key = OLD.key)
BEGIN
    DELETE FROM recent_title WHERE profile_id = OLD.profile_id AND media_id = OLD.media_id;
    INSERT INTO recent_title
        SELECT profile_id, media_id, key, touched_at, position_seconds > 0 OR coalesce(ratio, 0) > 0
        FROM progress WHERE profile_id = OLD.profile_id AND media_id = OLD.media_id
        AND (watched = 1 AND number IS NOT NULL OR position_seconds > 0 OR coalesce(ratio, 0) > 0)
        ORDER BY touched_at DESC LIMIT 1;
END;

INSERT INTO recent_title
    SELECT profile_id, media_id, key, max(touched_at),
        position_seconds > 0 OR coalesce(ratio, 0) > 0
    FROM progress
    WHERE watched = 1 AND number IS NOT NULL OR position_seconds > 0 OR coalesce(ratio, 0) > 0
    GROUP BY profile_id, media_id;

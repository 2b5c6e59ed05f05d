-- Whether an account is told, too, what was watched here before it was connected and is identified
-- only now: its first sync was answered with "merge" or "send mine".
ALTER TABLE account ADD COLUMN hears_earlier INTEGER NOT NULL DEFAULT 0;

UPDATE account SET hears_earlier = 1
WHERE cursors IS NOT NULL AND coalesce(first_choice, 'merge') IN ('merge', 'mine');

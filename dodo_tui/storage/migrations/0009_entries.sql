-- Which of a provider's entries told of an episode, where several of them may make one title (Simkl's
-- anime): what is missing from one says nothing about the episodes of another.
ALTER TABLE remote ADD COLUMN entry TEXT;

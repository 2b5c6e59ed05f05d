-- What a folder's files were taken for when the user decided: only they, and what nobody knows,
-- follow the decision; a file that is surely something else does not.
ALTER TABLE decision ADD COLUMN instead_of TEXT;

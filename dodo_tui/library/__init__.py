"""Finding media files and telling what they are."""

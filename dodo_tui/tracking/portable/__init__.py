"""Export and import of everything, as one JSON file in dodo's own format."""

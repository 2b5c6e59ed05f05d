"""The programs dodo is compared with: as little as a Textual app can be."""

"""What `dodo doctor` looks at."""

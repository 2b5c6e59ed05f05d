"""Setting right what a file is, by the user's word."""

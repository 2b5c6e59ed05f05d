"""Two people of one household, each with an account of their own at a Simkl over real sockets."""

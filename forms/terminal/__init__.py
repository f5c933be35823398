"""Forms filled in a terminal, one question at a time."""

"""Papers of many cases in one go: shared among processes or computers, and gone on with after any stop."""

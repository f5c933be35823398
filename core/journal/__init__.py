"""The journal: every issued document and every number, in a database, with a chain that shows tampering."""

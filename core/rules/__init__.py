"""The pure rules: from a case and a programme to stage, level, risk, deadlines, documents and findings."""

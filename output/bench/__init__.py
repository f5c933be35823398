"""The methodologist's bench: templates checked, mended, explained, tried and compared."""

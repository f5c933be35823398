"""Forms on paper: as a Word file to be filled in and read back."""

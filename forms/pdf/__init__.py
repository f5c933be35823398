"""Forms on paper: as a PDF to be filled in on a screen and read back, or printed for a pen."""

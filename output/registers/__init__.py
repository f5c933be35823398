"""Registers and reports over all cases of an office: as Word, Excel, CSV, JSON and calendar files."""

"""Scans of papers that were signed by hand: pages find their paper by the code at their foot."""

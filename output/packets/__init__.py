"""Packets: the papers of one occasion bound into one PDF."""

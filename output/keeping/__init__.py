"""Keeping families' data: backup, restore, a copy for training, destruction, what leaves the house."""

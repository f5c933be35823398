"""The siege: hostile input of every kind, made by generators, and the range on which it is fired at papka.

Each module makes `Shot`s for one door of papka; `firing.py` fires them at the real command in a process of its
own and says what is wrong with what came of it. ``python -m siege`` from `tests/` fires all of them.
"""

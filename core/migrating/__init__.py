"""Versions: an earlier papka refuses what a later one wrote, and a later one brings an office forward.

What the files of an office hold has one version (`core/contract/version.py`), which office.yaml and each
case file say in their line ``papka:``; the journal, which may lie on a server, has its own
(`core/journal/growing.py`).
"""

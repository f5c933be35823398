"""The version of what the files of an office hold."""

from __future__ import annotations

from typing import Literal

Version = Literal["1"]
CONTRACT_VERSION: Version = "1"
"""What a case file and office.yaml say in their line ``papka:``; what says none is of the first version.

It rises with each change after which an earlier papka could not read a file any more, whichever file of the
office that is; a step in `core/migrating/steps.py` then brings the files of an earlier office up.
"""

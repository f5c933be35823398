"""What a zip file that is damaged, or was made to harm, makes Python raise: it has no common parent."""

from __future__ import annotations

import struct
import zipfile
import zlib

BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, NotImplementedError, EOFError,
    OSError, KeyError, ValueError, RuntimeError, OverflowError,
)  # fmt: skip
"""A member packed in an unknown way, a password, a place before the file: each has a kind of its own."""

"""Members of a Word file as they lie in it, packed once and written as often as is wanted.

`zipfile` packs every member anew for each file. A paper changes a few parts of its template; the others are
copied as they are.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_DAY = 0x21  # the first of January 1980, in the signs of MS-DOS
_UTF8, _DEFLATED, _VERSION = 0x800, 8, 20
_OWNER_READS_AND_WRITES = 0o600 << 16
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


@dataclass(frozen=True, slots=True)
class Packed:
    """One member: its sum, its size, and its bytes as they lie in the file."""

    crc: int
    size: int
    deflated: bytes

    @classmethod
    def of(cls, body: bytes) -> Packed:
        """Pack a member."""
        packer = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -15)
        return cls(zlib.crc32(body), len(body), packer.compress(body) + packer.flush())

    def body(self) -> bytes:
        """Return the member itself."""
        return zlib.decompress(self.deflated, -15, max(self.size, 1))


class Unpacked(Mapping[str, bytes]):
    """The members of a file, each unpacked when it is asked for."""

    def __init__(self, packed: Mapping[str, Packed]) -> None:
        self._packed = packed

    def __getitem__(self, name: str) -> bytes:
        return self._packed[name].body()

    def __contains__(self, name: object) -> bool:
        return name in self._packed

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def written(members: Mapping[str, Packed]) -> bytes:
    """Return a zip file of members: in their order, all of one day, to the byte as `zipfile` writes it."""
    pieces: list[bytes] = []
    central: list[bytes] = []
    position = 0
    for title, one in members.items():
        name = title.encode("utf-8")
        flags = 0 if title.isascii() else _UTF8
        known = (_DEFLATED, 0, _DAY, one.crc, len(one.deflated), one.size, len(name), 0)
        pieces += [_LOCAL.pack(b"PK\3\4", _VERSION, flags, *known), name, one.deflated]
        rest = (0, 0, 0, _OWNER_READS_AND_WRITES, position)
        central += [_CENTRAL.pack(b"PK\1\2", _VERSION, _VERSION, flags, *known, *rest), name]
        position += _LOCAL.size + len(name) + len(one.deflated)
    listed = b"".join(central)
    count = len(members)
    return b"".join([*pieces, listed, _END.pack(b"PK\5\6", 0, 0, count, count, len(listed), position, 0)])


def lying_in(data: bytes) -> dict[str, Packed] | None:
    """Return the members of a zip file as `written` wrote it, still packed; None: somebody else wrote it."""
    found: dict[str, Packed] = {}
    try:
        *end, count, _, long, position, comment = _END.unpack_from(data, len(data) - _END.size)
        if end[0] != b"PK\5\6" or comment or position + long + _END.size != len(data):
            return None
        for _ in range(count):
            known = _CENTRAL.unpack_from(data, position)
            flags, (crc, packed, size, name_long) = known[3], known[7:11]
            name = data[position + _CENTRAL.size : position + _CENTRAL.size + name_long]
            position += _CENTRAL.size + name_long
            local = (b"PK\3\4", _VERSION, flags, _DEFLATED, 0, _DAY, crc, packed, size, name_long, 0)
            begin = known[-1]
            body = begin + _LOCAL.size + name_long
            if data[begin:body] != _LOCAL.pack(*local) + name or flags & ~_UTF8:
                return None
            found[name.decode("utf-8")] = Packed(crc, size, data[body : body + packed])
    except (struct.error, UnicodeDecodeError):
        return None
    return found if written(found) == data else None

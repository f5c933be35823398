"""What a provider of signatures is: a tool of the centre that signs and checks in papka's place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SignatureProvider:
    """A way to sign that papka does not have itself, such as a certified tool for GOST signatures.

    It keeps keys and asks for PINs by itself: neither passes through papka. The files that it is given are
    copies, in a folder of this signature alone that is removed afterwards.

    Attributes:
        name: By which a worker asks for it: ``papka sign … --provider NAME``.
        title: What it is, for a person.
        sign: Gets a paper and a folder to write in; returns the file that it wrote there: a detached CMS
            signature, or the signed PDF. Raises `PapkaError` with a sentence for the worker.
        verify: Gets a paper and its detached signature; returns whether it holds, None if it could not
            tell.
        embeds: Whether it signs inside the PDF. It then gets the PDF with the signatures so far, and may
            only add to its end.
    """

    name: str
    title: str
    sign: Callable[[Path, Path], Path]
    verify: Callable[[Path, Path], bool | None] | None = None
    embeds: bool = False

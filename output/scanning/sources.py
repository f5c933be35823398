"""A scan as a file: the pictures of its pages, as they are kept and as they are read.

The pictures are kept as JPEG. What a scanner or a telephone wrote as JPEG is not drawn anew: only what it
says beside the picture (where and with what it was taken) is left out.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ...core.bounds import bounded
from ...core.errors import PapkaError
from ...core.i18n import tr
from ...core.oserrors import why
from ...core.outside import bytes_of

if TYPE_CHECKING:
    from PIL.Image import Image

KINDS = (".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff")
MAX_BYTES = 400 * 2**20
MAX_PAGES = 1000
MAX_PIXELS = 80_000_000
"""A page of A4 at 600 dots an inch has 35 million; a picture that claims more than this was made to harm."""
_DPI = 200
_PDF_PIXELS = 12_000_000
_QUALITY = 88
_PASSWORD = 4
"""What PDFium says of a file that opens with a password (fpdfview.h, FPDF_ERR_PASSWORD)."""
_INVISIBLE = 3
"""How text is drawn that a scanner's own reading laid beneath a picture (ISO 32000-2, 9.3.6)."""


class Kept(NamedTuple):
    """A picture as it is kept, the same in grey, and whether it has colours."""

    jpeg: bytes
    grey: Image
    colour: bool


@dataclass(frozen=True)
class Picture:
    """One page of a scan.

    Attributes:
        number: Which page of its file, from 1.
        jpeg: The picture as it is kept.
        grey: The same for the eye of the machine, 8 bits a pixel.
        colour: Whether the kept one has colours.
    """

    file: Path
    number: int
    jpeg: bytes
    grey: Image
    colour: bool


@dataclass(frozen=True)
class Source:
    """A file that lies open: how many pages it has, and how each is fetched."""

    file: Path
    count: int
    fetch: Callable[[int], Kept]

    def picture(self, number: int) -> Picture:
        """Return the picture of a page.

        Raises:
            PapkaError: There is none on it, or it cannot be read.
        """
        try:
            with bounded():
                kept = self.fetch(number)
        except PapkaError:
            raise
        except MemoryError:
            raise PapkaError(_too_large()) from None
        except Exception as error:  # what broken pictures raise has no common parent
            raise PapkaError(_broken()) from error
        return Picture(self.file, number, *kept)


@contextmanager
def opened(file: Path) -> Iterator[Source]:
    """Open a scan.

    Raises:
        PapkaError: It is no picture and no PDF, is closed by a password, too large, or broken.
    """
    raw = _bytes(file)
    if raw.startswith(b"%PDF-") or b"%PDF-" in raw[:1024]:
        yield from _pdf(file, raw)
    elif file.suffix.lower() in KINDS:
        yield from _image(file, raw)
    else:
        words = tr("This is neither a PDF nor a picture (JPG, PNG, TIFF). Save the scan as one of these.")
        raise PapkaError(words)


def ask_for_tools() -> None:
    """Make sure that what reads scans is installed.

    Raises:
        PapkaError: It is not; the text says how it is.
    """
    for name in ("PIL.Image", "numpy", "zxingcpp"):
        try:
            import_module(name)
        except ImportError:
            raise PapkaError(tr("To read scans, install what reads them: pip install papka[scan]")) from None


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise PapkaError(_too_large())
        return bytes_of(file, MAX_BYTES)
    except OSError as error:
        raise PapkaError(tr("The file cannot be read: {reason}.").format(reason=why(error))) from error


# --- pictures ----------------------------------------------------------------------------------------------


def _image(file: Path, raw: bytes) -> Iterator[Source]:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(raw), formats=("JPEG", "PNG", "TIFF"))
            count = min(getattr(image, "n_frames", 1), MAX_PAGES + 1) if image.format == "TIFF" else 1
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PapkaError(_too_large()) from None
    except Exception as error:  # what broken pictures raise has no common parent
        raise PapkaError(_broken()) from error
    _not_too_many(count)

    def fetch(number: int) -> Kept:
        if count > 1:
            image.seek(number - 1)
        if image.width * image.height > MAX_PIXELS:
            raise PapkaError(_too_large())
        return as_kept(image, raw if image.format in ("JPEG", "MPO") else None)

    with image:
        yield Source(file, count, fetch)


def as_kept(image: Image, jpeg: bytes | None = None) -> Kept:
    """Return a picture as it is kept and as it is read; bytes that are JPEG already stay what they are."""
    image.load()
    if jpeg is not None and image.mode in ("L", "RGB"):
        return Kept(bare(jpeg), image.convert("L"), image.mode == "RGB")
    plain = _plain(image)
    buffer = io.BytesIO()
    plain.save(buffer, "JPEG", quality=_QUALITY)
    return Kept(buffer.getvalue(), plain.convert("L"), plain.mode == "RGB")


def _plain(image: Image) -> Image:
    """Return a picture in grey or in colours, without holes."""
    from PIL import Image

    if image.mode.startswith("I;16"):
        # Sixteen bits of grey: the upper eight are what an eye sees.
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if image.mode in ("1", "L"):
        return image.convert("L")
    if "A" in image.getbands() or "transparency" in image.info:
        over = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(over, mask=over.getchannel("A"))
        return ground
    return image.convert("RGB")


def bare(jpeg: bytes) -> bytes:
    """Return a JPEG without what is said beside the picture: place, time, camera (ITU-T T.81, B.1)."""
    kept_parts, at = [jpeg[:2]], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        mark, size = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if mark == 0xDA:
            break
        # APP0 says that it is a JPEG, APP14 in which colours; a profile (APP2) is part of the look.
        if not (0xE0 <= mark <= 0xEF or mark == 0xFE) or mark in (0xE0, 0xE2, 0xEE):
            kept_parts.append(jpeg[at : at + 2 + size])
        at += 2 + size
    return b"".join(kept_parts) + jpeg[at:]


# --- PDF ---------------------------------------------------------------------------------------------------


def _pdf(file: Path, raw: bytes) -> Iterator[Source]:
    """Open a PDF in a process of its own; only the pictures of its pages come from there."""
    from PIL import Image

    from ..apart import opened_apart

    with opened_apart(raw, "scan") as apart:

        def fetch(number: int) -> Kept:
            told, jpeg = apart.page(number)
            with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
                return Kept(jpeg, image.convert("L"), bool(told["colour"]))

        yield Source(file, apart.pages, fetch)


@contextmanager
def pdf_pages(raw: bytes) -> Iterator[tuple[int, Callable[[int], Kept]]]:
    """Open a PDF here: how many pages it has, and how the picture of each is fetched.

    Raises:
        PapkaError: It has a password, is broken or too large.
    """
    pdfium: Any = import_module("pypdfium2")
    try:
        document = pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            raise PapkaError(tr("The PDF opens with a password only. Save it without one.")) from None
        raise PapkaError(_broken()) from error
    try:
        _not_too_many(len(document))
        yield len(document), lambda number: _fetched(document, number, pdfium)
    finally:
        document.close()


def _fetched(document: Any, number: int, pdfium: Any) -> Kept:
    try:
        return _of_page(document[number - 1], pdfium)
    except PapkaError:
        raise
    except MemoryError:
        raise PapkaError(_too_large()) from None
    except Exception as error:  # what broken pictures raise has no common parent
        raise PapkaError(_broken()) from error


def _of_page(page: Any, pdfium: Any) -> Kept:
    from PIL import Image

    pictures, seen = [], False
    for one in page.get_objects(max_depth=3):
        if one.type == pdfium.raw.FPDF_PAGEOBJ_IMAGE:
            pictures.append(one)
        elif not _unseen(one, pdfium):
            seen = True
    if not pictures:
        if not seen:
            width, height = (max(1, round(side / 72 * 50)) for side in page.get_size())
            return as_kept(Image.new("L", (width, height), 255))
        words = tr("This page is no scan but the file itself: print it, have it signed, and scan it.")
        raise PapkaError(words)
    if len(pictures) == 1 and not seen:
        whole = _whole(pictures[0], page)
        if whole is not None:
            return whole
    width, height = page.get_size()
    scale = min(_DPI / 72, (_PDF_PIXELS / max(1.0, width * height)) ** 0.5)
    return as_kept(page.render(scale=scale).to_pil())


def _unseen(thing: Any, pdfium: Any) -> bool:
    if thing.type == pdfium.raw.FPDF_PAGEOBJ_FORM:
        return True
    text = thing.type == pdfium.raw.FPDF_PAGEOBJ_TEXT
    return bool(text and pdfium.raw.FPDFTextObj_GetTextRenderMode(thing.raw) == _INVISIBLE)


def _whole(picture: Any, page: Any) -> Kept | None:
    """Return the picture that fills a page as the scanner wrote it, if it stands there plainly."""
    from PIL import Image

    if picture.get_filters() != ["DCTDecode"]:
        return None
    across, down = page.get_size()
    if page.get_rotation() in (90, 270):
        across, down = down, across
    a, b, c, d, *_ = picture.get_matrix().get()
    if a < 0.8 * across or d < 0.8 * down or abs(b) + abs(c) > 0.01 * across:
        return None
    jpeg = bytes(picture.get_data(decode_simple=False))
    image = Image.open(io.BytesIO(jpeg), formats=("JPEG",))
    if image.width * image.height > MAX_PIXELS or image.mode not in ("L", "RGB"):
        return None
    return as_kept(image, jpeg)


# --- what is said ------------------------------------------------------------------------------------------


def _not_too_many(count: int) -> None:
    if count > MAX_PAGES:
        words = tr("The file has more than {count} pages. Divide it.")
        raise PapkaError(words.format(count=MAX_PAGES))


def _too_large() -> str:
    return tr("The picture is too large. Scan at 150 to 300 dots an inch.")


def _broken() -> str:
    return tr("The file is broken, or its kind is not what its name says. Scan it anew.")

"""A signature inside the PDF (PAdES) with a key from a PKCS#12 file; it is appended, nothing changes."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.errors import PapkaError
from ...core.filters import LanguagePack
from ...core.i18n import tr
from ...core.oserrors import why
from ...core.outside import bytes_of
from ..issued.cards import Signer
from ..pdf.running import private_room
from .placing import spots
from .stamp import BLUE, StampWords, draw

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.signers import SimpleSigner

FIELD = "signer-"
_NAME = 200
_LARGEST_KEY = 2**20


@dataclass(frozen=True)
class Key:
    """A key with its certificate, ready to sign; nothing of it is kept."""

    signer: SimpleSigner
    certificate: Certificate

    @property
    def owner(self) -> str:
        """Whose certificate it is."""
        return owner_of(self.certificate)


def needs_pyhanko() -> None:
    """Say what to install where the extra is missing.

    Raises:
        PapkaError: pyHanko is not there.
    """
    try:
        import pyhanko.sign  # noqa: F401
    except ImportError as error:
        words = tr("Signatures inside a PDF need an extra part: pip install papka[sign].")
        raise PapkaError(words) from error
    quiet()


def quiet() -> None:
    """Let the library not write into the terminal: what it finds is told in papka's words."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logger = logging.getLogger(name)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def open_key(file: Path, password: str, on: date | None = None) -> Key:
    """Open a PKCS#12 file (.p12, .pfx).

    Raises:
        PapkaError: The file or the password does not fit, it holds no key, or its certificate is not valid
            today or not meant for signing.
    """
    needs_pyhanko()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import pkcs12
    from pyhanko.sign.signers import SimpleSigner

    try:
        raw = bytes_of(file, _LARGEST_KEY)
    except OSError as error:
        words = tr("{file} cannot be read: {reason}.")
        raise PapkaError(words.format(file=file.name, reason=why(error))) from error
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(raw, password.encode("utf-8") or None)
    except (UnsupportedAlgorithm, TypeError) as error:
        words = tr(
            "{file} holds a key of a kind that papka cannot use. A GOST key signs through its own tool: "
            "--provider, or --detached."
        )
        raise PapkaError(words.format(file=file.name)) from error
    except ValueError as error:
        words = tr(
            "{file} does not open: the password is wrong, or it is no PKCS#12 file (.p12, .pfx), or its key "
            "is a GOST one: those sign with --provider or --detached."
        )
        raise PapkaError(words.format(file=file.name)) from error
    if key is None or certificate is None:
        words = tr("{file} holds no private key with its certificate: nothing can be signed with it.")
        raise PapkaError(words.format(file=file.name))
    try:
        signer = SimpleSigner.load_pkcs12_data(raw, [], password.encode("utf-8") or None)
    except (ValueError, TypeError, NotImplementedError) as error:
        words = tr("{file} holds a key of a kind that papka cannot use.")
        raise PapkaError(words.format(file=file.name)) from error
    certified = signer.signing_cert
    assert certified is not None
    _fit_to_sign(certified)
    return Key(signer, certified)


def _fit_to_sign(certificate: Certificate) -> None:
    now = datetime.now(UTC)
    if now > certificate.not_valid_after:
        words = tr("The certificate was valid until {day}. Sign with a new one.")
        raise PapkaError(words.format(day=f"{certificate.not_valid_after:%d.%m.%Y}"))
    if now < certificate.not_valid_before:
        words = tr("The certificate is valid from {day} only. Check the clock of this computer.")
        raise PapkaError(words.format(day=f"{certificate.not_valid_before:%d.%m.%Y}"))
    usage = certificate.key_usage_value
    if usage is not None and not usage.native & {"digital_signature", "non_repudiation"}:
        raise PapkaError(tr("The certificate is not meant for signing. Ask who gave it out."))


def owner_of(certificate: Certificate) -> str:
    """Return whose certificate it is: surname and given names where they stand apart, else common name."""
    return name_in(certificate.subject)


def name_in(name: Any) -> str:
    """Return the name in a subject or an issuer; strangers wrote it: no sign in it may rule a terminal."""
    parts = name.native
    person = [parts.get("surname"), parts.get("given_name")]
    said = " ".join(person) if all(isinstance(one, str) for one in person) else ""
    for part in ("common_name", "organization_name"):
        found = parts.get(part)
        said = said or (found if isinstance(found, str) else str(found[0]) if found else "")
    said = said or str(name.human_friendly)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())[:_NAME]


def sign(pdf: bytes, key: Key, number: int, signers: Sequence[Signer], on: date, pack: LanguagePack) -> bytes:
    """Append the signature of one signer to a PDF; the fields of all are made before the first.

    What was in the file stays there to the byte, so that earlier signatures hold.

    Raises:
        PapkaError: The PDF cannot be signed, or the signer's field bears a signature already.
    """
    needs_pyhanko()
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    name = f"{FIELD}{number}"
    meta = PdfSignatureMetadata(field_name=name, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    with private_room() as room:
        try:
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
            fields = _fields(writer)
            if fields.get(name):
                raise PapkaError(tr("The place of signer {number} bears a signature.").format(number=number))
            if name not in fields:
                _make_fields(writer, pdf, signers, number, set(fields))
            style = _style(key, on, room, pack) if _is_visible(writer, name) else None
            signing = PdfSigner(meta, key.signer, stamp_style=style)
            out = signing.sign_pdf(writer, existing_fields_only=True)
        except (PdfError, SigningError, ValueError, NotImplementedError) as error:
            words = tr("The PDF could not be signed ({kind}).")
            raise PapkaError(words.format(kind=type(error).__name__)) from error
    return bytes(out.getvalue())


def _fields(holder: Any) -> dict[str, bool]:
    """Return the signature fields by name, and whether each bears a signature."""
    from pyhanko.sign.fields import enumerate_sig_fields

    return {name: value is not None for name, value, _ in enumerate_sig_fields(holder)}


def signed_fields(pdf: bytes) -> set[str]:
    """Return the names of the fields that bear a signature."""
    needs_pyhanko()
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        return {name for name, signed in _fields(PdfFileReader(io.BytesIO(pdf))).items() if signed}
    except (PdfError, ValueError):
        return set()


def _make_fields(writer: Any, pdf: bytes, signers: Sequence[Signer], number: int, there: set[str]) -> None:
    """Make a field for each signer, before anybody has signed: later ones only fill theirs.

    Each locks itself and forbids all but further signatures (DocMDP 2): readers of PDF show anything else
    that is added as a breach.
    """
    from pyhanko.sign.fields import (
        FieldMDPAction,
        FieldMDPSpec,
        MDPPerm,
        SigFieldSpec,
        append_signature_field,
    )

    places = spots(pdf, signers)
    roles = {one.number: one.role for one in signers} | ({} if signers else {number: ""})
    for one, role in roles.items():
        name = f"{FIELD}{one}"
        if name in there:
            continue
        spot = places.get(one)
        spec = SigFieldSpec(
            name,
            on_page=spot.page if spot else 0,
            box=spot.box if spot else None,
            readable_field_name=role or None,
            field_mdp_spec=FieldMDPSpec(FieldMDPAction.INCLUDE, [name]),
            doc_mdp_update_value=MDPPerm.FILL_FORMS,
        )
        append_signature_field(writer, spec)


def _is_visible(writer: Any, name: str) -> bool:
    from pyhanko.sign.fields import enumerate_sig_fields

    for _, _, reference in enumerate_sig_fields(writer, with_name=name):
        left, bottom, right, top = map(float, reference.get_object().get("/Rect", (0, 0, 0, 0)))
        return right > left and top > bottom
    return False


def _style(key: Key, on: date, room: Path, pack: LanguagePack) -> Any:
    """Draw the stamp into a frame of its own size."""
    from pyhanko.pdf_utils.content import ImportedPdfPage
    from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
    from pyhanko.stamp import StaticStampStyle

    certificate = key.certificate
    words = StampWords(
        key.owner,
        f"{certificate.serial_number:X}",
        certificate.not_valid_before.astimezone().date(),
        certificate.not_valid_after.astimezone().date(),
        on,
        pack,
    )
    middle = AxisAlignment.ALIGN_MID
    return StaticStampStyle(
        border_width=1,
        border_color=BLUE,
        background=ImportedPdfPage(str(draw(words, room))),
        background_layout=SimpleBoxLayoutRule(middle, middle, Margins.uniform(0)),
        background_opacity=1.0,
    )

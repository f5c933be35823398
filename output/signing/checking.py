"""Looking at signatures: those in a PDF, and those in files of their own. Nothing is asked of the network."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.errors import PapkaError
from ...core.i18n import tr
from ...core.oserrors import why
from ...core.outside import bytes_of
from . import cms
from .checks import Covers, Later, SignatureCheck
from .pades import name_in, needs_pyhanko, owner_of, quiet

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

TRUST = "trust"
DETACHED = (".sig", ".sgn", ".p7s")
_CERTIFICATES = (".pem", ".cer", ".crt", ".der")
_SIGNER = re.compile(r"\.signer-\d+(?=\.\w+$)")


def anchors(office: Path) -> list[Certificate]:
    """Return the certificates that an office trusts: those in its folder ``trust``.

    Raises:
        PapkaError: A file there holds no certificate.
    """
    from asn1crypto import pem, x509

    found = []
    for file in sorted((office / TRUST).glob("*")):
        if file.suffix.lower() not in _CERTIFICATES:
            continue
        try:
            raw = file.read_bytes()
            parts = [data for _, _, data in pem.unarmor(raw, multiple=True)] if pem.detect(raw) else [raw]
            certificates = [x509.Certificate.load(part, strict=True) for part in parts]
            found += [one for one in certificates if one.subject.native]
        except (OSError, ValueError, TypeError) as error:
            words = tr("{file} holds no certificate.").format(file=f"{TRUST}/{file.name}")
            raise PapkaError(words) from error
    return found


def signatures_in(
    file: Path, *, office: Path | None = None, document: Path | None = None
) -> list[SignatureCheck]:
    """Look at all signatures in a PDF, or in a file of its own (.sig, .sgn, .p7s).

    Args:
        office: The folder whose ``trust`` says which certificates are trusted.
        document: What a file of its own signs; by default the file of the same name without its last suffix.

    Raises:
        PapkaError: A file cannot be read, or the extra ``sign`` is not installed.
    """
    needs_pyhanko()
    trusted = anchors(office) if office else []
    raw = _bytes(file)
    if raw[:5] == b"%PDF-" or file.suffix.lower() == ".pdf":
        return in_pdf(raw, trusted)
    return in_cms(raw, _bytes(document or signed_by(file)), trusted)


def signed_by(signature: Path) -> Path:
    """Return the file that a detached signature beside it is of, by its name."""
    return signature.with_name(_SIGNER.sub("", signature.stem))


def in_cms(
    raw: bytes,
    document: bytes,
    trusted: Sequence[Certificate] = (),
    answered: tuple[str, bool] | None = None,
) -> list[SignatureCheck]:
    """Look at the signatures of a detached CMS.

    Args:
        answered: What a provider of the centre said of them: its name, and whether they hold.

    Raises:
        PapkaError: It is no detached signature.
        ImportError: The extra ``sign`` is not installed.
    """
    return [_detached(one, document, trusted, answered) for one in cms.read(raw)]


def _bytes(file: Path) -> bytes:
    try:
        return bytes_of(file)
    except OSError as error:
        words = tr("{file} cannot be read: {reason}.")
        raise PapkaError(words.format(file=file.name, reason=why(error))) from error


# --- in a PDF --------------------------------------------------------------------------------------------


def in_pdf(raw: bytes, trusted: Sequence[Certificate] = ()) -> list[SignatureCheck]:
    """Look at the signatures in a PDF, the first one first."""
    quiet()
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        embedded = list(PdfFileReader(io.BytesIO(raw), strict=False).embedded_regular_signatures)
    except Exception:  # noqa: BLE001 - a damaged PDF breaks a reader in any way it likes
        return [SignatureCheck("pades", damaged=True)] if b"/ByteRange" in raw else []
    return [_embedded(one, trusted) for one in embedded]


def _embedded(one: Any, trusted: Sequence[Certificate]) -> SignatureCheck:
    from pyhanko.sign.validation import validate_pdf_signature

    known = SignatureCheck("pades", field=one.field_name)
    try:
        signature = cms.described(one.signed_data, one.signer_info)
        claimed = signature.claimed or one.self_reported_timestamp
        known = _described(known, signature, claimed)
        known = replace(known, covers=_covers(one))
        _nothing_behind(one.pkcs7_content)
    except Exception:  # noqa: BLE001 - what is changed in a signature breaks a reader in any way it likes
        return replace(known, damaged=True)
    if signature.certificate is None:
        return replace(known, damaged=True)
    if signature.is_gost:
        return replace(known, later=_later(one))
    context = _context(trusted, claimed)
    try:
        status = validate_pdf_signature(one, context, key_usage_settings=_usage())
    except Exception:  # noqa: BLE001
        return replace(known, damaged=True)
    known = replace(known, intact=bool(status.intact), genuine=bool(status.valid), later=_later(one))
    return _with_status(known, status, bool(trusted))


def _nothing_behind(content: bytes) -> None:
    """See that the room left for the signature holds nothing else: no signature covers it.

    Raises:
        ValueError: It does.
    """
    from asn1crypto.parser import peek

    if any(content[peek(content) :]):
        raise ValueError


def _covers(one: Any) -> Covers:
    from pyhanko.sign.validation import SignatureCoverageLevel

    one.coverage = one.evaluate_signature_coverage()
    known: dict[Any, Covers] = {
        SignatureCoverageLevel.ENTIRE_FILE: "file",
        SignatureCoverageLevel.ENTIRE_REVISION: "revision",
    }
    return known.get(one.coverage, "part")


def _later(one: Any) -> Later:
    """Say what was added to the file after a signature."""
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
    from pyhanko.sign.validation import SignatureCoverageLevel

    if one.diff_result is None:
        try:
            one.diff_result = one.evaluate_modifications(DEFAULT_DIFF_POLICY)
        except Exception:  # noqa: BLE001 - what cannot be compared was not added by a signer
            return "changes"
    found = one.diff_result
    if not isinstance(found, DiffResult) or found.modification_level > ModificationLevel.FORM_FILLING:
        return "changes"
    if found.modification_level == ModificationLevel.FORM_FILLING:
        return "signatures"
    return "nothing" if one.coverage == SignatureCoverageLevel.ENTIRE_FILE else "aside"


def _usage() -> Any:
    from pyhanko.sign.validation.settings import KeyUsageConstraints

    return KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


def _context(trusted: Sequence[Certificate], claimed: datetime | None) -> Any:
    """Say what is trusted, and at which time; nothing is fetched."""
    from pyhanko_certvalidator import ValidationContext

    moment = claimed or datetime.now(UTC)
    return ValidationContext(
        trust_roots=list(trusted), moment=moment, allow_fetching=False, revocation_mode="soft-fail"
    )


# --- in a file of its own --------------------------------------------------------------------------------


def _detached(
    one: cms.CmsSignature, document: bytes, trusted: Sequence[Certificate], answered: tuple[str, bool] | None
) -> SignatureCheck:
    known = replace(_described(SignatureCheck("cms"), one, one.claimed), intact=one.fits(document))
    if one.is_gost or one.certificate is None:
        if answered is None:
            return known
        name, good = answered
        intact = known.intact if known.intact is not None or not good else True
        return replace(known, intact=intact, genuine=good, provider=name)
    from pyhanko.sign.validation import async_validate_detached_cms

    quiet()
    asked = async_validate_detached_cms(
        document, one.data, _context(trusted, one.claimed), key_usage_settings=_usage()
    )
    try:
        status = asyncio.run(asked)
    except Exception:  # noqa: BLE001 - what is changed in a signature breaks a reader in any way it likes
        return known
    known = replace(known, intact=bool(status.intact), genuine=bool(status.valid))
    return _with_status(known, status, bool(trusted))


# --- both ------------------------------------------------------------------------------------------------


def _described(
    known: SignatureCheck, signature: cms.CmsSignature, claimed: datetime | None
) -> SignatureCheck:
    known = replace(known, digest=signature.digest, algorithm=signature.algorithm, claimed=claimed)
    certificate = signature.certificate
    if certificate is None:
        return known
    since, until = certificate.not_valid_before, certificate.not_valid_after
    in_time = None
    with suppress(TypeError):
        in_time = since <= claimed <= until if claimed else None
    return replace(
        known,
        owner=owner_of(certificate),
        issuer=name_in(certificate.issuer),
        serial=f"{certificate.serial_number:X}",
        since=since,
        until=until,
        in_time=in_time,
    )


def _with_status(known: SignatureCheck, status: Any, has_anchors: bool) -> SignatureCheck:
    stamp = getattr(status, "timestamp_validity", None)
    stamped = stamp.timestamp if stamp is not None and stamp.intact and stamp.valid else None
    if stamped is not None and known.since is not None and known.until is not None:
        known = replace(known, stamped=stamped, in_time=known.since <= stamped <= known.until)
    return replace(known, trusted=bool(status.trusted) if has_anchors else None)

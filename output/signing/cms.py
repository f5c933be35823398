"""A signature that stands in a file of its own (CMS, CAdES): what it says of itself, read without its maths.

What Russian certified tools write is read too: the names of GOST algorithms are known here, their
arithmetic is not.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...core.errors import PapkaError
from ...core.i18n import tr

if TYPE_CHECKING:
    from asn1crypto.cms import SignedData, SignerInfo
    from asn1crypto.x509 import Certificate

GOST = {
    "1.2.643.2.2.9": "ГОСТ Р 34.11-94",
    "1.2.643.7.1.1.2.2": "ГОСТ Р 34.11-2012 (256)",
    "1.2.643.7.1.1.2.3": "ГОСТ Р 34.11-2012 (512)",
    "1.2.643.2.2.19": "ГОСТ Р 34.10-2001",
    "1.2.643.2.2.3": "ГОСТ Р 34.10-2001",
    "1.2.643.7.1.1.1.1": "ГОСТ Р 34.10-2012 (256)",
    "1.2.643.7.1.1.1.2": "ГОСТ Р 34.10-2012 (512)",
    "1.2.643.7.1.1.3.2": "ГОСТ Р 34.10-2012 (256)",
    "1.2.643.7.1.1.3.3": "ГОСТ Р 34.10-2012 (512)",
}
"""Russian algorithms by their object identifiers (Р 1323565.1.023-2018, RFC 9215, RFC 4491)."""
_COMPUTED = {"sha1", "sha224", "sha256", "sha384", "sha512"}
_WRAPPED = re.compile(rb"-----[^-]+-----|\s")


@dataclass(frozen=True)
class CmsSignature:
    """One signature of a CMS.

    Attributes:
        certificate: Of the signer, if it came along.
        digest: The digest's algorithm, and what it is of the signed file.
        claimed: When the signer says it was signed.
    """

    data: SignedData = field(repr=False)
    info: SignerInfo = field(repr=False)
    certificate: Certificate | None
    digest: str
    algorithm: str
    fingerprint: bytes | None
    claimed: datetime | None

    @property
    def is_computed_here(self) -> bool:
        """Whether the digest can be worked out here; that of GOST cannot."""
        return self.digest in _COMPUTED and self.fingerprint is not None

    def fits(self, document: bytes) -> bool | None:
        """Tell whether it was made of this very file; None if its digest cannot be worked out here."""
        if not self.is_computed_here:
            return None
        return hashlib.new(self.digest, document).digest() == self.fingerprint

    @property
    def is_gost(self) -> bool:
        """Whether it is a Russian one."""
        return self.digest in GOST.values() or self.algorithm in GOST.values()


def der(raw: bytes) -> bytes:
    """Return a signature's bytes; tools write them bare, in base64, or as PEM."""
    if raw[:1] == b"\x30":
        return raw
    try:
        return base64.b64decode(_WRAPPED.sub(b"", raw), validate=True)
    except binascii.Error:
        return raw


def read(raw: bytes) -> list[CmsSignature]:
    """Read the signatures of a detached CMS.

    Raises:
        PapkaError: It is none, or it holds the document inside.
        ImportError: The extra ``sign`` is not installed.
    """
    from asn1crypto.cms import ContentInfo
    from asn1crypto.core import Void

    try:
        outer = ContentInfo.load(der(raw), strict=True)
        if outer["content_type"].native != "signed_data":
            raise ValueError
        data = outer["content"]
        inside = not isinstance(data["encap_content_info"]["content"], Void)
        found = [described(data, info) for info in data["signer_infos"]]
    except (ValueError, KeyError, TypeError) as error:
        words = tr("This is no signature in a file of its own (CMS: .sig, .sgn, .p7s).")
        raise PapkaError(words) from error
    if inside:
        words = tr("The signature holds the document inside. Ask for a detached one (отсоединённая подпись).")
        raise PapkaError(words)
    if not found:
        raise PapkaError(tr("The file holds no signature."))
    return found


def described(data: Any, info: Any) -> CmsSignature:
    """Return what one signature of a CMS says of itself."""
    attributes = {one["type"].native: one["values"] for one in _there(info["signed_attrs"])}
    stamp = attributes["message_digest"][0].native if "message_digest" in attributes else None
    claimed = attributes["signing_time"][0].native if "signing_time" in attributes else None
    return CmsSignature(
        data,
        info,
        _certificate(data, info["sid"]),
        algorithm_name(info["digest_algorithm"]["algorithm"]),
        algorithm_name(info["signature_algorithm"]["algorithm"]),
        stamp,
        claimed,
    )


def _certificate(data: Any, sid: Any) -> Any:
    """Find the certificate that the signature names."""
    for one in _there(data["certificates"]):
        if one.name != "certificate":
            continue
        certificate = one.chosen
        if sid.name == "issuer_and_serial_number":
            same = sid.chosen["issuer"] == certificate.issuer
            if same and sid.chosen["serial_number"].native == certificate.serial_number:
                return certificate
        elif sid.chosen.native == certificate.key_identifier:
            return certificate
    return None


def _there(several: Any) -> Iterable[Any]:
    """Return the members of what may be absent; their values are not asked: it would parse GOST keys."""
    from asn1crypto.core import Void

    return () if isinstance(several, Void) else several


def algorithm_name(algorithm: Any) -> str:
    """Return a name that a person knows, or the object identifier."""
    return GOST.get(algorithm.dotted, str(algorithm.native))

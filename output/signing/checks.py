"""What is known of one signature after it was looked at: what was checked, and what could not be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ...core.i18n import tr

Covers = Literal["file", "revision", "part"]
Later = Literal["nothing", "signatures", "aside", "changes"]


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence: ✓ it holds, ✗ it does not, ? it was not checked, or a plain fact."""

    holds: bool | None
    text: str
    fact: bool = False

    @property
    def mark(self) -> str:
        """The sign before the sentence."""
        return " " if self.fact else {True: "✓", False: "✗", None: "?"}[self.holds]

    def __str__(self) -> str:
        return f"{self.mark} {self.text}"


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """One signature after it was looked at. None means: could not be checked here.

    Attributes:
        how: In the PDF, or in a file of its own.
        field: Its field in the PDF.
        intact: Whether the file is as it was signed.
        genuine: Whether the signature was made with the key of its certificate.
        covers: The whole file, the file as it was at the time, or a part of it only.
        later: What was added to the file afterwards.
        trusted: Whether the certificate leads to one that the office trusts.
        in_time: Whether the certificate was valid at the time of signing.
        claimed: When it was signed, by the signer's own clock.
        stamped: When it existed already, by a time stamp.
        provider: Which provider of the centre was asked, and answered.
        damaged: It cannot be read at all.
    """

    how: Literal["pades", "cms"]
    field: str | None = None
    owner: str | None = None
    issuer: str | None = None
    serial: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    digest: str | None = None
    algorithm: str | None = None
    intact: bool | None = None
    genuine: bool | None = None
    covers: Covers | None = None
    later: Later | None = None
    trusted: bool | None = None
    in_time: bool | None = None
    claimed: datetime | None = None
    stamped: datetime | None = None
    provider: str | None = None
    damaged: bool = False

    @property
    def holds(self) -> bool | None:
        """Whether it holds as far as it was checked; None if the main thing could not be checked here."""
        broken = self.damaged or self.covers == "part" or self.later == "changes"
        if broken or False in (self.intact, self.genuine, self.trusted, self.in_time):
            return False
        return None if None in (self.intact, self.genuine) else True

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        data = {name: getattr(self, name) for name in self.__slots__}
        for name in ("since", "until", "claimed", "stamped"):
            data[name] = data[name].isoformat() if data[name] else None
        return {**data, "holds": self.holds, "said": [str(one) for one in self.sentences()]}

    def sentences(self) -> list[Said]:
        """Say sentence by sentence what was checked and what could not be."""
        if self.damaged:
            return [Said(False, tr("The signature cannot be read: the file was damaged or changed."))]
        said = [self._of_intact(), *self._of_later(), self._of_genuine(), *self._of_certificate()]
        said += [*self._of_time(), *self._of_trust()]
        words = tr("Whether the certificate was revoked was not checked: papka does not ask the network.")
        return [*said, Said(None, words)]

    def headline(self) -> str:
        """Return whose it is and how it stands, in one line."""
        owner = self.owner or tr("unknown signer")
        if self.holds is None:
            return tr("{owner}: could not be checked in full").format(owner=owner)
        if not self.holds:
            return tr("{owner}: the signature does NOT hold").format(owner=owner)
        if self.trusted or self.provider:
            return tr("{owner}: the signature holds").format(owner=owner)
        words = tr("{owner}: file and signature are whole; whose certificate it is was not checked")
        return words.format(owner=owner)

    def _of_intact(self) -> Said:
        if self.intact is None:
            words = tr("Whether the file is as it was signed was not checked: {algorithm} is not known here.")
            return Said(None, words.format(algorithm=self.digest))
        if self.intact:
            what = {
                "revision": tr("What was signed is unchanged."),
                "part": tr("A part of the file is unchanged; the signature does not cover all of it."),
            }
            return Said(
                self.covers != "part", what.get(self.covers or "", tr("The file is as it was signed."))
            )
        return Said(False, tr("The file was changed after it was signed."))

    def _of_later(self) -> list[Said]:
        if self.later == "signatures":
            return [Said(True, tr("Afterwards only further signatures were added."))]
        if self.later == "aside":
            words = tr("Afterwards only what no page shows was added: properties, bytes at the end.")
            return [Said(True, words)]
        if self.later == "changes":
            return [Said(False, tr("Afterwards something other than signatures was added to the document."))]
        return []

    def _of_genuine(self) -> Said:
        if self.genuine is None:
            words = tr("The signature itself was not checked: {algorithm} is not known here.")
            return Said(None, words.format(algorithm=self.algorithm))
        if self.provider:
            good = tr("The signing tool {name} has checked the signature: it holds.")
            bad = tr("The signing tool {name} has checked the signature and does not vouch for it.")
            return Said(self.genuine, (good if self.genuine else bad).format(name=self.provider))
        if not self.genuine:
            return Said(False, tr("The signature was not made with the key of its certificate."))
        return Said(True, tr("The signature was made with the key of its certificate."))

    def _of_certificate(self) -> list[Said]:
        if self.owner is None or self.since is None or self.until is None:
            return [Said(None, tr("The certificate did not come along: who signed is not known."))]
        words = tr("Certificate: {owner}, given out by {issuer}, number {serial}, valid {since} to {until}.")
        return [
            Said(
                None,
                words.format(
                    owner=self.owner,
                    issuer=self.issuer,
                    serial=self.serial,
                    since=f"{self.since:%d.%m.%Y}",
                    until=f"{self.until:%d.%m.%Y}",
                ),
                fact=True,
            )
        ]

    def _of_time(self) -> list[Said]:
        if self.stamped is not None:
            words = tr("Signed not later than {moment}, by a time stamp.")
            said = [Said(True, words.format(moment=_moment(self.stamped)))]
        elif self.claimed is not None:
            words = tr("Signed {moment} by the clock of the signer; no time stamp confirms it.")
            said = [Said(None, words.format(moment=_moment(self.claimed)))]
        else:
            said = [Said(None, tr("The signature does not say when it was made."))]
        if self.in_time is False:
            said.append(Said(False, tr("The certificate was not valid at that time.")))
        elif self.in_time:
            said.append(Said(True, tr("The certificate was valid at that time.")))
        return said

    def _of_trust(self) -> list[Said]:
        if self.provider and self.genuine:
            return []
        if self.genuine is None:
            return [Said(None, tr("Whether the certificate can be trusted was not checked."))]
        if self.trusted is None:
            words = tr("Trust was not checked: the office has no folder trust/ with certificates it trusts.")
            return [Said(None, words)]
        if self.trusted:
            return [Said(True, tr("The certificate leads to one that the office trusts (trust/)."))]
        return [Said(False, tr("The certificate leads to none that the office trusts (trust/)."))]


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%d.%m.%Y %H:%M}"

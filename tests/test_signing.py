"""Signing: each signs in turn, another tool agrees, one changed byte or word is found, and what was not checked is said."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from reading import EXAMPLES

from papka.core.journal.journal import Journal
from papka.core.plugging.plugins import Plugins
from papka.output.issued.founding import found_office
from papka.output.issued.issuing import IssueOrder, issue
from papka.output.signing.checking import signatures_in

pytest.importorskip("pyhanko")

CASE = next(one for one in EXAMPLES if one.stem == "chernykh_shevchenko")
OWNERS = {"one": "Ёлкина Анна Владимировна", "two": "Ткач Вера Петровна"}
PASSWORD = "тайна-31"
OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")


# --- keys of this test alone -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Keys:
    """A folder of keys: NAME.p12 and NAME.pem for each owner, ca.pem for who gave their certificates out."""

    folder: Path

    def __getitem__(self, name: str) -> Path:
        return self.folder / name


def make_key(
    folder: Path, name: str, owner: str, ca: Any = None, *, days: int = 300, signs: bool = True
) -> Any:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import pkcs12
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, owner)])
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        ("content_commitment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(ca[1].subject if ca else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca is None, None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=signs and ca is not None,
                key_encipherment=not signs,
                key_cert_sign=ca is None,
                crl_sign=ca is None,
                **usage,
            ),
            critical=True,
        )
        .sign(ca[0] if ca else key, hashes.SHA256())
    )
    locked = serialization.BestAvailableEncryption(PASSWORD.encode())
    (folder / f"{name}.p12").write_bytes(
        pkcs12.serialize_key_and_certificates(b"key", key, certificate, [ca[1]] if ca else None, locked)
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    plain = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / f"{name}.pem").write_bytes(pem + (key.private_bytes(*plain) if ca else b""))
    return key, certificate


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

    folder = tmp_path_factory.mktemp("keys")
    ca = make_key(folder, "ca", "Учебный удостоверяющий центр")
    make_key(folder, "stranger", "Чужой удостоверяющий центр")
    for name, owner in OWNERS.items():
        made = make_key(folder, name, owner, ca)
    make_key(folder, "expired", "Старый Ключ", ca, days=-2)
    make_key(folder, "ciphers", "Не Для Подписи", ca, signs=False)
    (folder / "keyless.p12").write_bytes(
        pkcs12.serialize_key_and_certificates(
            None, None, None, [made[1]], BestAvailableEncryption(PASSWORD.encode())
        )
    )
    (folder / "letter.p12").write_bytes(b"not a key")
    return Keys(folder)


# --- an office with one issued paper -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("founded") / "office"
    found_office(folder, "Центр «Проба»", "en")
    case = folder / "cases" / "one" / "case.yaml"
    case.parent.mkdir(parents=True)
    shutil.copy(CASE, case)
    (done,) = issue(IssueOrder(str(case), ("krg_agreement",), engine="rdocx"))
    assert done.result == "issued", done.error
    return folder


@dataclass(frozen=True)
class Paper:
    """The issued paper of a test's own office, and papka asked about it."""

    folder: Path
    run: Run

    @property
    def pdf(self) -> Path:
        return next(self.folder.glob("cases/one/issued/krg_agreement_*[A-Z0-9].pdf"))

    @property
    def code(self) -> str:
        return self.pdf.stem[-12:]

    @property
    def signed(self) -> Path:
        return self.pdf.with_suffix(".signed.pdf")

    def sign(self, *arguments: str | Path) -> Any:
        return self.run("sign", self.code, *arguments)

    def marks(self) -> dict[str, Any]:
        book = Journal.open(self.folder / "journal.db")
        try:
            return {one.name: one for one in book.marks().get(self.code, ()) if one.kind == "signed"}
        finally:
            book.close()

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.pdf.parent.iterdir()}


@pytest.fixture
def paper(founded: Path, tmp_path: Path, here: Run, monkeypatch: pytest.MonkeyPatch) -> Paper:
    folder = tmp_path / "office"
    shutil.copytree(founded, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PAPKA_P12_PASSWORD", PASSWORD)
    return Paper(folder, here)


@pytest.fixture(scope="module")
def twice_signed(founded: Path, keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose paper two people have signed, one after the other."""
    from papka.output.signing.acts import sign_with_key
    from papka.output.signing.pades import open_key
    from papka.output.signing.paper import open_paper

    folder = tmp_path_factory.mktemp("signed") / "office"
    shutil.copytree(founded, folder)
    code = next(folder.glob("cases/one/issued/*.docx")).stem[-12:]
    with open_paper(code, folder) as opened:
        for number, name in ((1, "one"), (2, "two")):
            sign_with_key(opened, number, open_key(keys[f"{name}.p12"], PASSWORD))
    return folder


@pytest.fixture
def signed(twice_signed: Path, tmp_path: Path, here: Run, monkeypatch: pytest.MonkeyPatch) -> Paper:
    folder = tmp_path / "signed"
    shutil.copytree(twice_signed, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PAPKA_P12_PASSWORD", PASSWORD)
    return Paper(folder, here)


# --- signing in the PDF ------------------------------------------------------------------------------------


def test_signers_sign_one_after_another_and_the_issued_paper_stays_as_it_is(paper: Paper, keys: Keys) -> None:
    before = paper.files()
    listed = paper.sign().out
    assert re.search(r"1\. Директор, page \d+: not signed", listed)

    first = paper.sign("--by", "1", "--p12", keys["one.p12"])
    assert first.code == 0, first.all
    one = paper.signed.read_bytes()
    second = paper.sign("--by", "2", "--p12", keys["two.p12"])

    assert second.code == 0 and OWNERS["two"] in second.out, second.all
    both = paper.signed.read_bytes()
    assert one.startswith(before[paper.pdf.name]) and both.startswith(one)
    assert {name: raw for name, raw in paper.files().items() if name != paper.signed.name} == before
    assert {name: (mark.how, mark.on) for name, mark in paper.marks().items()} == {
        number: ("pades", datetime.now().date()) for number in ("1", "2")
    }
    listed = paper.sign().out
    assert re.search(r"1\. .*electronically, in the PDF \d\d\.\d\d\.\d{4}", listed)
    assert re.search(r"3\. .*not signed", listed)
    # Neither the password nor whose key it was stands in the office's record.
    record = (paper.folder / "journal.db").read_bytes()
    assert not any(word.encode() in record for word in (PASSWORD, *OWNERS.values()))


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler's pdfsig is not installed")
def test_another_tool_finds_both_signatures_valid(signed: Paper) -> None:
    told = subprocess.run(["pdfsig", "-nocert", signed.signed], capture_output=True, encoding="utf-8").stdout

    assert told.count("Signature is Valid.") == 2, told
    assert all(f"Signer Certificate Common Name: {owner}" in told for owner in OWNERS.values())
    assert told.count("ETSI.CAdES.detached") == 2


def test_the_stamp_says_in_russian_who_signed_and_covers_no_word(signed: Paper) -> None:
    import pypdf
    import pypdfium2

    document: Any = pypdfium2.PdfDocument(signed.signed)
    document.init_forms()
    words = []
    for number, page in enumerate(pypdf.PdfReader(signed.signed).pages):
        for one in page.get("/Annots", ()):
            left, bottom, right, top = (float(edge) for edge in one.get_object()["/Rect"])
            beneath = document[number].get_textpage().get_text_bounded(left, bottom, right, top)
            assert not beneath.strip(), "a word stands beneath the stamp"
            flat: Any = pypdfium2.PdfDocument(signed.signed)
            flat.init_forms()
            shown = flat[number]
            shown.flatten()
            words.append(
                " ".join(flat[number].get_textpage().get_text_bounded(left, bottom, right, top).split())
            )
    today = datetime.now().strftime("%d.%m.%Y")
    stamps = [one for one in words if one]
    assert [f"Владелец: {owner}" in one for owner, one in zip(OWNERS.values(), stamps, strict=True)] == [
        True,
        True,
    ]
    assert all(one.startswith("Документ подписан электронной подписью ") for one in stamps)
    assert all(one.endswith(f"; подписано {today}") for one in stamps)
    assert all(re.search(r"Сертификат [0-9A-F]{20,} Действителен с \S+ по \S+", one) for one in stamps)


def test_whoever_was_stopped_before_the_journal_knew_gets_no_second_signature(
    paper: Paper, keys: Keys, twice_signed: Path
) -> None:
    # The file of another office of the same birth: both signatures are in it, and this journal knows of none.
    shutil.copy(next(twice_signed.glob("cases/one/issued/*.signed.pdf")), paper.signed)
    before = paper.signed.read_bytes()

    refused = paper.sign("--by", "1", "--p12", keys["two.p12"])
    done = paper.sign("--by", "1", "--p12", keys["one.p12"])

    assert refused.code == 1 and "bears a signature" in refused.all
    assert done.code == 0 and set(paper.marks()) == {"1"}
    assert paper.signed.read_bytes() == before


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("expired.p12", "The certificate was valid until"),
        ("keyless.p12", "holds no private key"),
        ("ciphers.p12", "not meant for signing"),
        ("letter.p12", "does not open"),
        ("absent.p12", "cannot be read"),
    ],
)
def test_a_key_that_cannot_sign_is_refused_with_the_reason(
    key: str, said: str, paper: Paper, keys: Keys
) -> None:
    before = paper.files()

    ran = paper.sign("--by", "1", "--p12", keys[key])

    assert ran.code == 1 and said in ran.err
    assert paper.files() == before and paper.marks() == {}


def test_a_wrong_password_signs_nothing_and_is_not_repeated(
    paper: Paper, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPKA_P12_PASSWORD", "напрасно")

    ran = paper.sign("--by", "1", "--p12", keys["one.p12"])

    assert ran.code == 1 and "the password is wrong" in ran.err and "напрасно" not in ran.all
    assert not paper.signed.exists() and paper.marks() == {}


def test_nobody_signs_twice_nor_where_there_is_no_place_nor_a_paper_that_was_replaced(
    signed: Paper, keys: Keys
) -> None:
    twice = signed.sign("--by", "1", "--hand")
    nobody = signed.sign("--by", "9", "--hand")
    assert twice.code == 1 and "has signed already: electronically, in the PDF" in twice.err
    assert nobody.code == 1 and "no signer 9" in nobody.err

    before = signed.signed.read_bytes()
    case = signed.folder / "cases" / "one" / "case.yaml"
    case.write_text(case.read_text("utf-8").replace("Черных", "Белых"), "utf-8")
    old = signed.code
    assert signed.run("issue", "one", "krg_agreement", "--no-pdf", "--correct", "фамилия").code == 0

    replaced = signed.run("sign", old, "--by", "3", "--hand")
    assert replaced.code == 1 and "replaced by a later one" in replaced.err
    assert next(signed.folder.glob(f"cases/one/issued/*{old}.signed.pdf")).read_bytes() == before


def test_by_hand_and_not_needed_stand_in_the_list_and_what_was_not_needed_can_be_signed(
    paper: Paper, keys: Keys
) -> None:
    assert paper.sign("--by", "1", "--hand", "--on", "2025-02-18").code == 0
    assert paper.sign("--by", "2", "--waived", "--reason", "подписал за себя и за неё").code == 0
    listed = paper.sign().out
    assert "by hand 18.02.2025" in listed and "not needed" in listed

    assert paper.run("sign", paper.pdf, "--by", "2", "--p12", keys["two.p12"]).code == 0
    assert paper.marks()["2"].how == "pades"


def test_two_who_sign_at_once_are_told_and_neither_signature_is_lost(paper: Paper) -> None:
    from papka.output.signing.paper import open_paper, room

    with open_paper(paper.code, paper.folder) as opened, room(opened):
        ran = paper.sign("--by", "1", "--hand")

    assert ran.code == 1 and "by somebody else at this moment" in ran.err
    assert paper.sign("--by", "1", "--hand").code == 0


@pytest.mark.skipif(os.name == "nt", reason="on Windows only time tells that a process is gone")
def test_whoever_was_killed_while_signing_stops_nobody(paper: Paper) -> None:
    import socket

    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = paper.pdf.with_name(f".signing-{paper.code}")
    left.mkdir()
    (left / "owner").write_text(f"{socket.gethostname()} {gone.pid}")

    assert paper.sign("--by", "1", "--hand").code == 0
    assert not left.exists()


# --- looking at signatures ---------------------------------------------------------------------------------


def check(paper: Paper) -> tuple[int, list[list[str]]]:
    """Look at the signatures: the exit code, and the sentences on each signature in the PDF."""
    ran = paper.sign("--check", "--json")
    files = json.loads(ran.out)["files"]
    return ran.code, [one["said"] for file in files for one in file["signatures"]]


def test_what_was_checked_and_what_was_not_is_said(signed: Paper, keys: Keys) -> None:
    code, (first, second) = check(signed)
    assert code == 0
    assert "✓ What was signed is unchanged." in first
    assert "✓ Afterwards only further signatures were added." in first
    assert "✓ The file is as it was signed." in second
    for said in (first, second):
        assert any(one.startswith("? Trust was not checked") for one in said)
        assert any(one.startswith("? Whether the certificate was revoked was not checked") for one in said)
        assert any("no time stamp confirms it" in one for one in said)

    (signed.folder / "trust").mkdir()
    shutil.copy(keys["stranger.pem"], signed.folder / "trust" / "other.pem")
    code, told = check(signed)
    assert code == 3 and all(
        "✗ The certificate leads to none that the office trusts (trust/)." in one for one in told
    )

    shutil.copy(keys["ca.pem"], signed.folder / "trust" / "ca.pem")
    code, told = check(signed)
    assert code == 0 and all(
        "✓ The certificate leads to one that the office trusts (trust/)." in one for one in told
    )


def test_one_changed_byte_is_found_wherever_it_stands(signed: Paper) -> None:
    whole = signed.signed.read_bytes()
    chance = random.Random(7)
    passed = []
    for place in [chance.randrange(len(whole)) for _ in range(20)]:
        changed = bytearray(whole)
        changed[place] ^= 1 << chance.randrange(7)
        signed.signed.write_bytes(bytes(changed))
        if [one.holds for one in signatures_in(signed.signed)] == [True, True]:
            passed.append(place)

    assert passed == []
    ran = signed.sign("--check")
    assert ran.code == 3 and "does NOT hold" in ran.out


def changed_word(path: Path, *, incremental: bool) -> None:
    """Turn a word of the paper into another one, and keep the file a good PDF."""
    import io

    import pypdf
    from pypdf.generic import NameObject, StreamObject

    raw = path.read_bytes()
    if incremental:
        writer = pypdf.PdfWriter(io.BytesIO(raw), incremental=True)
    else:
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(raw))
    page = writer.pages[0]
    content = page.get_contents().get_data()
    shown = list(re.finditer(rb"\[([^\]]{20,})\] TJ", content))
    one, other = shown[0], next(piece for piece in shown if piece[1] != shown[0][1])
    new = content[: one.start(1)] + other[1] + content[one.end(1) :]
    stream = StreamObject()
    stream.set_data(new)
    page[NameObject("/Contents")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    path.write_bytes(out.getvalue())


def words_of(path: Path) -> str:
    import pypdfium2

    document: Any = pypdfium2.PdfDocument(path)
    return str(document[0].get_textpage().get_text_range())


@pytest.mark.parametrize("incremental", [True, False], ids=["added at the end", "written anew"])
def test_one_changed_word_is_found(incremental: bool, signed: Paper) -> None:
    before = words_of(signed.signed)
    changed_word(signed.signed, incremental=incremental)
    assert words_of(signed.signed) != before

    code, told = check(signed)

    assert code == 3 and len(told) == 2
    expected = (
        "✗ Afterwards something other than signatures was added to the document."
        if incremental
        else "✗ The file was changed after it was signed."
    )
    assert all(expected in one for one in told)


def test_a_page_that_was_put_in_before_anybody_signed_is_found(paper: Paper, keys: Keys) -> None:
    import io

    import pypdf

    from papka.output.signing.checking import in_pdf
    from papka.output.signing.pades import open_key
    from papka.output.signing.pades import sign as sign_pdf

    writer, out = pypdf.PdfWriter(io.BytesIO(paper.pdf.read_bytes()), incremental=True), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    key, pack = open_key(keys["one.p12"], PASSWORD), Plugins([]).language.pack
    paper.signed.write_bytes(sign_pdf(out.getvalue(), key, 1, (), datetime.now().date(), pack))
    assert all(one.holds for one in in_pdf(paper.signed.read_bytes()))

    ran = paper.run("verify", paper.signed)

    assert (
        ran.code == 3 and "Something other than signatures was added to the PDF that was issued." in ran.out
    )
    assert paper.sign("--by", "2", "--p12", keys["two.p12"]).code == 1


def test_a_signed_file_is_verified_sentence_by_sentence(signed: Paper, tmp_path: Path) -> None:
    elsewhere = tmp_path / "письмо.pdf"
    shutil.copy(signed.signed, elsewhere)

    ran = signed.run("verify", elsewhere)

    assert ran.code == 0, ran.all
    assert "✓ It is the PDF that was issued; only signatures were added." in ran.out
    assert "✓ The journal knows this file with its signatures." in ran.out
    assert all(owner in ran.out for owner in OWNERS.values())
    whole = elsewhere.read_bytes()
    elsewhere.write_bytes(whole[: [one.end() for one in re.finditer(rb"%%EOF\s", whole)][-2]])
    assert "The journal knows of later signatures" in signed.run("verify", elsewhere).out
    elsewhere.write_bytes(
        whole.replace(b"/Rotate", b"/Rotatf", 1) if b"/Rotate" in whole else whole[:-200] + whole[-199:]
    )
    assert signed.run("verify", elsewhere).code == 3


@pytest.mark.parametrize("what", ["page", "note"])
def test_what_is_added_after_signing_is_told(what: str, signed: Paper, keys: Keys) -> None:
    import io

    import pypdf
    from pypdf.annotations import FreeText

    writer = pypdf.PdfWriter(io.BytesIO(signed.signed.read_bytes()), incremental=True)
    if what == "page":
        writer.add_blank_page(200, 200)
    else:
        writer.add_annotation(0, FreeText(text="не согласен", rect=(50, 50, 200, 90)))
    out = io.BytesIO()
    writer.write(out)
    signed.signed.write_bytes(out.getvalue())

    code, told = check(signed)
    assert code == 3
    assert all(
        "✗ Afterwards something other than signatures was added to the document." in one for one in told
    )
    # Nobody signs on top of that.
    ran = signed.sign("--by", "3", "--p12", keys["one.p12"])
    assert ran.code == 1 and "altered after it was signed" in ran.err


def test_a_signature_that_was_taken_off_is_missed(signed: Paper) -> None:
    whole = signed.signed.read_bytes()
    ends = [one.end() for one in re.finditer(rb"%%EOF\s", whole)]
    signed.signed.write_bytes(whole[: ends[-2]])

    code, told = check(signed)

    assert code == 3 and len(told) == 1
    assert "The signature of signer 2 is not the one that was recorded" in signed.sign("--check").out
    checked = signed.run("journal", "--check")
    assert checked.code == 3 and "J-SIGNATURE" in checked.out
    signed.signed.unlink()
    assert "The signature of signer 1 is gone" in signed.sign().out


# --- signatures made elsewhere -----------------------------------------------------------------------------


def detached(document: Path, key: Path, out: Path, *more: str) -> Path:
    command = [
        "cms",
        "-sign",
        "-binary",
        "-in",
        document,
        "-signer",
        key,
        "-outform",
        "DER",
        "-out",
        out,
        *more,
    ]
    subprocess.run([str(OPENSSL), *map(str, command)], check=True, capture_output=True)
    return out


@needs_openssl
def test_a_detached_signature_is_attached_and_another_tool_finds_it_valid(
    paper: Paper, keys: Keys, tmp_path: Path
) -> None:
    made = detached(paper.pdf, keys["one.pem"], tmp_path / "x.sig")

    ran = paper.sign("--by", "1", "--detached", made)

    assert ran.code == 0 and OWNERS["one"] in ran.out and "✓ The file is as it was signed." in ran.out
    kept = paper.pdf.with_name(f"{paper.pdf.stem}.signer-1.pdf.sig")
    assert paper.marks()["1"].file == f"cases/one/issued/{kept.name}"
    command = ["cms", "-verify", "-inform", "DER", "-in", kept, "-content", paper.pdf, "-binary", "-CAfile", keys["ca.pem"],
               "-purpose", "any", "-out", os.devnull]  # fmt: skip
    judged = subprocess.run([str(OPENSSL), *map(str, command)], capture_output=True, encoding="utf-8")
    assert judged.returncode == 0, judged.stderr
    verified = paper.run("verify", kept)
    assert verified.code == 0 and "The journal knows this file with its signatures." in verified.out

    kept.write_bytes(
        detached(paper.pdf.with_suffix(".docx"), keys["one.pem"], tmp_path / "y.sig").read_bytes()
    )
    told = paper.sign("--check")
    assert told.code == 3 and "✗ The file was changed after it was signed." in told.out


@needs_openssl
def test_a_signature_of_another_file_or_none_at_all_is_not_attached(
    paper: Paper, keys: Keys, tmp_path: Path
) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-1.4 another paper")
    foreign = detached(other, keys["one.pem"], tmp_path / "foreign.sig")
    inside = detached(paper.pdf, keys["one.pem"], tmp_path / "inside.sig", "-nodetach")
    before = paper.files()

    for file, said in (
        (foreign, "was changed after it was signed"),
        (inside, "holds the document inside"),
        (other, "no signature"),
    ):
        ran = paper.sign("--by", "1", "--detached", file)
        assert ran.code == 1 and said in ran.err

    assert paper.files() == before and paper.marks() == {}


@needs_openssl
def test_the_word_file_of_a_paper_can_be_signed_too(paper: Paper, keys: Keys, tmp_path: Path) -> None:
    made = detached(paper.pdf.with_suffix(".docx"), keys["one.pem"], tmp_path / "x.sig", "-outform", "PEM")

    assert paper.sign("--by", "1", "--detached", made).code == 0
    assert paper.pdf.with_name(f"{paper.pdf.stem}.signer-1.docx.sig").is_file()


@pytest.fixture
def gost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key of GOST R 34.10-2012 and its certificate, where openssl has the engine for it."""
    conf = tmp_path / "gost.cnf"
    conf.write_text(
        "openssl_conf = oc\n[oc]\nengines = es\n[es]\ngost = g\n[g]\nengine_id = gost\ndefault_algorithms = ALL\n"
        "[req]\ndistinguished_name = dn\n[dn]\n"
    )
    asked = [
        "req",
        "-x509",
        "-newkey",
        "gost2012_256",
        "-pkeyopt",
        "paramset:A",
        "-md_gost12_256",
        "-nodes",
        "-utf8",
    ]
    asked += ["-keyout", str(tmp_path / "gost.key"), "-out", str(tmp_path / "gost.crt"), "-days", "9"]
    asked += ["-subj", "/CN=Лебедь Мария"]
    environment = {**os.environ, "OPENSSL_CONF": str(conf)}
    made = subprocess.run([str(OPENSSL), *asked], env=environment, capture_output=True)
    if made.returncode:
        pytest.skip("openssl has no GOST engine (libengine-gost-openssl)")
    monkeypatch.setenv("OPENSSL_CONF", str(conf))
    return tmp_path


def command_of(*words: str) -> str:
    return json.dumps([str(OPENSSL), *words], ensure_ascii=False)


@needs_openssl
def test_a_gost_signature_is_made_by_the_centres_own_tool_and_what_papka_cannot_check_is_said(
    paper: Paper, gost: Path
) -> None:
    sign = command_of(
        "cms", "-sign", "-binary", "-cades", "-in", "{file}", "-signer", f"{gost}/gost.crt", "-inkey", f"{gost}/gost.key",
        "-md", "md_gost12_256", "-outform", "DER", "-out", "{signature}",
    )  # fmt: skip
    verify = command_of(
        "cms", "-verify", "-inform", "DER", "-in", "{signature}", "-content", "{file}", "-binary",
        "-CAfile", f"{gost}/gost.crt", "-purpose", "any", "-out", "{folder}/out",
    )  # fmt: skip
    with (paper.folder / "office.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"\nsigning:\n  gost:\n    sign: {sign}\n    verify: {verify}\n")

    ran = paper.sign("--by", "1", "--provider", "gost")

    assert ran.code == 0 and "Лебедь Мария" in ran.out, ran.all
    assert "The signing tool gost has checked the signature: it holds." in ran.out
    # Without the tool the same signature is read, and not vouched for.
    alone = paper.sign("--check")
    assert alone.code == 0 and "? Лебедь Мария: could not be checked in full" in alone.out
    assert "? The signature itself was not checked: ГОСТ Р 34.10-2012 (256) is not known here." in alone.out
    # The tool itself finds the signature of another paper; what neither the journal knows nor papka can
    # check is not called good.
    kept = paper.pdf.with_name(f"{paper.pdf.stem}.signer-1.pdf.sig")
    assert paper.run("verify", kept).code == 0
    detached(
        paper.pdf.with_suffix(".docx"),
        gost / "gost.crt",
        kept,
        "-inkey",
        f"{gost}/gost.key",
        "-md",
        "md_gost12_256",
    )
    asked = paper.sign("--check", "--provider", "gost")
    assert asked.code == 3 and "does not vouch for it" in asked.out
    unknown = paper.run("verify", kept)
    assert unknown.code == 3 and "? The journal does not know the file with these signatures." in unknown.out


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["-c", "import time; time.sleep(60)"], "did not end within 1 seconds"),
        (["-c", "print('секрет'); raise SystemExit(4)"], "ended with the code 4"),
        (["-c", "pass"], "ended without a signature"),
        (["-c", "import os; raise SystemExit(7 if 'PAPKA_P12_PASSWORD' in os.environ else 6)"], "the code 6"),
        (
            ["-c", "import sys; open(sys.argv[1], 'w').write('x')", "{signature}"],
            "no signature in a file of its own",
        ),
        (["-c", "import sys; open(sys.argv[1], 'w').write('x')", "{file}"], "ended without a signature"),
        (None, "cannot be started"),
    ],
)
def test_a_tool_that_fails_leaves_nothing_behind(command: list[str] | None, said: str, paper: Paper) -> None:
    words = json.dumps([sys.executable, *command] if command else ["no-such-tool-here"])
    with (paper.folder / "office.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"\nsigning:\n  token: {{sign: {words}, seconds: 1}}\n")
    before = paper.files()

    ran = paper.sign("--by", "1", "--provider", "token")

    assert ran.code == 1 and said in ran.err and "секрет" not in ran.all
    assert paper.files() == before and paper.marks() == {}


INSIDE = """
import io, sys
from datetime import date
from pathlib import Path
import pypdf
from papka.core.plugging.plugins import Plugins
from papka.output.signing.pades import open_key, sign
paper, out, key, password, page = sys.argv[1:]
raw = Path(paper).read_bytes()
if page == "page":
    writer, more = pypdf.PdfWriter(io.BytesIO(raw), incremental=True), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(more)
    raw = more.getvalue()
Path(out).write_bytes(sign(raw, open_key(Path(key), password), 7, (), date.today(), Plugins([]).language.pack))
"""


@pytest.mark.parametrize("more", ["nothing", "page"])
def test_a_tool_that_signs_inside_the_pdf_may_add_nothing_else(
    more: str, signed: Paper, keys: Keys, write: Callable[..., Path]
) -> None:
    tool = str(write(INSIDE, "tool.py"))
    words = [sys.executable, tool, "{file}", "{signature}", str(keys["one.p12"]), PASSWORD, more]
    with (signed.folder / "office.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"\nsigning:\n  inside: {{embeds: true, sign: {json.dumps(words)}}}\n")
    before = signed.signed.read_bytes()

    ran = signed.sign("--by", "3", "--provider", "inside")

    if more == "nothing":
        assert ran.code == 0 and signed.marks()["3"].how == "pades", ran.all
        assert len(check(signed)[1]) == 3
    else:
        assert ran.code == 1 and "was not kept" in ran.err
        assert signed.signed.read_bytes() == before


def test_the_settings_of_the_documentation_are_understood_and_an_unknown_tool_names_those_there_are(
    paper: Paper,
) -> None:
    page = (Path(__file__).parents[1] / "docs" / "signing.md").read_text("utf-8")
    shown = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert shown is not None
    with (paper.folder / "office.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"\n{shown[1]}")

    ran = paper.sign("--by", "1", "--provider", "tokens")

    assert ran.code == 2 and "Known: cryptopro." in ran.err
    helped = paper.run("sign", "--help").out
    assert set(re.findall(r"(?<![\w-])--[a-z0-9]+", page)) <= set(re.findall(r"--[a-z0-9]+", helped))


PLUGIN = """
from papka.core import PapkaError, SignatureProvider, hookimpl

def signed(paper, folder):
    made = folder / "made.sig"
    made.write_bytes(open({signature!r}, "rb").read())
    return made

def broken(paper, folder):
    raise ValueError("PIN 1234")

def locked(paper, folder):
    raise PapkaError("Вставьте токен.")

@hookimpl
def papka_signers():
    return [SignatureProvider(one.__name__, "Проба", one) for one in (signed, broken, locked)]
"""


@needs_openssl
def test_a_strangers_plugin_signs_and_its_failure_names_it_alone(
    paper: Paper, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = detached(paper.pdf, keys["one.pem"], tmp_path / "made-elsewhere.sig")
    site = tmp_path / "site"
    (site / "stranger_signs").mkdir(parents=True)
    (site / "stranger_signs" / "__init__.py").write_text(
        PLUGIN.replace("{signature!r}", repr(str(made))), "utf-8"
    )
    info = site / "stranger_signs-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger-signs\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[papka]\nsigns = stranger_signs\n")
    monkeypatch.syspath_prepend(site)

    broken, locked = (paper.sign("--by", "1", "--provider", name) for name in ("broken", "locked"))
    assert broken.code == 1 and "broken of the plugin signs failed (ValueError)" in broken.err
    assert "1234" not in broken.all and "Вставьте токен." in locked.err
    done = paper.sign("--by", "1", "--provider", "signed")
    assert done.code == 0 and OWNERS["one"] in done.out, done.all
    assert paper.marks()["1"].how == "cms"


def test_two_plugins_with_a_tool_of_one_name_are_told_and_a_tool_that_cannot_be_called_is_set_aside(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    bring = "from papka.core import SignatureProvider, hookimpl\n@hookimpl\ndef papka_signers():\n    return "
    answers = {
        "alder": "[SignatureProvider('token', 'x', print)]",
        "birch": "[SignatureProvider('token', 'y', print)]",
        "cedar": "[SignatureProvider('card', 'z', 'openssl')]",
    }
    for name, answer in answers.items():
        (tmp_path / f"stranger_{name}.py").write_text(bring + answer, "utf-8")
        info = tmp_path / f"stranger_{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: stranger-{name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[papka]\n{name} = stranger_{name}\n")

    told = {
        one["name"]: one["fault"] for one in json.loads(run("plugins", "--json", python_path=tmp_path).out)
    }

    assert told["alder"] is None
    assert told["birch"] == "its way to sign token is there already (alder)"
    assert told["cedar"] == "papka_signers has to return: SignatureProvider"


# --- without the extra -------------------------------------------------------------------------------------


@needs_openssl
def test_without_the_extra_pens_and_files_work_and_the_rest_names_its_cure(
    paper: Paper, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = detached(paper.pdf, keys["one.pem"], tmp_path / "x.sig")
    for name in ("pyhanko", "pyhanko.sign", "asn1crypto", "asn1crypto.cms"):
        monkeypatch.setitem(sys.modules, name, None)

    refused = paper.sign("--by", "1", "--p12", keys["one.p12"])
    kept = paper.sign("--by", "1", "--detached", made)

    assert refused.code == 1 and "pip install papka[sign]" in refused.err
    assert kept.code == 0 and "was kept and not read" in kept.out
    assert paper.sign("--by", "2", "--hand").code == 0
    assert set(paper.marks()) == {"1", "2"}

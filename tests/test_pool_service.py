"""PDF by a conversion service: what is sent, what may come back, and that nothing leaves the centre unasked.

The service is a real HTTP server in front of a real LibreOffice, speaking Gotenberg's interface (`service.py`).
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from service import Service, broken_off, elsewhere, running_service, slow
from small_papers import par, word_file

from papka.output.pdf import Gotenberg, LibreOffice, choose_engine, describe_engines, pool, to_pdf
from papka.output.pdf import gotenberg as gotenberg_module
from papka.output.pdf.gotenberg import is_own

pytestmark = pytest.mark.skipif(not LibreOffice().available(), reason="the service needs a LibreOffice")


@pytest.fixture
def service() -> Iterator[Service]:
    with running_service() as running:
        yield running


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    return word_file(tmp_path / "Иванова А. А.docx", par("Бумага семьи, которую рисует сервис."))


@pytest.fixture
def office(tmp_path: Path, service: Service, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """An office whose settings name the service, or another address."""
    monkeypatch.delenv("PAPKA_GOTENBERG", raising=False)
    monkeypatch.chdir(tmp_path)

    def make(more: str = "", address: str | None = None) -> Path:
        folder = tmp_path / "office"
        folder.mkdir(exist_ok=True)
        lines = f"papka: '1'\npdf:\n  service: {address or service.address}\n{more}"
        (folder / "office.yaml").write_text(lines, encoding="utf-8")
        return folder

    return make


def code_of(result: Any) -> str | None:
    return result.refusal.code if result.refusal else None


def test_an_office_that_names_a_service_has_its_papers_drawn_there(
    office: Callable[..., Path], service: Service, paper: Path
) -> None:
    folder = office()
    (result,) = to_pdf([paper], folder / "papers")

    assert result.pdf is not None and result.pdf.name == "Иванова А. А.pdf"
    assert (result.engine, result.engine_version, result.pages) == ("gotenberg", "8.21.1", 1)
    (form,) = service.seen
    # Nothing but the paper itself goes out: not even its name.
    assert form.pop("files") == ("paper.docx", paper.read_bytes())
    assert form == {"exportFormFields": "false", "updateIndexes": "false"}
    assert [info.name for info in describe_engines(near=folder)] == ["gotenberg", "libreoffice", "rdocx"]


def test_the_archive_is_asked_of_the_service(
    office: Callable[..., Path], service: Service, paper: Path
) -> None:
    with pool(engine="gotenberg", near=office("  archive: true\n")) as engines:
        result = engines.convert(paper, paper.with_suffix(".pdf"))
    assert code_of(result) is None
    assert service.seen[0]["pdfa"] == "PDF/A-2b"
    assert b"<pdfaid:part>2</pdfaid:part>" in paper.with_suffix(".pdf").read_bytes()


def test_a_busy_service_is_asked_once_more(
    service: Service, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gotenberg_module, "_PAUSE", 0.01)
    service.answers = [503]
    (made,) = Gotenberg(service.address).convert([paper], paper.parent / "out")
    assert made.pdf is not None and len(service.seen) == 2


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([503, 429], "service_busy"),
        ([400], "service_refused"),
        ([401], "service_closed"),
        ([404], "service_other"),
        ([413], "service_too_large"),
        ([500], "service_unwell"),
        ([504], "service_timeout"),
        ([200], "service_no_pdf"),
        ([broken_off], "service_broke_off"),
        ([slow], "service_timeout"),
        ([elsewhere], "service_other"),
    ],
)
def test_what_goes_wrong_is_named(
    answers: list[Any], code: str, service: Service, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gotenberg_module, "_PAUSE", 0.01)
    service.answers = answers
    engine = Gotenberg(service.address, seconds=0.5)
    (result,) = to_pdf([paper], paper.parent / "out", "gotenberg", [engine])
    assert code_of(result) == code
    assert service.address not in str(result.refusal) and "127.0.0.1" not in str(result.refusal)
    assert not (paper.parent / "out" / "Иванова А. А.pdf").exists()


def test_where_the_service_fails_the_next_engine_draws(
    office: Callable[..., Path], service: Service, paper: Path
) -> None:
    service.answers = [500]
    (result,) = to_pdf([paper], office() / "papers")
    assert (code_of(result), result.engine) == (None, "libreoffice")


def test_a_service_that_is_away_or_unwell_is_passed_over(
    office: Callable[..., Path], service: Service
) -> None:
    service.healthy = False
    for folder in (office(), office(address="http://127.0.0.1:9")):
        infos = {info.name: info for info in describe_engines(near=folder)}
        assert not infos["gotenberg"].available and infos["gotenberg"].why_not
        with pool(near=folder) as engines:
            assert [one.name for one in engines.engines] == ["libreoffice", "rdocx"]


def test_nothing_is_sent_to_a_service_outside_unless_the_office_says_so(
    office: Callable[..., Path], service: Service, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # To this test the loopback is the world outside.
    monkeypatch.setattr(gotenberg_module, "is_own", lambda address: False)
    (info, *_) = describe_engines(near=office())
    assert not info.available and "pdf.outside" in str(info.why_not)
    (made,) = Gotenberg(service.address).convert([paper], paper.parent / "out")
    assert made.failure is not None and made.failure.code == "service_outside"
    assert (service.asked, service.seen) == ([], [])

    (result,) = to_pdf([paper], office("  outside: true\n") / "papers")
    assert result.engine == "gotenberg"


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("10.1.2.3", True),
        ("172.16.0.9", True),
        ("192.168.1.5", True),
        ("fd00::5", True),
        ("fe80::1%eth0", True),
        ("::ffff:192.168.1.5", True),
        ("8.8.8.8", False),
        ("172.32.0.1", False),
        ("::ffff:8.8.8.8", False),
        ("2a00:1450::1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("", False),
    ],
)
def test_an_address_is_own_or_not(address: str, own: bool) -> None:
    assert is_own(address) is own


@pytest.mark.parametrize(
    "address", ["", "sofa", "ftp://127.0.0.1", "http://", "http://127.0.0.1:99999", "file:///etc/passwd"]
)
def test_an_address_that_is_none_is_named(address: str) -> None:
    assert Gotenberg(address).why_not()


def test_a_password_goes_to_the_service_and_nowhere_else(
    service: Service, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = service.address.replace("http://", "http://papka:s%40cret@")
    monkeypatch.setenv("PAPKA_GOTENBERG", address)
    engine = choose_engine("gotenberg")
    assert engine.available()
    assert service.asked[-1] == ("/health", "Basic cGFwa2E6c0BjcmV0")
    service.answers = [401]
    (made,) = engine.convert([paper], paper.parent / "out")
    assert "cret" not in str(made.failure)


def test_the_command_says_why_there_is_no_service(run: Run) -> None:
    ask = ("render", "kurgan_ipss", "krg_agreement", "--blank", "--engine", "gotenberg")
    ran = run(*ask)
    assert ran.code == 1 and "PAPKA_GOTENBERG" in ran.all
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        secret = f"http://papka:secret@127.0.0.1:{closed.getsockname()[1]}"
        ran = run(*ask, PAPKA_GOTENBERG=secret)
    assert ran.code == 1 and "does not answer" in ran.all and "secret" not in ran.all

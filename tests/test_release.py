"""What a release brings beside the code fits it: pins, licences, bill, wheels, and the matrix that tries it."""

import configparser
import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
RELEASE = ROOT / "release"


def test_pins_licences_and_bill_say_the_same_and_name_no_index() -> None:
    done = subprocess.run(
        [sys.executable, RELEASE / "make.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_everything_that_papka_asks_for_is_pinned_with_hashes_within_its_limits() -> None:
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    cfg = configparser.ConfigParser()
    cfg.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = cfg["options.extras_require"]
    asked = [
        cfg["options"]["install_requires"],
        *(extras[one] for one in extras if one not in ("docs", "test")),
    ]
    text = (RELEASE / "requirements.txt").read_text("utf-8")
    pins = dict(re.findall(r"(?m)^([a-z0-9_.-]+)==([^\s;\\]+)", text))
    for line in "\n".join(asked).splitlines():
        if line.strip() and not line.strip().startswith("#"):
            wanted = Requirement(line.strip())
            version = pins.get(canonicalize_name(wanted.name))
            assert version and wanted.specifier.contains(version), line
    blocks = re.split(r"(?m)^(?=[a-z0-9_.-]+==)", text)[1:]
    assert len(blocks) > 40 and all("--hash=sha256:" in one for one in blocks)


def test_the_wheels_were_tried_for_each_system_and_python_of_the_matrix() -> None:
    matrix = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text("utf-8"))["jobs"]["tests"][
        "strategy"
    ]["matrix"]
    wheels = (RELEASE / "WHEELS.md").read_text("utf-8")
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"] and len(matrix["os"]) == 3
    assert all(f" {python} |" in wheels for python in matrix["python"])
    for system in ("Linux", "macOS", "Windows"):
        assert f"| {system}" in wheels


def test_the_matrix_calls_the_gate_and_the_readmes_own_command() -> None:
    text = (ROOT / ".github/workflows/tests.yml").read_text("utf-8")
    assert "bash .ci/run" in text and "README.md" in text

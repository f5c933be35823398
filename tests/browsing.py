"""A person before the page of a form: a real browser without a window, and what stands on the page."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

SECONDS = 30


def started_browser() -> Any:
    """Start Chromium; a test that needs it is skipped where it is missing."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium drives the browser")
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("no Chromium with its chromedriver: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for one in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,900"):
        options.add_argument(one)
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))


class Serving:
    """`papka form open` or `papka new --browser` in a process of its own."""

    def __init__(self, command: str, environ: Mapping[str, str], folder: Path, *arguments: str) -> None:
        self.child = subprocess.Popen(
            [command, *arguments, "--no-window"],
            cwd=folder,
            env=dict(environ),
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert self.child.stdout is not None
        self.said: list[str] = []
        for line in self.child.stdout:
            self.said.append(line)
            if found := re.search(r"http://\S+", line):
                self.address = found[0]
                return
        raise AssertionError("".join(self.said))

    def dies(self) -> None:
        self.child.kill()
        self.child.wait()

    def stops(self) -> None:
        """As Ctrl-C does."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGINT)

    def ends(self) -> tuple[int, str]:
        """Wait for the end, and return the exit code and all that was printed."""
        rest, _ = self.child.communicate(timeout=SECONDS)
        return self.child.returncode, "".join(self.said) + rest


class Page:
    """The page as a person has it: keys go where the focus is."""

    def __init__(self, browser: Any, address: str, shows: str = "Конец формы") -> None:
        self.browser = browser
        browser.get(address)
        self.sees(shows)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.browser.execute_script(script, *arguments)

    def until(self, holds: Callable[[], Any], what: str) -> Any:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if found := holds():
                return found
            time.sleep(0.05)
        raise AssertionError(f"not seen: {what}\n{self.text}")

    @property
    def text(self) -> str:
        return str(self.run("return document.body.innerText"))

    def sees(self, words: str) -> None:
        self.until(lambda: words in self.text, words)

    def saved(self) -> None:
        """Wait until papka has taken all that was typed."""
        self.until(
            lambda: self.run("return document.getElementById('saved').textContent") == "Всё сохранено",
            "saved",
        )

    def types(self, keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.browser, duration=0).send_keys(keys).perform()

    @property
    def here(self) -> dict[str, str]:
        """What the focus is on: its name as it is read aloud, its kind, its question and whose it is."""
        return dict(self.run(_HERE))

    def comes_to_item(self, title: str) -> dict[str, str]:
        """Wait until the focus is within an item of this name, and return what it is on."""
        self.until(lambda: self.here["item"] and self.here["item"].startswith(title), f"an item: {title}")
        return self.here

    def has_item(self, part: int, number: int) -> None:
        """Wait until an item stands in a part."""
        script = "return parts.get(arguments[0]).items.has(arguments[1])"
        self.until(lambda: self.run(script, part, number), f"item {number}")

    def error(self, path: str) -> str:
        """Return what is said beside a field."""
        return str(self.run("return document.getElementById(`q:${arguments[0]}!`).textContent", path))

    def has_question(self, path: str) -> None:
        """Wait until something is asked."""
        self.until(lambda: self.run("return questions.has(arguments[0])", path), f"a question: {path}")

    def presses(self, name: str) -> None:
        """Press the first button whose name begins so."""
        self.run(
            "[...document.querySelectorAll('button')].find((one) => one.innerText.startsWith(arguments[0])).click()",
            name,
        )

    def goes_to(self, path: str) -> None:
        """Put the focus on a question, as a click does."""
        self.run("focusOn(questions.get(arguments[0]))", path)

    def answers(self, path: str, value: Any) -> None:
        """Fill in a field at once, as a person who pastes; the page takes it from there."""
        self.run(_FILL, path, value)


_HERE = """
const at = document.activeElement;
const label = at.labels && at.labels[0] ? at.labels[0].innerText : at.innerText;
const question = at.closest('.question');
const item = at.closest('details');
const section = at.closest('section');
return {
  name: (label || '').trim(), kind: at.tagName === 'INPUT' ? at.type : at.tagName.toLowerCase(),
  question: question ? question.querySelector('.label').firstChild.textContent : '',
  item: item ? item.querySelector('summary').innerText : '',
  part: section ? section.querySelector('h2').innerText : '',
  path: question ? question.question.asked.path : '', id: at.id || '',
};
"""

_FILL = """
const [path, value] = arguments;
const one = questions.get(path);
one.node.closest('details')?.setAttribute('open', '');
const tell = (node, name) => node.dispatchEvent(new Event(name, { bubbles: true }));
if (one.asked.kind !== 'table') one.field.set(value);
else {
  const given = one.asked.rows.map((row) => row[0]);
  const columns = given.length ? one.asked.columns.slice(1) : one.asked.columns;
  value.forEach((row, at) => {
    if (!given.length) [...one.node.querySelectorAll('button:not(.quiet)')].at(-1).click();
    const place = given.length ? given.indexOf(row[one.asked.columns[0].name]) : at;
    const cells = one.node.querySelectorAll('.row')[place].querySelectorAll('input, textarea, select');
    columns.forEach((column, n) => {
      if (row[column.name] === undefined) return;
      cells[n].value = row[column.name];
      tell(cells[n], 'input');
    });
  });
}
const main = one.field.main || one.node;
tell(main, 'input');
tell(main, 'change');
"""


def axe_findings(browser: Any) -> list[str]:
    """Return what axe finds on the page as it is: rule, how grave, and the first place."""
    axe = pytest.importorskip("axe_core_python", reason="axe checks accessibility")
    browser.execute_script((Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    found = browser.execute_async_script("axe.run().then(arguments[0])")["violations"]
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:200]}" for one in found]

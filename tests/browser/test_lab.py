"""JupyterLab in a real browser: the first notebook opens, runs from top to bottom, and shows its figures."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
NOTEBOOK = "00_start_here.ipynb"
TOKEN = secrets.token_hex(16)
CELLS = 9
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SETTINGS = """{
  "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false},
  "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}
}
"""
pytestmark = pytest.mark.browser


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def waited_for(address: str, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert server.poll() is None, "JupyterLab stopped before it answered"
        try:
            with urlopen(f"{address}/api", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    raise AssertionError("JupyterLab did not answer")


def with_kernel(address: str, notebook: str) -> None:
    """Start the notebook's one kernel before the page asks: now and then the page itself starts two, and drops one."""
    wanted = {"path": notebook, "name": notebook, "type": "notebook", "kernel": {"name": "python3"}}
    body = json.dumps(wanted).encode()
    head = {"Content-Type": "application/json", "Authorization": f"token {TOKEN}"}
    with urlopen(Request(f"{address}/api/sessions", body, head), timeout=60) as answer:
        assert answer.status == 201


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """A server on a copy of the notebooks and the data, with nothing of this user's own."""
    for name in ("notebooks", "data"):
        shutil.copytree(ROOT / name, tmp_path / "work" / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    settings = tmp_path / "settings"
    settings.mkdir()
    (settings / "overrides.json").write_text(SETTINGS)
    port = free_port()
    home = {"HOME": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "PYTHONPATH": str(ROOT)}
    home |= {"JUPYTER_DATA_DIR": str(tmp_path / "data"), "JUPYTER_RUNTIME_DIR": str(tmp_path / "run")}
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1",
        "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}", "--ServerApp.password=",
        f"--LabApp.app_settings_dir={settings}", f"--notebook-dir={tmp_path / 'work' / 'notebooks'}",
    ]  # fmt: skip
    with (tmp_path / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=os.environ | home, stdout=log, stderr=log, cwd=tmp_path)
        try:
            waited_for(f"http://127.0.0.1:{port}", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(20)


@pytest.fixture
def page() -> Iterator[Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, headless=True, args=list(FLAGS))
        try:
            yield browser.new_page(viewport={"width": 1400, "height": 1800})
        finally:
            browser.close()


def counts(page: Any) -> list[str]:
    """What stands before each code cell: [ ], [*] or [3]."""
    return [text.strip() for text in page.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()]


def run_all(page: Any) -> None:
    """Run > Run All Cells, once the kernel is idle: what is asked before it is ready is forgotten when it connects."""
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for(state="attached", timeout=60_000)
    for _ in range(10):
        if page.locator(".jp-Dialog").count():
            page.locator(".jp-Dialog .jp-mod-accept").first.click()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.locator(".lm-Menu").get_by_text("Run All Cells", exact=True).click()
        end = time.monotonic() + 5
        while time.monotonic() < end:
            if any(text.strip("[]: ") for text in counts(page)):
                return
            time.sleep(0.2)
    raise AssertionError("no cell began to run")


def finished(page: Any, seconds: float = 120) -> None:
    """Wait until every code cell has its number; fail at once where one shows an error."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
        found = counts(page)
        if found and all(text.strip("[]:").isdigit() for text in found):
            return
        if "[ ]:" in found and "[*]:" not in found:
            run_all(page)
        time.sleep(0.5)
    raise AssertionError(f"cells did not finish: {counts(page)}")


def test_the_first_notebook_runs_in_the_browser(lab: str, page: Any, tmp_path: Path) -> None:
    with_kernel(lab, NOTEBOOK)
    page.goto(f"{lab}/lab/tree/{NOTEBOOK}?reset&token={TOKEN}", wait_until="domcontentloaded")
    page.locator(".jp-CodeCell").first.wait_for(timeout=60_000)
    run_all(page)
    finished(page)
    assert len(counts(page)) == CELLS

    body = page.locator(".jp-Notebook").inner_text()
    assert "Traceback" not in body
    assert "Forskjell i andel" in body
    figures = page.locator(".jp-OutputArea-output img")
    assert figures.count() == 3
    described = 0
    for place in range(figures.count()):
        figure = figures.nth(place)
        size = figure.evaluate("one => [one.naturalWidth, one.naturalHeight, one.clientWidth]")
        assert size[0] > 500
        assert size[1] > 200
        assert 300 < size[2] <= 1400
        described += len(figure.get_attribute("alt") or "") > 60
    assert described == 2

    figures.first.scroll_into_view_if_needed()
    time.sleep(1)
    shot = tmp_path / "lab.png"
    page.screenshot(path=str(shot))
    if wanted := os.environ.get("NAVOUTCOMES_SCREENSHOT"):
        shutil.copy(shot, wanted)
    with Image.open(shot) as picture:
        grey = np.asarray(picture.convert("L"))
    assert grey.std() > 15
    assert len(np.unique(grey)) > 50
    assert page.locator(".jp-Dialog").count() == 0

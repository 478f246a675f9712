"""A Chromium for tests that look at pages: which one, how it is started, and what happens where there is none."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = (
    "NO CHROMIUM: pages are not tested. Install one (Debian: apt-get install chromium), as one of "
    f"{', '.join(NAMES)} on the PATH, or name it in $TRIPLEMEM_CHROMIUM"
)


def find_chromium() -> str | None:
    """The program that `$TRIPLEMEM_CHROMIUM` names, else the first of the known names on the PATH."""
    named = os.environ.get("TRIPLEMEM_CHROMIUM")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


CHROMIUM = find_chromium()
"""Found when this module is imported: tests run without the settings of this machine."""


def chromium() -> str:
    """The program; without one the test is skipped, or fails where `$TRIPLEMEM_REQUIRE_BROWSER` is 1."""
    if CHROMIUM is not None:
        return CHROMIUM
    if os.environ.get("TRIPLEMEM_REQUIRE_BROWSER") == "1":
        pytest.fail(MISSING, pytrace=False)
    pytest.skip(MISSING)


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A headless Chromium with a fresh profile; for one module, as its event loop must not meet that of other tests."""
    program = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS, headless=True)
        yield started
        started.close()

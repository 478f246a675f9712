"""Pages of graphs, opened in a browser that notes every error and every request."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import browser

__all__ = ["browser"]

LONG_TASKS = """
window.longTasks = [];
new PerformanceObserver((list) => list.getEntries().forEach((one) => window.longTasks.push(one.duration)))
  .observe({ type: "longtask", buffered: true });
"""


@dataclass
class Opened:
    """A page in the browser. `ask` calls a function of the page's own hook, `window.triplemem`."""

    tab: Any
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def ask(self, name: str, *arguments: Any) -> Any:
        return self.tab.evaluate("([name, args]) => window.triplemem[name](...args)", [name, list(arguments)])

    def settle(self, seconds: float = 90) -> None:
        """Wait until the layout has come to rest."""
        until = time.monotonic() + seconds
        while not self.ask("settled"):
            assert time.monotonic() < until, "the layout did not come to rest"
            time.sleep(0.1)
        self.tab.wait_for_timeout(500)

    def shown(self) -> set[str]:
        return set(self.ask("shown")["facts"])

    def slide(self, place: int) -> None:
        """Move the slider to one of its stops, as a hand does."""
        self.tab.locator("#slider").fill(str(place))

    def click(self, item: str) -> None:
        """Click on an entity, or on the middle of a fact's edge, where it is drawn."""
        spot = self.ask("place", item)
        self.tab.mouse.move(spot["x"] + 1, spot["y"] + 1)
        self.tab.wait_for_timeout(1000)  # the areas that can be hit are painted now and then
        self.tab.mouse.move(spot["x"], spot["y"])
        self.tab.mouse.click(spot["x"], spot["y"])
        self.tab.wait_for_timeout(200)

    @property
    def detail(self) -> str:
        return str(self.tab.locator("#detail").inner_text())


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Opens the page that a memory writes; at the end there was no error, and no request but for the file itself."""
    opened: list[tuple[Opened, str]] = []

    def open_(html: str, **options: Any) -> Opened:
        file = tmp_path / f"page{len(opened)}.html"
        file.write_text(html, "utf-8", newline="\n")
        tab = browser.new_page(viewport={"width": 1200, "height": 760}, **options)
        tab.add_init_script(LONG_TASKS)
        page = Opened(tab)
        tab.on("console", lambda message: page.errors.append(f"{message.type}: {message.text}"))
        tab.on("pageerror", lambda error: page.errors.append(str(error)))
        tab.on("dialog", lambda dialog: (page.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        tab.on("request", lambda request: page.requests.append(request.url))
        tab.goto(file.as_uri())
        opened.append((page, file.as_uri()))
        return page

    yield open_
    for page, url in opened:
        page.tab.close()
        assert page.errors == []
        assert page.requests == [url]

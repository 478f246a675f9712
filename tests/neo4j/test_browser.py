"""Neo4j Browser itself, in headless Chromium: it connects, plays our guide, takes our style and draws our views.

`TRIPLEMEM_TEST_PICTURE=docs/browser.png` keeps what the history of a person looks like.
"""

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.chromium import browser  # noqa: F401
from tests.neo4j.server import Server
from triplemem import connect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PATIENCE = 120_000  # milliseconds, on a busy machine
TRIES = 6
PICTURE = os.environ.get("TRIPLEMEM_TEST_PICTURE")
NOW = datetime(2026, 11, 16, tzinfo=UTC)
ROOT = Path(__file__).parent.parent.parent
SAID = (
    ("2025-11-03", "Alice leads ML. Bob lives in Lyon."),
    ("2026-01-12", "Emil reports to Alice. Bob works at Tidewater."),
    ("2026-04-13", "Bob lives in Oslo now."),
    ("2026-05-04", "Bob now leads ML. Alice leads Research."),
    ("2026-10-05", "Emil reports to Bob."),
)
pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def namespace(neo4j_server: Server) -> str:
    """A small team, told over a year."""
    name = f"tests/browser/{uuid.uuid4().hex[:8]}"
    with connect(neo4j_server.uri, auth=neo4j_server.auth, clock=lambda: NOW) as store:
        memory = store.memory(name)
        for day, text in SAID:
            for sentence in re.findall(r"[^.]+\.", text):
                memory.add(sentence.strip(), speaker="Ann", occurred_at=day)
    return name


@pytest.fixture(scope="module")
def address(neo4j_server: Server, namespace: str) -> Iterator[str]:
    """What `triplemem browser --serve` prints, while it serves."""
    if not neo4j_server.http:
        pytest.skip("TRIPLEMEM_TEST_NEO4J_HTTP is not set: where is the Browser of that server?")
    user, password = neo4j_server.auth
    mine = {"TRIPLEMEM_URL": neo4j_server.uri, "TRIPLEMEM_USER": user, "TRIPLEMEM_PASSWORD": password}
    command = [sys.executable, "-m", "triplemem", "-n", namespace, "browser", "--serve", "--port", "0"]
    command += ["--http", neo4j_server.http]
    serving = subprocess.Popen(
        command, env=os.environ | mine, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert serving.stdout
    yield serving.stdout.readline().strip()
    serving.terminate()
    serving.communicate(timeout=30)


@pytest.fixture(scope="module")
def page(browser: "Browser", address: str, neo4j_server: Server) -> Iterator["Page"]:  # noqa: F811
    """Browser, connected, with the parameters and the style of the guide; it reaches nothing but this machine."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE)
    page.route(re.compile(r"^https?://(?!127\.0\.0\.1|localhost)"), lambda route: route.abort())
    page.goto(address)
    page.fill("input[type=password]", neo4j_server.auth[1])
    page.get_by_role("button", name="Connect", exact=True).click()
    page.get_by_text(re.compile("You are connected as user|You have a working connection")).first.wait_for()
    yield page
    page.close()


def run(page: "Page", block: str, instead: str | None = None) -> Any:
    """Click the guide's block that begins so, run it or what is typed over it; the frame that shows what it gave.

    Browser passes over a click while it is still at work: on a busy machine it is asked again.
    """
    before = page.locator("[data-testid=frame]").count() or page.locator("[data-testid=frameCommand]").count()
    for _ in range(TRIES):
        page.locator("pre.runnable").filter(has_text=re.compile(rf"^\s*{re.escape(block)}")).first.click()
        if instead is not None:
            page.keyboard.press("Control+A")
            page.keyboard.type(instead)
        page.get_by_test_id("editor-Run").click()
        if _more_frames(page, before):
            return page.locator("article").first
    raise AssertionError(f"{block!r} was asked to run {TRIES} times, and nothing came of it")


def _more_frames(page: "Page", before: int) -> bool:
    from playwright.sync_api import TimeoutError as TookTooLong

    more = "n => document.querySelectorAll('[data-testid=frameCommand]').length > n"
    try:
        page.wait_for_function(more, arg=before, timeout=PATIENCE / TRIES)
    except TookTooLong:
        return False
    return True


@pytest.fixture(scope="module")
def play(page: "Page") -> Callable[[int, str], Any]:
    """`play(2, "Hubs")` runs the view of this title from this page of the guide; the frame with its graph."""
    run(page, ":params")
    run(page, ":style")

    def view(slide: int, title: str) -> Any:
        page.locator(f"li[aria-label='{slide}']").last.click()
        frame = run(page, f"// {title}")
        frame.locator("svg g.node").first.wait_for()
        return frame

    return view


def texts(frame: Any, what: str) -> str:
    return " ".join(" ".join(one.split()) for one in frame.locator(what).all_text_contents())


def test_the_guide_opens_with_the_namespace_filled_in(page: "Page", namespace: str) -> None:
    shown = page.locator("pre.runnable").first.inner_text()
    assert shown.strip().startswith(":params")
    assert f"namespace: '{namespace}'" in shown


def test_what_holds_now_is_drawn_as_circles_and_arrows(play: Callable[[int, str], Any]) -> None:
    frame = play(2, "A namespace at a glance")
    names = texts(frame, "svg g.node")
    assert frame.locator("svg g.node circle").count() >= 6
    for name in ("Alice", "Bob", "Emil", "Oslo", "ML"):
        assert name in names
    assert "Lyon" not in names
    said = texts(frame, "svg g.relationship")
    assert "LEADS" in said and "ENDED" not in said


def test_what_is_over_is_grey_and_named_by_its_predicate(page: "Page", play: Callable[[int, str], Any]) -> None:
    frame = play(3, "History of one thing")
    assert {"Lyon", "Oslo"} <= set(texts(frame, "svg g.node").split())
    assert "lives_in" in texts(frame, "svg g.relationship")
    greys = frame.locator("svg g.relationship path[fill='#C4C9D1']")
    assert 0 < greys.count() < frame.locator("svg g.relationship path").count()
    if PICTURE:
        frame.screenshot(path=ROOT / PICTURE)


def test_the_evidence_of_a_fact_leads_to_its_messages(
    page: "Page", play: Callable[[int, str], Any], neo4j_server: Server, namespace: str
) -> None:
    with connect(neo4j_server.uri, auth=neo4j_server.auth, clock=lambda: NOW) as store:
        (fact,) = store.memory(namespace).facts(subject="Bob", predicate="leads")
    page.locator("li[aria-label='4']").last.click()
    run(page, ":param fact", instead=f":param fact => '{fact.id}'")
    page.get_by_text(f'"fact": "{fact.id}"').first.wait_for()
    frame = play(4, "Why do we believe this")
    drawn = texts(frame, "svg g.node")
    assert "Bob" in drawn and "ML" in drawn
    assert {"ASSERTS", "FROM"} <= set(texts(frame, "svg g.relationship").split())

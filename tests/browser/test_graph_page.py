"""The page of `graph --html` in a browser: what it draws, at which time, what it finds, and what stays text."""

import random
import re
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.browser.conftest import Opened
from tests.conftest import Clock
from triplemem import Memory, Message, Triplet

pytestmark = pytest.mark.xdist_group("browser")
OpenPage = Callable[..., Opened]


def town(memory: Memory, facts: int) -> None:
    """Fill a memory with so many facts, some of which end others."""
    dice = random.Random(facts)
    people, added = facts // 3, set[tuple[str, str, str]]()
    triplets = []
    while len(added) < facts:
        who, what = f"Person {dice.randrange(people)}", dice.choice(["lives_in", "works_at", "knows", "likes"])
        other = {"lives_in": "Town", "works_at": "Company", "knows": "Person", "likes": "Thing"}[what]
        whom = f"{other} {dice.randrange(people if what == 'knows' else 1 + facts // 20)}"
        if who != whom and (who, what, whom) not in added:
            added.add((who, what, whom))
            start = date(2020, 1, 1) + timedelta(days=dice.randrange(2000))
            kind = {"lives_in": "place", "works_at": "organization", "knows": "person"}.get(what)
            triplets.append(Triplet(who, what, whom, valid_from=start, subject_kind="person", object_kind=kind))
    memory.add_triplets(triplets)


def painted(page: Opened) -> int:
    """How many pixels of the canvas have a colour."""
    return int(
        page.tab.evaluate(
            """() => {
              const canvas = document.querySelector("#graph canvas");
              const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              let count = 0;
              for (let place = 3; place < data.length; place += 4) count += data[place] > 0;
              return count;
            }"""
        )
    )


@pytest.mark.parametrize("facts", [50, 2000])
def test_it_draws_every_fact_that_holds(memory: Memory, open_page: OpenPage, facts: int) -> None:
    town(memory, facts)
    page = open_page(memory.page())
    page.settle()
    graph = memory.graph()
    assert page.shown() == {key for *_, key in graph.edges(keys=True)}
    assert set(page.ask("shown")["entities"]) == set(graph.nodes)
    assert painted(page) > 3000
    ever = memory.graph(include_ended=True)
    assert len(page.ask("facts")) == facts == ever.number_of_edges()
    assert f"{graph.number_of_edges()} of {facts} facts hold" in page.tab.locator("#counts").inner_text()
    longest = max(page.tab.evaluate("window.longTasks"), default=0)
    assert longest < 3000, "so many milliseconds without an answer, even on a busy machine, are a page that freezes"


@pytest.mark.parametrize("facts", [50, 2000])
def test_the_slider_shows_what_held_at_its_time(memory: Memory, open_page: OpenPage, facts: int) -> None:
    town(memory, facts)
    page = open_page(memory.page())
    stops = int(page.tab.locator("#slider").get_attribute("max") or 0) + 1
    seen = set()
    for place in sorted({0, 1, stops // 4, stops // 2, stops - 2, stops - 1}):
        page.slide(place)
        at = page.ask("time")
        then = {fact.id for fact in memory.facts(as_of=at)}
        assert page.shown() == then
        assert page.tab.locator("#date").inner_text().startswith(at[:10])
        seen.add(frozenset(then))
    assert len(seen) > 3


def test_the_slider_answers_to_the_keyboard_and_now_leads_back(memory: Memory, open_page: OpenPage) -> None:
    memory.add_triplets([Triplet("Ann", "lives_in", "Oslo", valid_from="2025-01-01", valid_to="2025-06-01")])
    page = open_page(memory.page())
    page.tab.locator("#slider").focus()
    page.tab.keyboard.press("Home")
    assert page.ask("time").startswith("2025-01-01")
    assert len(page.shown()) == 1
    page.tab.keyboard.press("ArrowRight")
    assert page.ask("time").startswith("2025-06-01")
    assert page.shown() == set()
    assert page.tab.locator("#empty").is_visible()
    page.tab.locator("#now").click()
    assert page.ask("time").startswith("2026-09-01T12:00")


def test_play_moves_through_time_to_the_end(memory: Memory, open_page: OpenPage) -> None:
    for year in range(2015, 2027):
        memory.add_triplets([Triplet("Ann", "works_at", f"Company {year}", valid_from=str(year))])
    page = open_page(memory.page())
    page.slide(0)
    page.tab.locator("#play").click()
    assert page.tab.locator("#play").get_attribute("aria-label") == "Pause"
    page.tab.wait_for_timeout(2500)
    assert "2016" < page.ask("time") < "2026"
    page.tab.locator("#play").click()
    stopped = page.ask("time")
    page.tab.wait_for_timeout(1500)
    assert page.ask("time") == stopped


def test_what_is_over_shows_when_asked_for(memory: Memory, open_page: OpenPage) -> None:
    memory.add_triplets([Triplet("Ann", "lives_in", "Oslo", valid_from="2020")])
    memory.add_triplets([Triplet("Ann", "lives_in", "Bergen", valid_from="2024")])
    page = open_page(memory.page())
    assert len(page.shown()) == 1
    page.tab.get_by_label("Show ended").check()
    assert len(page.shown()) == 2
    assert len(open_page(memory.page(include_ended=True)).shown()) == 2


def team(memory: Memory) -> None:
    memory.add("Alice leads ML.", speaker="Ann", occurred_at="2026-03-01", session="march")
    memory.add("Some news for all. Bob now leads ML. Bob lives in Ålesund.", speaker="Ann", occurred_at="2026-05-01")


def test_a_click_on_an_edge_shows_the_evidence_and_the_history(memory: Memory, open_page: OpenPage) -> None:
    team(memory)
    page = open_page(memory.page())
    page.settle()
    (bob,) = memory.facts(object="ML")
    page.click(bob.id)
    said = page.detail
    assert "Bob leads ML" in said
    assert "holds" in said
    assert "Bob now leads ML" in said
    assert "Ann · 2026-05-01" in said
    assert "Some news for all." not in said
    page.tab.get_by_text("The whole message").click()
    assert page.tab.locator(".message").inner_text() == "Some news for all. Bob now leads ML. Bob lives in Ålesund."
    assert page.tab.locator(".message mark").inner_text() == "Bob now leads ML"
    page.tab.locator("#detail .row", has_text="Alice leads ML").click()
    said = page.detail
    assert "does not hold" in said
    assert "2026-03-01 – 2026-05-01" in said
    assert "march" in said
    assert re.search(r"THEN CAME\s+Bob leads ML", said)
    assert "Bob now leads ML" in said, "what ended it"
    page.slide(0)
    assert re.search(r"\bholds\b", page.detail)


def test_an_end_is_told_with_its_reason(memory: Memory, open_page: OpenPage) -> None:
    team(memory)
    (bob,) = memory.facts(object="ML")
    memory.end(bob, at="2026-08-01", reason="he left for the sea")
    page = open_page(memory.page())
    page.ask("choose", bob.id)
    assert "he left for the sea" in page.detail
    assert "as of 2026-08-01" in page.detail


def test_evidence_that_was_taken_back_says_so(memory: Memory, open_page: OpenPage, clock: Clock) -> None:
    team(memory)
    memory.add("Yes, Bob leads ML.", speaker="Cleo", occurred_at="2026-06-01")
    (bob,) = memory.facts(object="ML")
    clock.set(2026, 10, 7)
    memory.retract(next(claim for claim in memory.explain(bob).claims if claim.said_at.month == 6))
    page = open_page(memory.page())
    page.ask("choose", bob.id)
    assert page.detail.count("taken back on 2026-10-07") == 1


def test_a_click_on_an_entity_lists_its_facts(memory: Memory, open_page: OpenPage) -> None:
    team(memory)
    page = open_page(memory.page())
    page.settle()
    (bob,) = memory.entities(name="Bob")
    page.click(bob.id)
    assert "Bob leads ML" in page.detail
    assert "Bob lives in Ålesund" in page.detail
    assert "Alice" not in page.detail
    page.tab.keyboard.press("Escape")
    assert page.tab.locator("#list").is_visible()
    assert not page.tab.locator("#detail").is_visible()


@pytest.mark.parametrize("query", ["alesund", "LIVES", "news all", "bob alesund"])
def test_search_finds_by_names_predicates_and_messages(memory: Memory, open_page: OpenPage, query: str) -> None:
    team(memory)
    memory.add("Cleo works at Foxglove.")
    page = open_page(memory.page())
    page.tab.locator("#search").fill(query)
    found = page.tab.locator("#list [data-fact]").all_inner_texts()
    assert any("Bob lives in Ålesund" in row for row in found)
    assert not any("Foxglove" in row for row in found)


def test_search_works_by_keyboard_alone(memory: Memory, open_page: OpenPage) -> None:
    team(memory)
    page = open_page(memory.page())
    page.tab.keyboard.press("/")
    page.tab.keyboard.type("bob now leads")
    page.tab.keyboard.press("Tab")
    page.tab.keyboard.press("Enter")
    assert "Bob leads ML" in page.detail
    page.tab.locator("#search").fill("nothing like that")
    assert "Nothing found" in page.tab.locator("#list").inner_text()


def test_the_legend_names_the_kinds(memory: Memory, open_page: OpenPage) -> None:
    memory.add_triplets([Triplet("Ann", "lives_in", "Oslo", subject_kind="person", object_kind="place")])
    legend = open_page(memory.page()).tab.locator("#legend").inner_text()
    assert "person" in legend
    assert "place" in legend


def test_facts_between_the_same_two_are_drawn_apart(memory: Memory, open_page: OpenPage) -> None:
    memory.add_triplets([Triplet("Ann", name, "Bob") for name in ("knows", "likes", "trusts")])
    memory.add_triplets([Triplet("Bob", "trusts", "Ann")])
    page = open_page(memory.page())
    page.settle()
    spots = [page.ask("place", fact) for fact in page.ask("facts")]
    apart = min(
        abs(a["x"] - b["x"]) + abs(a["y"] - b["y"]) for place, a in enumerate(spots) for b in spots[place + 1 :]
    )
    assert len(spots) == 4
    assert apart > 5


def test_an_empty_memory_has_a_page_too(memory: Memory, open_page: OpenPage) -> None:
    page = open_page(memory.page())
    assert page.tab.locator("#empty").is_visible()
    assert page.shown() == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_colour_scheme(memory: Memory, open_page: OpenPage, scheme: str) -> None:
    team(memory)
    page = open_page(memory.page(), color_scheme=scheme)
    ground = page.tab.evaluate("getComputedStyle(document.body).backgroundColor")
    light = sum(map(int, re.findall(r"\d+", ground)[:3])) > 380
    assert light == (scheme == "light")


def test_times_at_the_edges_of_the_calendar(memory: Memory, open_page: OpenPage) -> None:
    memory.add_triplets([Triplet("Rome", "ruled_by", "Augustus", valid_from="0001-01-01", valid_to="0014-08-19")])
    memory.add_triplets([Triplet("Star", "named", "Sol", valid_from="9999-12-31")])
    memory.add_triplets([Triplet("Ann", "likes", "tea", valid_from=None, valid_to="2020-01-01")])
    page = open_page(memory.page(include_ended=True))
    assert len(page.shown()) == 3
    page.slide(0)
    assert page.tab.locator("#date").inner_text().startswith("0001-01-01")


# --- what people said stays text --------------------------------------------------------------------------------------

HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<!--<script>",
    "\"'><svg onload=alert(1)>",
    "{{data}} {{scripts}} $& \\1",
    "javascript:alert(1)",
    "line\u2028separator\u2029paragraph",
    "&lt;b&gt;&amp;",
    "]]>",
    "__proto__",
    "\u202egnp.exe",
]


def test_hostile_text_stays_text(memory: Memory, open_page: OpenPage) -> None:
    for number, hostile in enumerate(HOSTILE):
        names = (f"Ann{number}x {hostile}", f"said {hostile}", f"Bob{number} {hostile}")
        memory.add_triplets(
            [Triplet(*names, quote=hostile, subject_kind=hostile)], text=f"Ann said {hostile} and more."
        )
    page = open_page(memory.page())
    for number, hostile in enumerate(HOSTILE):
        (fact,) = memory.facts(subject=f"Ann{number}x {hostile}")
        page.tab.locator("#search").fill(f"Ann{number}x")
        assert page.tab.locator("#list [data-fact] span").all_text_contents() == [fact.text]
        page.tab.locator("#list [data-fact]").click()
        shown = page.tab.locator("#detail").text_content()
        assert fact.text in shown
        assert page.tab.locator("#detail blockquote").text_content() == memory.explain(fact).claims[0].quote
        for summary in page.tab.locator("#detail summary").all():
            summary.click()
            assert page.tab.locator("#detail .message").text_content() == memory.explain(fact).episodes[0].text
    page.settle()
    page.click(fact.subject.id)
    page.tab.mouse.move(5, 5)
    assert fact.subject.name in page.detail
    assert page.tab.locator("img, svg, iframe, object, embed, link, a").count() == 0
    assert page.tab.locator("script").count() == 3


class Listener(BaseHTTPRequestHandler):
    """A server that notes who comes."""

    seen: list[str]

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def test_the_page_cannot_reach_a_server_even_if_it_tries(memory: Memory, browser: Any) -> None:
    handler = type("Handler", (Listener,), {"seen": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        memory.add_triplets([Triplet("Ann", "likes", f"</script><img src={url}/text>")])
        tab = browser.new_page()
        tab.set_content(memory.page())
        tries = """async (url) => {
          const tried = [];
          try { await fetch(url + "/fetch"); tried.push("fetch"); } catch {}
          const image = new Image();
          image.src = url + "/image";
          document.body.append(image);
          const style = document.createElement("style");
          style.textContent = `body { background: url(${url}/style) }`;
          document.body.append(style);
          try { document.body.innerHTML = "<b>bold</b>"; tried.push("markup"); } catch {}
          await new Promise((done) => setTimeout(done, 500));
          return tried;
        }"""
        assert tab.evaluate(tries, url) == []
        tab.close()
        server.shutdown()
    assert handler.seen == []


def test_the_times_of_the_question_are_those_of_the_page(memory: Memory, open_page: OpenPage, clock: Clock) -> None:
    clock.set(2026, 3, 1)
    memory.add([Message("Alice leads ML.", speaker="Ann")])
    clock.set(2026, 6, 1)
    memory.add([Message("Bob leads ML since April.", speaker="Ann")], occurred_at=datetime(2026, 6, 1, tzinfo=UTC))
    page = open_page(memory.page(as_of="2026-05-01", known_at="2026-05-15"))
    assert page.ask("time").startswith("2026-05-01")
    assert page.shown() == {fact.id for fact in memory.facts(as_of="2026-05-01", known_at="2026-05-15")}
    assert "as believed on 2026-05-15" in page.tab.locator("#counts").inner_text()
    page.tab.locator("#list [data-fact]").first.click()
    assert "Alice leads ML" in page.detail
    assert "Bob" not in page.detail

"""What ends a fact that is known, and what only seems to: for a week, in part, in jest."""

import pytest

from tests.extract.test_known import fact, read, triples
from triplemem import Extraction

STATED = (
    fact("diet", "Ann", "diet", "vegan"),
    fact("home", "Ann", "lives_in", "Leeds"),
    fact("job", "Ann", "works_at", "Nokia"),
    fact("role", "Ann", "works_as", "nurse"),
    fact("single", "Ann", "marital_status", "single"),
    fact("figma", "Ann", "uses", "Figma"),
)


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("Not vegan any more.", "diet"),
        ("Not vegan any longer.", "diet"),
        ("Not vegan these days.", "diet"),
        ("Not vegan anymore, sadly.", "diet"),
        ("No, not vegan any more.", "diet"),
        ("Not in Leeds any more", "home"),
        ("Not Leeds any more.", "home"),
        ("Not living in Leeds any longer.", "home"),
        ("Not at Nokia any more.", "job"),
        ("Not working at Nokia any more!", "job"),
        ("Not a nurse any more!", "role"),
        ("Not single any more!", "single"),
        ("Not Figma any more, Sketch.", "figma"),
        ("Not using Figma any more.", "figma"),
    ],
)
def test_a_fragment_ends_what_is_known(text: str, ended: str) -> None:
    extraction = read(text, STATED)
    ends = [end.fact_id for end in extraction.ends]
    over = [claim.triplet.object for claim in extraction.claims if claim.triplet.ended]
    assert ends + over in ([ended], [next(fact.object.name for fact in STATED if fact.id == ended)])
    assert not extraction.retractions and not any(claim.corrects for claim in extraction.claims)


def test_a_fragment_names_what_comes_instead() -> None:
    assert triples(read("Not Figma any more, Sketch.", STATED)) == [("I", "uses", "Sketch")]


def test_a_sentence_goes_on_behind_such_a_fragment() -> None:
    extraction = read("Not in Leeds any more, I moved to York.", STATED)
    assert triples(extraction) == [("I", "lives_in", "York")]
    assert [end.fact_id for end in extraction.ends] == ["home"]


@pytest.mark.parametrize(
    "text",
    [
        "Not vegan any more than you are.",
        "Not that vegan any more.",
        "Not just vegan any more.",
        "Not in Paris any more.",
        "Is Tom vegan? Not vegan any more.",
        "It's Sketch, not Figma any more.",
    ],
)
def test_a_fragment_that_ends_nothing_known_says_nothing(text: str) -> None:
    assert read(text, STATED) == Extraction()


HERE = (
    fact("office", "Ann", "works_at", "Bristol office"),
    fact("home", "Ann", "lives_in", "Leeds"),
    fact("boss", "Ann", "reports_to", "Helena"),
    fact("diet", "Ann", "diet", "vegan"),
    fact("figma", "Ann", "uses", "Figma"),
    fact("team", "Kim", "leads", "team"),
)


@pytest.mark.parametrize(
    "text",
    [
        "I'm working at the Lyon office for a week.",
        "Paula leads the team for a week while Ken is away.",
        "I'm living in Naples for a week.",
        "I live in Naples for a month every summer.",
        "For a month every summer I live in Naples.",
        "I'm living in Naples for the next two weeks.",
        "I report to Omar for two weeks while Helena is on leave.",
        "My boss is Omar for a week.",
        "Paula is the head of Sales for three days.",
        "I moved back to Naples for the summer",
        "I moved to Naples for a month.",
        "I'm vegetarian for a month.",
        "I don't use Figma for a week.",
    ],
)
def test_what_is_for_some_days_only_ends_nothing(text: str) -> None:
    assert read(text, HERE) == Extraction()


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("I have worked at Nokia for two weeks.", ("I", "works_at", "Nokia")),
        ("I've been living in Naples for a week.", ("I", "lives_in", "Naples")),
        ("I work at Nokia for three weeks now.", ("I", "works_at", "Nokia")),
        ("I moved to Naples for work.", ("I", "lives_in", "Naples")),
        ("I moved to Naples for a summer job.", ("I", "lives_in", "Naples")),
    ],
)
def test_what_has_been_so_for_some_days_goes_on(text: str, stated: tuple[str, str, str]) -> None:
    assert stated in triples(read(text, HERE))


@pytest.mark.parametrize(
    ("text", "until"), [("for two weeks", "2026-06-03"), ("for a month", "2026-06"), ("for the summer", None)]
)
def test_a_stay_of_some_days_is_over_then(text: str, until: str | None) -> None:
    (claim,) = read(f"I'm staying in Naples {text}.", HERE).claims
    assert (claim.triplet.predicate, claim.triplet.valid_from, claim.triplet.valid_to) == ("staying_in", None, until)


SALES = (
    fact("sales", "Bob", "leads", "Sales"),
    fact("oslo", "Ann", "lives_in", "Oslo"),
    fact("chess", "Ann", "plays", "chess"),
    fact("guitar", "Ann", "plays", "guitar"),
    fact("leo", "Ann", "likes", "Leo"),
)


@pytest.mark.parametrize(
    "text",
    [
        "Once I live in Berlin, things will be easier.",
        "Once Kim leads Sales we'll be fine.",
        "But once Kim leads Sales we'll be fine.",
        "Once I've sold my Vespa, I'm free.",
        "The minute Kim leads Sales I'm out.",
        "The day Kim leads Sales, I'm out.",
        "Whoever leads Marketing gets the corner office.",
        "Whoever lives in Oslo pays too much.",
    ],
)
def test_what_is_awaited_is_not_so_yet(text: str) -> None:
    assert read(text, SALES) == Extraction()


def test_what_was_so_once_was_so() -> None:
    assert triples(read("Once I lived in Berlin.", SALES)) == [("I", "lives_in", "Berlin")]
    assert triples(read("Once I moved to Berlin, I joined Zalando.")) == [
        ("I", "lives_in", "Berlin"),
        ("I", "works_at", "Zalando"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "I don't love Leo any less.",
        "I don't play chess any more than you do.",
        "I don't play chess any differently.",
        "I don't play chess like Tom does.",
        "I don't play chess the way I used to.",
        "I don't play guitar any better than last year.",
    ],
)
def test_a_comparison_ends_nothing(text: str) -> None:
    assert read(text, SALES) == Extraction()


HABITS = (
    fact("coffee", "Ann", "drinks", "coffee"),
    fact("slack", "Ann", "uses", "Slack"),
    fact("tennis", "Ann", "plays", "tennis"),
    fact("chess", "Ann", "plays", "chess"),
    fact("oslo", "Ann", "lives_in", "Oslo"),
    fact("tesco", "Ann", "works_at", "Tesco"),
)


@pytest.mark.parametrize(
    "text",
    [
        "I stopped drinking coffee in bed.",
        "I quit drinking coffee after 4pm.",
        "I stopped using Slack on my phone.",
        "I had to stop playing tennis because of the rain.",
        "I stopped playing tennis at six.",
        "After I stopped playing chess I made dinner.",
        "I don't drink coffee with sugar anymore.",
        "I no longer drink coffee without milk.",
        "I don't live alone in Oslo anymore.",
        "I used to play tennis every day, now it's once a week.",
        "Yesterday was my last day at Tesco before the holidays.",
    ],
)
def test_what_is_over_in_part_goes_on(text: str) -> None:
    assert read(text, HABITS) == Extraction()


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("I stopped drinking coffee in March.", "coffee"),
        ("I stopped drinking coffee because of my heart.", "coffee"),
        ("I stopped drinking coffee in college.", "coffee"),
        ("I no longer use Slack.", "Slack"),
        ("I used to play tennis every day.", "tennis"),
        ("I used to play tennis every day, now I play golf.", "tennis"),
        ("I don't live in Oslo anymore.", "Oslo"),
        ("Yesterday was my last day at Tesco.", "Tesco"),
    ],
)
def test_what_is_over_as_a_whole_is_over(text: str, over: str) -> None:
    extraction = read(text, HABITS)
    known = {fact.id: fact.object.name for fact in HABITS}
    ended = [known[end.fact_id] for end in extraction.ends]
    assert ended + [c.triplet.object for c in extraction.claims if c.triplet.ended] == [over]


LED = (
    fact("team", "Kim", "leads", "team"),
    fact("research", "Kim", "leads", "Research"),
    fact("love", "Ann", "dating", "Sam"),
)


@pytest.mark.parametrize(
    "text",
    [
        "Bob leads the team to the restaurant.",
        "Bob leads the team to victory.",
        "Bob leads the team through the jungle.",
        "Bob leads Research on Fridays.",
        "Bob leads Research in the score by two points.",
        "Sam and I broke up laughing.",
        "After Sam and I broke up the fight, we left.",
        "Sam and I split up to search the woods.",
    ],
)
def test_who_leads_the_way_leads_nothing_and_who_laughs_parts_from_nobody(text: str) -> None:
    assert read(text, LED) == Extraction()


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Bob leads Research in Berlin.", ("Bob", "leads", "Research")),
        ("Bob leads the migration to the cloud.", ("Bob", "leads", "migration")),
        ("Bob leads the home team.", ("Bob", "leads", "home team")),
        ("Bob runs Research out of Berlin.", ("Bob", "leads", "Research")),
        ("Sam and I broke up this morning.", ("Sam", "dating", "I")),
        ("Sam and I broke up after the trip.", ("Sam", "dating", "I")),
    ],
)
def test_who_leads_and_who_parts_does(text: str, stated: tuple[str, str, str]) -> None:
    said = triples(read(text, LED))
    assert {frozenset(triple) for triple in said} == {frozenset(stated)}


@pytest.mark.parametrize(
    "text",
    [
        "We left Oslo this morning, back Sunday.",
        "We left Oslo on Friday, two weeks of sun!",
        "Just left Oslo, be there in three hours.",
        "I left Oslo, back in two weeks.",
        "Just left Tesco, got the milk.",
        "I left Tesco with two full bags.",
    ],
)
def test_who_is_out_for_some_hours_or_days_has_left_nothing(text: str) -> None:
    assert read(text, HABITS) == Extraction()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I left Tesco last week.", "Tesco"),
        ("I left Tesco, back to school now.", "Tesco"),
        ("I left Tesco, back in 2019.", "Tesco"),
        ("I left Tesco, two years of night shifts were enough.", "Tesco"),
        ("I left Tesco with a heavy heart.", "Tesco"),
        ("I left Oslo, back in Bergen now.", "Oslo"),
    ],
)
def test_who_has_left_has_left(text: str, left: str) -> None:
    assert [claim.triplet.object for claim in read(text, HABITS).claims if claim.triplet.ended] == [left]


@pytest.mark.parametrize(
    "text",
    [
        "Kurt's exact words: I hate Berlin, I live in Hamburg.",
        "Her words: I live in Hamburg.",
        "Lyrics of the day: I quit Tesco.",
        "From the ad: I work at Apple.",
        "From Tom's letter: I live in Hamburg. I work at Apple.",
        "Translation: I quit Tesco.",
        "True or false: Kim leads Sales.",
        "Bet: Kim leads Sales by May.",
        "Prediction for May: Kim leads Sales.",
    ],
)
def test_what_is_quoted_or_betted_behind_a_colon_is_not_said(text: str) -> None:
    assert read(text, (*HABITS, *SALES)) == Extraction()


@pytest.mark.parametrize(
    "opening", ["In other words", "In my own words", "A few words about me", "News from work", "Big change at work"]
)
def test_what_is_announced_before_a_colon_is_said(opening: str) -> None:
    assert triples(read(f"{opening}: I live in Hamburg.")) == [("I", "lives_in", "Hamburg")]


MISSED = (
    fact("heroku", "billing service", "runs_on", "Heroku"),
    fact("tongue", "Ann", "learning", "Portuguese"),
    fact("herb", "Ann", "dislikes", "coriander"),
    fact("skoda", "Ann", "drives", "Skoda"),
)


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("billing service no longer runs on Heroku", "Heroku"),
        ("I gave up on learning Portuguese.", "Portuguese"),
        ("Weirdly I don't hate coriander anymore.", "coriander"),
    ],
)
def test_an_end_is_found_behind_few_words(text: str, over: str) -> None:
    extraction = read(text, MISSED)
    ended = [fact.object.name for end in extraction.ends for fact in MISSED if fact.id == end.fact_id]
    assert ended + [c.triplet.object for c in extraction.claims if c.triplet.ended] == [over]


def test_who_sold_a_car_drives_it_no_more() -> None:
    (end,) = read("I sold my Skoda in March.", MISSED).ends
    assert (end.fact_id, end.at) == ("skoda", "2026-03")
    assert not read("I haven't sold my Skoda.", MISSED).ends
    assert not read("Tom sold his Skoda.", MISSED).ends

"""What a message says of facts that are known already: it ends, corrects, hands over and names them."""

from datetime import datetime

import pytest

from triplemem import Entity, Episode, Extraction, ExtractionRequest, Fact
from triplemem.extract.grammar import GrammarExtractor

AT = datetime.fromisoformat("2026-05-20T10:00:00+02:00")


def fact(id_: str, subject: str, predicate: str, object_: str) -> Fact:
    ends = (Entity(f"n_{subject}", subject, None), Entity(f"n_{object_}", object_, None))
    return Fact(id_, ("n",), ends[0], predicate, ends[1], "", (), None, None, "current", 1, None)


KNOWN = (
    fact("job", "Ann", "works_at", "Acme"),
    fact("love", "Ann", "dating", "Sam"),
    fact("brother", "Ann", "has_brother", "Theo"),
    fact("ml", "Alice", "leads", "ML"),
    fact("ida", "Ida", "works_at", "Equinor"),
    fact("design", "Bob", "leads", "Design"),
    fact("rex", "Ann", "has_pet", "Rex"),
)


def read(text: str, known: tuple[Fact, ...] = KNOWN) -> Extraction:
    return GrammarExtractor().extract(
        ExtractionRequest((Episode("e", ("n",), text, "Ann", "user", None, AT, AT, None),), known=known)
    )


def triples(extraction: Extraction) -> list[tuple[str, str, str]]:
    return [(c.triplet.subject, c.triplet.predicate, c.triplet.object) for c in extraction.claims]


@pytest.mark.parametrize(
    ("text", "ended", "at"),
    [
        ("I quit my job.", "job", None),
        ("I left the company last week.", "job", "2026-05-11"),
        ("I resigned last Friday.", "job", "2026-05-15"),
        ("I got fired.", "job", None),
        ("I lost my job in April.", "job", "2026-04"),
        ("We broke up.", "love", None),
        ("I don't work at Acme.", "job", None),
        ("Rex died in May.", "rex", "2026-05"),
        ("Alice stepped down.", "ml", None),
    ],
)
def test_an_end_finds_the_fact_that_it_does_not_name(text: str, ended: str, at: str | None) -> None:
    (end,) = read(text).ends
    assert (end.fact_id, end.at) == (ended, at)
    assert end.quote and end.quote in text


@pytest.mark.parametrize("text", ["I quit my job.", "We broke up.", "I don't work at Acme.", "Alice stepped down."])
def test_nothing_ends_where_nothing_is_known(text: str) -> None:
    assert read(text, ()) == Extraction()


def test_of_several_facts_none_is_guessed() -> None:
    assert not read("I quit my job.", (*KNOWN, fact("second", "Ann", "works_at", "Globex"))).ends


@pytest.mark.parametrize("text", ["I don't work at Globex.", "Bob does not lead ML.", "I'm not dating Theo."])
def test_a_denial_of_what_nobody_said_says_nothing(text: str) -> None:
    assert read(text) == Extraction()


@pytest.mark.parametrize(
    "text",
    [
        "Bob replaced Alice.",
        "Bob replaced Alice as head of ML.",
        "Alice was replaced by Bob.",
        "Bob took over from Alice.",
    ],
)
def test_a_successor_takes_what_the_other_led(text: str) -> None:
    (claim,) = read(text).claims
    assert (claim.triplet.subject, claim.triplet.predicate, claim.triplet.object) == ("Bob", "leads", "ML")
    assert claim.ends == ("ml",)


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, I meant Statkraft, not Equinor.",
        "It's Statkraft, not Equinor.",
        "Not Equinor, Statkraft.",
        "Correction: Ida works at Statkraft, not Equinor.",
    ],
)
def test_a_correction_voids_what_was_said(text: str) -> None:
    (claim,) = read(text).claims
    assert (claim.triplet.subject, claim.triplet.predicate, claim.triplet.object) == ("Ida", "works_at", "Statkraft")
    assert claim.corrects == ("ida",)


def test_a_correction_within_a_message_replaces_the_claim() -> None:
    assert triples(read("Carl works at Foo. Sorry, I meant Bar.")) == [("Carl", "works_at", "Bar")]


def test_what_was_misspoken_is_retracted() -> None:
    extraction = read("I misspoke, Bob doesn't lead Design.")
    assert [r.fact_id for r in extraction.retractions] == ["design"]
    assert not extraction.ends and not extraction.claims


def test_kin_are_known_by_name() -> None:
    assert triples(read("My brother moved to Rome.")) == [("Theo", "lives_in", "Rome")]
    assert triples(read("My brother moved to Rome.", ())) == [
        ("I", "has_brother", "Ann's brother"),
        ("Ann's brother", "lives_in", "Rome"),
    ]


def test_a_move_from_a_known_employer_is_one_to_another() -> None:
    extraction = read("I moved from Acme to Zorble.")
    assert [(c.triplet.predicate, c.triplet.object, c.triplet.ended) for c in extraction.claims] == [
        ("works_at", "Acme", True),
        ("works_at", "Zorble", False),
    ]


def test_a_move_from_a_known_home_is_one_to_another() -> None:
    extraction = read("We moved from Zorble to Quux.", (*KNOWN, fact("home", "Ann", "lives_in", "Zorble")))
    assert [(c.triplet.predicate, c.triplet.object, c.triplet.ended) for c in extraction.claims] == [
        ("lives_in", "Zorble", True),
        ("lives_in", "Quux", False),
    ]


def test_what_one_asks_to_be_called_is_a_name() -> None:
    assert triples(read("My name is Ann.")) == [("I", "name", "Ann")]
    assert triples(read("Call me Annie.")) == [("I", "name", "Annie")]


def test_what_others_are_called_is_a_proposal() -> None:
    assert read("Robert, whom we call Bob, lives in Rome.").same_as == (("Robert", "Bob"),)


def test_a_coordination_is_said_together_and_two_are_not_one() -> None:
    extraction = read("I'm allergic to peanuts and shellfish, and I play chess and go.")
    tags = [claim.triplet.together for claim in extraction.claims]
    assert len(tags) == 4 and tags[0] == tags[1] != tags[2] == tags[3]
    assert None not in tags


def test_tags_of_two_episodes_differ() -> None:
    text = "I like tea and coffee."
    two = tuple(Episode(i, ("n",), text, "Ann", "user", None, AT, AT, None) for i in ("e", "f"))
    claims = GrammarExtractor().extract(ExtractionRequest(two)).claims
    assert [claim.episode for claim in claims] == [0, 0, 1, 1]
    assert len({claim.triplet.together for claim in claims}) == 2


HELD = (
    fact("boat", "Sven", "owns", "boat"),
    fact("car", "Ann", "owns", "car"),
    fact("home", "Ann", "lives_in", "Croydon"),
    fact("beer", "Ann", "drinks", "beer"),
    fact("jira", "Ann", "uses", "Jira"),
    fact("linear", "Ann", "uses", "Linear"),
    fact("work", "Ann", "works_at", "Acme"),
    fact("sam", "Ann", "dating", "Sam"),
    fact("gus", "Ann", "lives_with", "Gus"),
)


@pytest.mark.parametrize(
    "text",
    [
        "Sven hasn't sold the boat yet.",
        "Sven has not sold the boat.",
        "Sven didn't sell the boat.",
        "Sven never sold the boat.",
        "Sven isn't selling the boat.",
        "Sven won't sell the boat.",
        "Sven nearly sold the boat.",
        "Sven doesn't own the boat yet.",
        "I haven't moved out of Croydon yet.",
        "I didn't give up drinking beer.",
        "I didn't drink beer today.",
        "I rarely drink beer.",
        "We didn't switch from Jira to Linear.",
        "I haven't bought a car.",
        "I don't have a car yet.",
        "I didn't own a car back then.",
        "I haven't joined Acme.",
        "I was going to leave Acme.",
        "I was going to quit my job.",
        "I'm not dating Sam yet.",
        "I am not yet dating Sam.",
        "I don't always drink beer.",
        "I don't drink beer on Sundays.",
        "I don't drink much beer.",
        "I never drink beer at home.",
        "I stopped drinking beer for a while.",
        "I don't only use Jira.",
        "I don't use Jira as much anymore.",
        "I don't work at Acme today.",
        "I'm not working at Acme this week.",
    ],
)
def test_what_did_not_happen_ends_nothing(text: str) -> None:
    assert read(text, HELD) == Extraction()


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("Sven doesn't own the boat.", "boat"),
        ("I don't have a car.", "car"),
        ("I'm not dating Sam.", "sam"),
        ("I haven't worked at Acme since May.", "work"),
        ("I don't work at Acme yet I like it.", "work"),
        ("I've given up beer.", "beer"),
        ("I never drink beer.", "beer"),
        ("I don't drink beer these days.", "beer"),
        ("I actually don't use Jira.", "jira"),
        ("My flatmate Gus moved out on Saturday.", "gus"),
    ],
)
def test_what_is_denied_of_now_is_over(text: str, ended: str) -> None:
    assert [end.fact_id for end in read(text, HELD).ends] == [ended]


@pytest.mark.parametrize(
    "text",
    [
        "I gave up beer for Lent.",
        "I left the hospital yesterday.",
        "I gave up coffee.",
        "I left Acme at six and caught the bus.",
        "I stopped drinking beer for a second.",
        "Quit teasing Marco.",
    ],
)
def test_what_is_not_over_for_good_or_not_known_ends_nothing(text: str) -> None:
    assert read(text, (*HELD, fact("ward", "Ann", "works_at", "hospital"))) == Extraction()


def test_what_is_known_is_over_by_its_common_noun() -> None:
    known = (fact("post", "Ann", "works_at", "post office"), fact("skoda", "Ann", "drives", "Skoda"))
    for text, object_ in (("I left the post office.", "post office"), ("I don't drive the Skoda anymore.", "Skoda")):
        (claim,) = read(text, known).claims
        assert claim.triplet.ended and claim.triplet.object == object_


def test_who_steps_down_from_leading_leads_no_more() -> None:
    (claim,) = read("Ines stepped down from leading the design guild.").claims
    assert claim.triplet.ended and (claim.triplet.predicate, claim.triplet.object) == ("leads", "design guild")


TIED = (
    fact("job", "Ann", "works_at", "Acme"),
    fact("bob", "Bob", "works_at", "Acme"),
    fact("love", "Ann", "dating", "Sam"),
    fact("wedding", "Ewa", "married_to", "Tom"),
    fact("rex", "Ann", "has_pet", "Rex"),
    fact("band", "Ann", "member_of", "band"),
    fact("beer", "Ann", "drinks", "beer"),
)


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("Our band is no more.", ["band"]),
        ("Acme is no more.", ["job", "bob"]),
        ("Rex is no more.", ["rex"]),
        ("Rex is no longer with us.", ["rex"]),
        ("I'm no longer with Sam.", ["love"]),
        ("Sam and I are no more.", ["love"]),
        ("Sam and I are over.", ["love"]),
        ("Our relationship is over.", ["love"]),
        ("Ewa's marriage is over.", ["wedding"]),
    ],
)
def test_what_is_no_more_is_over_where_it_is_known(text: str, ended: list[str]) -> None:
    assert [end.fact_id for end in read(text, TIED).ends] == ended


@pytest.mark.parametrize(
    "text",
    [
        "Tom is no longer with us.",
        "Acme is no more a startup than Google.",
        "My marriage is no more.",
        "The party is over.",
        "I gave up beer until June.",
        "I gave up beer for two weeks.",
        "Is Acme no more?",
        "Acme will be no more.",
    ],
)
def test_what_is_not_surely_no_more_goes_on(text: str) -> None:
    assert read(text, TIED) == Extraction()


GIVEN_UP = (
    fact("job", "Ann", "works_at", "Acme"),
    fact("love", "Ann", "dating", "Sam"),
    fact("uni", "Ann", "studies_at", "Durham"),
    fact("car", "Ann", "owns", "car"),
    fact("violin", "Ann", "plays", "violin"),
    fact("ring", "Ewa", "engaged_to", "Tom"),
    fact("jira", "Ann", "uses", "Jira"),
)


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("I gave up my job.", "job"),
        ("I gave up the violin.", "violin"),
        ("I gave up my car.", "car"),
        ("I let go of my car.", "car"),
        ("I dropped out.", "uni"),
        ("I was expelled.", "uni"),
        ("I was sacked.", "job"),
        ("I parted ways with Sam.", "love"),
        ("Sam and I parted ways.", "love"),
        ("Sam and I called it quits.", "love"),
        ("Ewa called off the engagement.", "ring"),
        ("I'm done with Jira.", "jira"),
    ],
)
def test_what_is_known_is_given_up(text: str, ended: str) -> None:
    assert [end.fact_id for end in read(text, GIVEN_UP).ends] == [ended]


@pytest.mark.parametrize(
    "text",
    [
        "I'm done with Jira for today.",
        "I'm not done with Jira.",
        "I almost dropped out.",
        "I dropped out of the race.",
        "Ewa called off the wedding.",
        "I gave up on the violin.",
        "I won't give up the violin.",
        "I handed in my notice at Acme.",
    ],
)
def test_what_is_not_given_up_goes_on(text: str) -> None:
    assert read(text, GIVEN_UP) == Extraction()

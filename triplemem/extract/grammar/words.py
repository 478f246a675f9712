"""Closed classes of English words: what ends a noun phrase, what opens a clause, what nobody is called."""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


ADVERBS = _set(
    """also now still currently just recently finally actually really always already then both usually often presently
    nowadays formerly previously once originally officially sometimes mostly mainly occasionally normally generally
    typically totally absolutely definitely certainly truly honestly basically literally simply happily proudly sadly
    unfortunately luckily fortunately thankfully genuinely even ever only soon eventually lately newly jointly briefly
    permanently temporarily obviously clearly naturally probably all hardly barely rarely seldom instead again
    regularly primarily largely partly fully quietly secretly personally very so quite pretty super too especially
    particularly deeply completely severely mildly badly highly fairly extremely terribly deathly proficiently
    fluently kinda initially successfully ultimately proper since long"""
) - _set("since long")
MODALS = _set("may might could would should must can ought needs need dare")
FIRST = _set("i me myself we us ourselves mine")
PERSONS = _set("he she him himself herself")
THINGS = _set("it itself")
MANY = _set("they them themselves")
PRONOUNS = FIRST | PERSONS | THINGS | MANY | _set("her")
POSSESSIVES = _set("my our his her their its your")
ARTICLES = _set("a an the this that these those some any another each every no both all")
COUNTS = _set("two three four five six seven eight nine ten twelve several many few 2 3 4 5 6 7 8 9 10")
PREPOSITIONS = _set(
    """in on at to from of for with by as about into onto over under after before between near around through during
    without within against among across behind beyond beside besides toward towards via per like than off out up down
    since until till inside outside along despite except upon alongside throughout"""
)
CONJUNCTIONS = _set("and but or nor yet so because although though while whereas since as plus then & /")
RELATIVES = _set("who whom whose which that where when why how what")
BE_FORMS = _set("am is are was were be been being 's")
AUXILIARIES = BE_FORMS | _set("have has had do does did will shall would could should may might must can 'd not never")
AFTER_NOUN = _set(
    """now again too together alone there here full-time part-time remotely well currently still already though yet
    anymore else instead anyway today daily weekly online either everyday always often sometimes regularly lately
    recently ever really very much only also just afterwards later earlier soon once twice abroad nearby upstairs
    professionally semi-professionally competitively both each every all most another if unless whether because
    myself yourself himself herself themselves ago away back forever please honestly right ok okay
    tbh lol lmao rofl haha hehe btw rn atm imo imho ngl fwiw iirc afaik tho smh omg fyi asap fr"""
)
STOPS = PREPOSITIONS | CONJUNCTIONS | RELATIVES | AUXILIARIES | AFTER_NOUN | PRONOUNS | POSSESSIVES | _set("you your")
LY_NOUNS = _set(
    "family assembly supply italy july monopoly jelly belly fly butterfly anomaly ally lily emily kelly sally"
)


def is_adverb(low: str) -> bool:
    """Is it an adverb: one of the list, or a longer word in -ly that is no noun?"""
    return low in ADVERBS or (len(low) > 5 and low.endswith("ly") and low not in LY_NOUNS)


GREETINGS = _set("hey hi hello thanks thank dear morning evening sorry yes yeah yep no nope ok okay")
CHATTER = _set("btw lol lmao rofl haha hahaha hehe tbh ngl smh omg imo imho fwiw fyi fr xd")
"""What is said of a sentence at its end, and belongs to none of its words."""
OPENERS = _set(
    """oh well yes yeah yep no nope ok okay hey hi hello btw tbh fwiw ngl also so and but anyway anyways still plus
    fyi ah aha hmm
    honestly actually frankly right great cool nice thanks sorry good morning news update reminder note correction sure
    fun fact by the way in of for to be as you know first second third finally lastly besides moreover furthermore
    however meanwhile fortunately unfortunately luckily sadly happily surprisingly incidentally apart personally now
    then recently currently today listen look wow haha lol fair enough quick heads-up heads up yay hooray exciting big
    nowadays lately basically obviously clearly officially eventually originally previously formerly once because
    although though since after before while whereas even turns it out guess what just anyhow look
    weirdly oddly strangely funnily interestingly amazingly ironically curiously miraculously annoyingly regrettably
    tragically bizarrely admittedly unexpectedly unsurprisingly inexplicably shockingly"""
)

# Words that stand capitalised at the start of a sentence and are nobody's name.
COMMON = _set(
    """a an the this that these those some any another each every no both all i me my mine we us our ours you your he
    him
    his she her they them their it its who whom whose which what when where why how if unless whether because although
    though while since until as like than and or but nor so yet for of in on at to from with by about into over under
    after before between not never now then here there today tomorrow yesterday tonight soon later once again always
    often sometimes usually maybe perhaps probably please thanks thank sorry yes no yeah yep nope ok okay hey hi hello
    well oh ah wow haha lol great good nice cool bad sad happy glad sure fine fair right wrong true false sounds looks
    seems feels let lets do does did done is are was were be been being am have has had having will would shall should
    can could may might must need want get got go goes going went come came take took make made say says said tell told
    ask asked think thought know knew see saw look looking find found give gave use used work works worked working play
    playing live living love loved like liked hate hope wish try trying start started stop stopped keep put set run
    running read reading write writing call called move moved moving turn turned leave left leaving meet met buy bought
    sell sold win won lose lost join joined marry married divorce adopt adopted visit visited learn learned teach build
    built create created send sent wait waiting remember forget note check just only even also still already almost
    really very too much many more most less least few several lots plenty everyone everybody someone somebody anyone
    anybody nobody none nothing something anything everything people person guys folks team friends family mom dad mum
    one two three four five six seven eight nine ten first second last next half twice monday tuesday wednesday thursday
    friday saturday sunday january february march april may june july august september october november december spring
    summer autumn fall winter morning afternoon evening night day days week weeks month months year years time times
    weekend holiday holidays birthday christmas news update question questions answer problem issue issues plan plans
    project meeting meetings call email emails message messages photo photos picture pictures link links work job jobs
    home house school office coffee tea food lunch dinner breakfast music movie movies book books game games dogs cats
    kids children things thing stuff money weather rain snow sun water life love luck congratulations congrats welcome
    happy dear any new old big small same other different best better worse worst anyway besides however meanwhile
    finally recently currently lately honestly actually seriously apparently unfortunately luckily fortunately hopefully
    clearly obviously basically definitely absolutely exactly totally quite pretty long short early late fun funny
    interesting exciting amazing awesome wonderful lovely beautiful terrible awful crazy weird strange hard easy busy
    tired ready free full part whole back down up out off away around inside outside near far without within during
    through across along against among toward towards except per via plus minus deploys deploy tests test bugs bug
    errors error logs log tickets ticket release releases graphs graph model models data code server servers users user
    customers customer clients client sales marketing design engineering research legal finance support product
    management leadership health exercise sleep cooking hiking swimming running reading writing travel travelling
    traveling practice training learning neighbours neighbors doctors doctor nurse teachers parents parent english
    i'm aunt uncle grandma grandpa grandmother grandfather mother father brother sister son daughter wife husband boss
    manager colleague roommate cousin nephew niece partner boyfriend girlfriend fiance fiancee dog cat pet pets car
    deadline status budget launch correction reminder fyi btw ps update heads long-term short-term cake pizza sushi"""
)

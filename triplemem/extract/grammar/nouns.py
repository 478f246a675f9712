"""What common nouns mean to us: kin and ties, pets, roles, groups, conditions, attributes of a person or a project."""

from __future__ import annotations

from typing import NamedTuple


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Tie(NamedTuple):
    """What "my X" says: the predicate from the owner to whoever is named, their kind and gender."""

    predicate: str
    kind: str = "person"
    gender: str = ""


_TIES = {
    "has_mother f": "mother mom mum mama mommy mummy ma",
    "has_father m": "father dad papa daddy pa",
    "has_sister f": "sister sis",
    "has_brother m": "brother bro",
    "has_sibling": "sibling twin",
    "has_child m": "son",
    "has_child f": "daughter",
    "has_child": "child kid baby toddler newborn eldest youngest firstborn",
    "married_to m": "husband hubby",
    "married_to f": "wife",
    "married_to": "spouse",
    "engaged_to m": "fiance fiancé",
    "engaged_to f": "fiancee fiancée",
    "dating m": "boyfriend bf",
    "dating f": "girlfriend gf",
    "dating": "partner",
    "friend_of": "friend bestie buddy pal",
    "works_with": "colleague coworker co-worker teammate workmate",
    "lives_with": "roommate flatmate housemate",
    "reports_to": "boss manager supervisor",
}
_OTHERS = {
    "f": "aunt auntie niece grandmother grandma gran granny nan nana granddaughter stepmother stepsister "
    "stepdaughter godmother "
    "mother-in-law sister-in-law daughter-in-law ex-wife ex-girlfriend landlady half-sister",
    "m": "uncle nephew grandfather grandpa grandad granddad grandson stepfather stepbrother stepson "
    "godfather father-in-law "
    "brother-in-law son-in-law ex-husband ex-boyfriend landlord half-brother",
    "": "cousin neighbor mentor therapist doctor dentist tutor trainer coach teacher assistant accountant lawyer "
    "advisor adviser grandchild godchild nanny babysitter vet intern",
}
_SPELT = {
    "grandma": "grandmother", "gran": "grandmother", "granny": "grandmother", "nan": "grandmother",
    "nana": "grandmother", "grandad": "grandfather", "granddad": "grandfather", "grandpa": "grandfather",
    "auntie": "aunt", "adviser": "advisor", "neighbour": "neighbor",
}  # fmt: skip
_PETS = (
    "dog cat puppy kitten hamster rabbit bunny parrot horse pony goldfish turtle tortoise snake lizard gecko hedgehog "
    "ferret budgie canary parakeet cockatiel labrador poodle beagle terrier corgi dachshund retriever collie pug "
    "guinea-pig chinchilla iguana pup doggo axolotl greyhound husky tabby spaniel shepherd "
    "goat donkey llama alpaca gerbil cockatoo pet"
)
TIES: dict[str, Tie] = {}
for _key, _words in _TIES.items():
    _predicate, _, _gender = _key.partition(" ")
    TIES |= {word: Tie(_predicate, "person", _gender) for word in _words.split()}
for _gender, _words in _OTHERS.items():
    for _word in _words.split():
        _name = _SPELT.get(_word, _word).replace("-", "_")
        TIES[_word] = Tie(f"has_{_name}", "person", _gender)
TIES["neighbour"] = TIES["neighbor"]
TIES |= {word: Tie("has_pet", "animal") for word in _PETS.split()}
PETS = frozenset(_PETS.split())
_PLURALS = {"children": "child", "wives": "wife", "puppies": "puppy", "bunnies": "bunny", "ponies": "pony",
            "babies": "baby", "twins": "child",
            "goldfish": "goldfish", "huskies": "husky", "tabbies": "tabby"}  # fmt: skip
PLURALS = {word + "s": word for word in TIES} | _PLURALS
"""Plural of a tie to its singular."""

# Predicates of "X is friends with Y", "X and Y are siblings".
TOGETHER = {
    "friends": "friend_of", "siblings": "has_sibling", "twins": "has_sibling", "colleagues": "works_with",
    "coworkers": "works_with", "co-workers": "works_with", "teammates": "works_with", "roommates": "lives_with",
    "flatmates": "lives_with", "housemates": "lives_with", "married": "married_to", "engaged": "engaged_to",
    "dating": "dating",
}  # fmt: skip

# "X is the R of Y": the predicate from X to Y; "<" if it runs from Y to X.
ROLE_OF = {
    "ceo": "ceo_of", "cto": "cto_of", "cfo": "cfo_of", "coo": "coo_of", "president": "president_of",
    "chair": "chair_of", "chairman": "chair_of", "chairwoman": "chair_of", "chairperson": "chair_of",
    "mayor": "mayor_of", "captain": "captain_of", "principal": "principal_of", "headmaster": "principal_of",
    "headteacher": "principal_of", "headmistress": "principal_of", "dean": "dean_of", "coach": "coach_of",
    "head": "leads", "lead": "leads", "leader": "leads", "director": "leads", "manager": "leads", "boss": "leads",
    "founder": "founded", "co-founder": "founded", "cofounder": "founded", "owner": "owns", "author": "wrote",
    "creator": "created", "inventor": "created", "designer": "created", "builder": "built", "maintainer": "maintains",
    "member": "member_of", "fan": "likes", "lover": "likes", "part": "part_of", "resident": "lives_in",
    "native": "from", "winner": "won", "graduate": "graduated_from", "alumnus": "graduated_from",
    "alumna": "graduated_from", "subsidiary": "part_of", "division": "part_of", "component": "part_of",
    "subset": "part_of", "student": "studies", "teacher": "teaches", "employee": "works_at", "speaker": "speaks",
    "reviewer": "reviewed",
}  # fmt: skip
# Roles that only one person has at a time: a name in apposition to "the CEO" is a person.
OFFICES = _set("ceo cto cfo coo president chair chairman chairwoman mayor captain principal head lead leader director")

ROLES = _set(
    """nurse doctor engineer developer programmer designer teacher professor lecturer lawyer attorney solicitor
    barrister
    architect accountant analyst consultant chef cook baker barista waiter waitress bartender plumber electrician
    carpenter mechanic pilot driver farmer gardener florist butcher fisherman firefighter paramedic policeman detective
    soldier sailor writer author poet novelist journalist reporter editor translator interpreter photographer painter
    sculptor illustrator artist musician singer composer conductor dj drummer guitarist violinist pianist cellist
    bassist actor actress dancer comedian director producer filmmaker scientist physicist chemist biologist geologist
    mathematician statistician economist psychologist psychiatrist therapist counselor counsellor surgeon dentist vet
    veterinarian pharmacist optician physiotherapist radiologist cardiologist midwife caregiver nanny babysitter
    librarian archivist curator historian philosopher linguist researcher postdoc intern apprentice trainee student
    secretary receptionist assistant administrator clerk cashier salesperson salesman saleswoman marketer recruiter
    manager supervisor executive entrepreneur founder freelancer contractor banker broker trader investor auditor
    actuary realtor realtor landlord politician diplomat judge prosecutor priest pastor rabbi imam monk nun coach
    trainer athlete footballer swimmer runner cyclist boxer referee tutor instructor technician operator welder mason
    roofer tailor jeweler jeweller blacksmith potter weaver hairdresser barber stylist model beautician cleaner janitor
    guard security lifeguard courier postman mailman trucker conductor steward stewardess astronaut astronomer
    meteorologist ecologist zoologist botanist marine programmer webmaster sysadmin devops cto ceo cfo coo president
    strategist planner coordinator specialist expert copywriter blogger youtuber streamer podcaster influencer officer
    paralegal nutritionist dietitian chiropractor podiatrist optometrist dermatologist neurologist oncologist
    pediatrician paediatrician obstetrician anesthetist anaesthetist toxicologist epidemiologist beekeeper brewer
    winemaker sommelier surveyor machinist lead principal head dean zookeeper ranger magician mechanic scrum
    paediatrician animator archaeologist anthropologist sociologist geneticist luthier bookbinder cabinetmaker
    partner associate fellow advisor adviser ambassador councillor councilor mayor senator captain colonel sergeant
    lieutenant major general admiral detective inspector sheriff superintendent headteacher bookkeeper cartographer"""
)
ROLE_ENDINGS = (
    "ologist",
    "ician",
    "engineer",
    "manager",
    "designer",
    "developer",
    "analyst",
    "worker",
    "keeper",
    "maker",
    "smith",
)
NO_ROLES = _set(
    """mother father sister brother beginner stranger newcomer member winner loser lover owner leader helper believer
    sucker killer player fan reader early riser person morning owl night liar fighter survivor follower user customer
    monster disaster number matter letter computer printer picker eater vegetarian drinker smoker foreigner thinker
    pleaser hater worrier planner dreamer minor senior junior doctor's teenager subscriber holder order offer bummer
    keeper grandmother grandfather gamer supporter sinner"""
)

GROUPS = _set(
    """club band choir team orchestra quartet trio union society party committee board league church gym group council
    association guild squad crew ensemble network chapter community collective cooperative troupe federation fraternity
    sorority parliament brigade senate department lab staff faculty panel"""
)
UNITS = GROUPS | _set(
    """department division company business startup start-up firm shop store bakery cafe café restaurant bar hotel
    agency studio office project program programme initiative workstream podcast blog newsletter channel magazine school
    university college hospital clinic charity foundation nonprofit non-profit organization organisation unit branch
    workshop farm gallery museum library theatre theater festival conference meetup newsroom desk operation operations
    marketing sales design engineering research finance legal support hr infrastructure security platform product data
    logistics procurement growth onboarding migration account accounts campaign redesign rollout pilot site website
    factory plant warehouse practice kitchen ward garage salon expedition mission camp reading-group laboratory
    chapter section forum server rewrite integration service services backend frontend analytics recruitment hiring
    shift region territory
    partnerships communications content editorial accounting bookshop bookstore nursery kindergarten institute centre
    center brewery winery vineyard team's squad task-force taskforce"""
)
SCHOOLS = _set("university college school institute academy mit eth ucla lse uni polytechnic conservatory seminary")
PROJECTS = _set(
    "project app application service system platform website site api module library repo package release tool feature"
)
VEHICLES = _set(
    """car bike bicycle motorbike motorcycle boat sailboat house apartment flat condo cottage cabin farm van truck
    scooter moped vespa piano guitar violin cello telescope kayak canoe yacht caravan camper campervan rv tractor
    bakery restaurant shop café cafe company business bookshop bookstore studio vineyard gallery garage land
    motorhome trailer drone camera laptop printer houseboat tesla store hotel brewery salon"""
)
FLEETING = _set(
    """idea way fact look sound thought part bit lot lots kind sort moment feeling feel point question answer plan
    meeting time times day thing things stuff one ones name chance word words job weather vibe energy attitude news
    view place here there same while hell fun trick story joke photo picture pictures photos post message result
    detail details something nothing anything everything everyone someone anyone nobody somebody anybody everybody
    suggestion comment colour-scheme change changes future past present problem other others mine yours hers
    ours theirs"""
)

CONDITIONS = _set(
    """diabetes asthma adhd add autism migraine migraines epilepsy arthritis anemia anaemia hypertension insomnia
    depression anxiety dyslexia celiac coeliac eczema psoriasis fibromyalgia lupus crohn's ibs tinnitus vertigo
    narcolepsy scoliosis osteoporosis hypothyroidism endometriosis pcos ocd ptsd bipolar glaucoma cataracts sciatica
    gout hemophilia haemophilia cancer leukemia leukaemia tendinitis hay-fever rosacea apnea apnoea dementia
    parkinson's alzheimer's sarcoidosis allergies colitis reflux gerd colour-blindness vitiligo hepatitis dyspraxia
    dyscalculia claustrophobia"""
)
CONDITION_HEADS = _set(
    "disease syndrome disorder condition intolerance deficiency apnea apnoea fever palsy diabetes pressure "
    "dystrophy sclerosis"
)
CONDITION_ADJECTIVES = {
    "diabetic": "diabetes", "asthmatic": "asthma", "epileptic": "epilepsy", "dyslexic": "dyslexia",
    "autistic": "autism", "anemic": "anemia", "anaemic": "anaemia", "celiac": "celiac disease",
    "coeliac": "coeliac disease", "color-blind": "color blindness", "colour-blind": "colour blindness",
    "colorblind": "color blindness", "colourblind": "colour blindness", "claustrophobic": "claustrophobia",
}  # fmt: skip
DIETS = _set(
    "vegetarian vegan pescatarian pescetarian kosher halal flexitarian gluten-free dairy-free keto paleo "
    "omnivore carnivore"
)
MARITAL = _set("single divorced widowed separated unmarried married engaged")
EMPLOYMENT = _set("unemployed retired self-employed freelance freelancing jobless")
STATUSES = _set(
    """delayed done finished complete completed cancelled canceled paused live blocked stalled deprecated archived
    shipped launched released deployed closed abandoned suspended postponed ready"""
)
STATUS_PHRASES = {
    "on": _set("hold track schedule ice"),
    "in": _set("beta production development review progress testing staging alpha maintenance"),
}

LANGUAGES = _set(
    """english french german spanish italian portuguese dutch norwegian swedish danish finnish icelandic polish czech
    slovak hungarian romanian bulgarian greek turkish russian ukrainian serbian croatian slovenian albanian arabic
    hebrew persian farsi urdu hindi bengali punjabi tamil telugu kannada malayalam marathi gujarati nepali sinhala thai
    vietnamese khmer lao burmese malay indonesian tagalog filipino chinese mandarin cantonese japanese korean mongolian
    swahili zulu xhosa afrikaans amharic somali yoruba igbo hausa welsh irish gaelic scots basque catalan galician
    latin esperanto estonian latvian lithuanian georgian armenian azerbaijani kazakh uzbek pashto kurdish maltese
    luxembourgish breton maori hawaiian quechua yiddish flemish asl bsl klingon toki"""
)
TOOLS = _set(
    """jira linear notion slack teams asana trello github gitlab bitbucket postgres postgresql mysql mongodb redis
    sqlite
    python java javascript typescript rust go golang ruby php kotlin swift react vue angular svelte django flask rails
    aws azure gcp heroku vercel netlify docker kubernetes terraform ansible jenkins circleci windows mac macos linux
    ubuntu debian fedora android ios iphone vim neovim emacs vscode figma sketch photoshop gmail outlook zoom webex
    discord telegram signal whatsapp firefox chrome safari brave excel sheets airtable obsidian evernote onenote
    confluence spotify npm yarn pnpm webpack vite kafka rabbitmq elasticsearch snowflake bigquery databricks salesforce
    hubspot zendesk intercom tableau looker grafana prometheus datadog sentry
    zulip mattermost helix buildkite fastmail protonmail bitwarden lastpass hetzner digitalocean linode nginx valkey
    clickhouse cassandra dynamodb cockroachdb neo4j elixir haskell scala clojure perl laravel fastapi gradle bazel
    podman pulumi"""
)
TOOL_MAKERS = _set(
    """jira linear notion slack asana trello github gitlab heroku vercel netlify docker figma zoom discord telegram
    spotify snowflake databricks salesforce hubspot zendesk intercom tableau datadog sentry airtable evernote webex
    zulip mattermost buildkite fastmail bitwarden lastpass hetzner digitalocean linode clickhouse cockroachdb neo4j
    pulumi"""
)
"""Tools whose name is that of the company behind them, too: one may work there."""
PLACES = _set(
    """london paris berlin rome madrid lisbon porto oslo bergen stockholm copenhagen helsinki dublin edinburgh glasgow
    manchester liverpool birmingham leeds bristol amsterdam rotterdam brussels antwerp vienna zurich geneva basel bern
    munich hamburg cologne frankfurt stuttgart leipzig dresden milan turin naples florence venice bologna barcelona
    valencia seville prague warsaw krakow budapest bucharest sofia athens istanbul ankara moscow kyiv kiev tallinn riga
    vilnius lyon marseille nice bordeaux toulouse lille nantes strasbourg boston chicago seattle portland austin dallas
    houston denver atlanta miami philadelphia detroit phoenix toronto montreal vancouver ottawa calgary tokyo osaka
    kyoto seoul busan beijing shanghai shenzhen singapore bangkok hanoi jakarta manila mumbai delhi bangalore bengaluru
    chennai kolkata hyderabad karachi lahore dhaka dubai doha riyadh cairo nairobi lagos accra johannesburg sydney
    melbourne brisbane perth auckland wellington reykjavik france germany spain italy portugal norway sweden denmark
    finland iceland ireland england scotland wales netherlands belgium austria switzerland poland hungary romania
    bulgaria greece turkey russia ukraine estonia latvia lithuania canada mexico brazil argentina chile peru colombia
    japan china korea india pakistan bangladesh thailand vietnam indonesia malaysia philippines australia egypt kenya
    nigeria ghana morocco tunisia israel jordan lebanon texas california florida oregon nevada ohio michigan york
    europe asia africa usa uk us america britain cambridge oxford"""
)
# Names whose bearer's gender is near certain, for "he" and "she" when several people were named.
FEMALE = _set(
    "petra marta ines olga pia selma freya greta lea hanna ingrid sofia vera tina gina ellen alina nadia yasmin leila "
    "zara layla sana meera anita rita lucia camila valentina beatriz joana ana teresa carmen pilar chiara elisa "
    "ann anna anne alice maria mary emma olivia sophia sophie julia laura sara sarah lisa jane emily lucy eva eve "
    "ida mina clara nina rosa carol carla diana elena irene helen grace hannah amy kate katie rachel rebecca "
    "priya aisha fatima yuki mei linda susan karen nancy betty sandra donna ruth amanda melissa jessica ashley "
    "julie martha zoe chloe mia ella ava isabella charlotte amelia cleo nora leah maya lena greta ingrid astrid "
    "freya paula monica claire marie"
)
MALE = _set(
    "bob tom john james robert michael david william richard joseph thomas charles daniel matthew anthony mark "
    "paul steven andrew kenneth george joshua kevin brian edward ronald timothy jason jeffrey ryan jacob gary "
    "nicholas eric jonathan stephen larry justin scott brandon benjamin samuel frank gregory raymond alexander "
    "patrick jack dennis jerry tyler aaron henry peter adam nathan zachary walter kyle harold carl arthur roger "
    "keith emil theo jonas lukas luke oscar hugo leo max felix anton ivan igor boris omar ali ahmed hassan raj "
    "arjun kenji hiroshi diego carlos pablo miguel javier marco luca giovanni stefan hans otto lars sven erik "
    "bjorn olaf ben sam dan mike jim joe bill steve greg"
)

# "my X is V", "X's A is V", "the A of X is V".
ATTRIBUTES = {
    "name": "name", "nickname": "name", "email": "email", "e-mail": "email", "phone": "phone", "number": "phone",
    "mobile": "phone", "cell": "phone", "address": "address", "timezone": "timezone", "zone": "timezone",
    "pronouns": "pronouns", "birthday": "birthday", "bday": "birthday", "birthdate": "birthday",
    "hometown": "from", "job": "works_as",
    "profession": "works_as", "occupation": "works_as", "title": "works_as", "role": "works_as", "goal": "goal",
    "aim": "goal", "ambition": "goal", "resolution": "goal", "dream": "goal", "major": "studies", "diet": "diet",
    "employer": "works_at", "deadline": "due_on", "status": "status", "age": "age", "birthplace": "born_in",
    "language": "speaks", "tongue": "speaks", "launch": "due_on", "release": "due_on", "date": "due_on",
    "headquarters": "located_in", "hq": "located_in",
}  # fmt: skip

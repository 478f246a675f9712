"""Names of places and employers that are widely known: evidence where a sentence leaves open which is meant."""

from __future__ import annotations

from triplemem.extract.grammar.nouns import PLACES, TOOL_MAKERS
from triplemem.extract.grammar.tokens import Token


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLACES = PLACES | _set(
    """eu cork galway limerick belfast cardiff swansea newcastle sheffield nottingham leicester coventry brighton exeter
    plymouth bath norwich durham aberdeen dundee inverness hull derby stoke reading windsor essex kent sussex
    devon cornwall utrecht eindhoven delft leiden hague groningen haarlem arnhem nijmegen maastricht ghent bruges
    leuven liège namur lausanne lugano lucerne gallen innsbruck salzburg graz linz bonn düsseldorf dortmund essen
    bremen hannover hanover nuremberg nürnberg münchen köln mannheim karlsruhe münster aachen kiel rostock potsdam
    weimar jena erfurt kassel zürich genève bodø tromsø trondheim stavanger drammen göteborg gothenburg malmö malmo
    uppsala lund linköping umeå aarhus odense aalborg vejle espoo tampere turku oulu tartu kaunas gdansk gdańsk wroclaw
    wrocław poznan poznań łódź lodz lublin kraków brno ostrava bratislava košice ljubljana maribor zagreb split rijeka
    belgrade sarajevo skopje tirana podgorica pristina bucurești cluj timisoara iasi plovdiv varna thessaloniki izmir
    bursa antalya odesa lviv kharkiv minsk petersburg kazan tbilisi yerevan baku montpellier rennes grenoble dijon
    nancy nîmes avignon metz brest cannes antibes torino genoa genova trieste padua padova verona pisa siena
    perugia palermo catania bari lecce parma modena matera granada málaga malaga bilbao zaragoza valladolid salamanca
    córdoba cádiz vigo oviedo santander alicante murcia ibiza mallorca tenerife coimbra braga faro aveiro madeira
    azores quito guayaquil lima cusco bogotá bogota medellín medellin cali cartagena caracas santiago valparaíso
    montevideo asunción rosario mendoza paulo janeiro brasília brasilia salvador recife fortaleza curitiba havana
    kingston nassau guadalajara monterrey oaxaca tijuana cancún guatemala managua tegucigalpa panama ecuador bolivia
    paraguay uruguay venezuela cuba jamaica haiti honduras nicaragua francisco angeles diego jose sacramento oakland
    berkeley vegas tucson albuquerque boise tulsa omaha wichita memphis nashville louisville cincinnati cleveland
    columbus indianapolis milwaukee minneapolis minnesota madison pittsburgh buffalo rochester albany brooklyn
    manhattan queens bronx harlem newark baltimore richmond raleigh charlotte charleston savannah orlando tampa
    orleans antonio paso worth honolulu anchorage alaska hawaii utah arizona colorado montana wyoming idaho
    kansas iowa missouri arkansas louisiana mississippi alabama tennessee kentucky indiana illinois wisconsin virginia
    maryland delaware jersey connecticut massachusetts vermont maine quebec québec winnipeg edmonton halifax saskatoon
    ontario manitoba alberta yokohama nagoya sapporo fukuoka kobe hiroshima daegu incheon taipei taiwan kaohsiung
    guangzhou chengdu wuhan hangzhou nanjing tianjin xiamen macau kong saigon minh hue cebu davao bandung bali
    penang phuket chiang rangoon yangon mandalay kathmandu nepal colombo lanka pune jaipur ahmedabad surat goa kochi
    kerala punjab lucknow nagpur indore islamabad rawalpindi peshawar kabul afghanistan tehran iran isfahan baghdad
    iraq damascus syria beirut amman jerusalem haifa aviv kuwait bahrain manama muscat oman yemen abu dhabi emirates
    arabia jeddah mecca alexandria giza khartoum sudan tunis algiers algeria casablanca marrakesh rabat fez dakar
    senegal bamako mali abidjan kumasi cotonou benin togo lomé enugu abuja kano ibadan kampala uganda kigali rwanda
    mombasa tanzania dodoma zanzibar ethiopia addis ababa mogadishu somalia lusaka zambia harare zimbabwe maputo
    mozambique luanda angola kinshasa congo cameroon gabon windhoek namibia botswana durban pretoria madagascar
    mauritius hobart darwin canberra adelaide tasmania queensland zealand christchurch dunedin hamilton fiji
    greenland bavaria saxony tuscany sicily sardinia catalonia andalusia brittany normandy provence alps
    scandinavia slovakia slovenia croatia serbia bosnia montenegro kosovo macedonia albania moldova belarus georgia
    armenia azerbaijan kazakhstan uzbekistan mongolia laos cambodia myanmar brunei siberia cyprus nicosia malta
    valletta luxembourg liechtenstein monaco andorra luton dubrovnik bergamo como ravenna rimini
    wigan swindon slough bolton bury oldham rochdale stockport preston blackpool burnley salford warrington crewe
    chester lancaster carlisle darlington middlesbrough sunderland gateshead hartlepool wakefield huddersfield barnsley
    doncaster rotherham grimsby lincoln peterborough ipswich colchester chelmsford basildon southend watford
    guildford woking crawley hastings eastbourne portsmouth southampton bournemouth poole swanage taunton
    gloucester cheltenham worcester hereford shrewsbury telford wolverhampton walsall dudley solihull stafford
    northampton kettering bedford stirling paisley kilmarnock wrexham bangor zwolle apeldoorn enschede almere amersfoort
    breda tilburg leeuwarden deventer hengelo emmen venlo heerlen roermond alkmaar hilversum zaandam dordrecht gouda
    vlissingen middelburg assen hasselt mechelen kortrijk oostende ulm augsburg regensburg würzburg heidelberg freiburg
    tübingen konstanz göttingen oldenburg osnabrück bielefeld paderborn wuppertal bochum trier koblenz mainz wiesbaden
    annecy angers limoges poitiers caen rouen amiens reims besançon toulon"""
)
_FIRMS = TOOL_MAKERS | _set(
    """acme globex initech hooli google alphabet meta facebook amazon microsoft apple netflix nvidia intel amd ibm
    oracle sap siemens bosch bmw daimler volkswagen audi porsche toyota honda nissan hyundai sony samsung panasonic
    philips asml shell bp equinor statkraft nestlé nestle unilever danone pfizer novartis roche bayer astrazeneca gsk
    sanofi ikea h&m zara klarna ericsson nokia saab scania uber lyft airbnb stripe shopify adobe tesla spacex openai
    anthropic deepmind twitter linkedin pinterest tiktok bytedance alibaba tencent huawei xiaomi accenture deloitte
    kpmg pwc ey
    mckinsey bain bcg capgemini infosys wipro tcs jpmorgan barclays hsbc citi citibank citigroup lloyds
    natwest monzo revolut wise n26 adyen zalando deliveroo bolt wolt tesco aldi lidl asda sainsbury's waitrose walmart
    costco starbucks mcdonald's boeing airbus lockheed vodafone telenor telia verizon at&t dhl ups fedex maersk nasa
    cern palantir cloudflare atlassian canva vercel ubisoft nintendo disney pixar hbo bbc allianz axa ing rabobank
    ford dell chanel dior gucci prada ferrari renault peugeot fiat heineken carlsberg lego basecamp mozilla canonical
    bloomberg hilton cadbury marriott citadel mars blackrock fidelity contoso fabrikam northwind cyberdyne vandelay
    umbrella wayne wonka aramco statoil electrolux hershey kellogg nielsen gartner hyatt sheraton radisson"""
)
_SHOPS = _set(
    """ikea h&m zara tesco aldi lidl asda sainsbury's waitrose walmart costco starbucks mcdonald's apple lego
    disney hilton marriott hyatt sheraton radisson hsbc barclays lloyds natwest citibank ups fedex dhl zoom discord
    slack chanel dior gucci prada"""
)
_WORDS_TOO = _set(
    """apple meta shell bolt wise ford mars oracle intel uber lego umbrella wayne sap ing ey bain ups amazon visa prada
    canonical fidelity citadel linear notion slack zoom discord figma sentry tableau intercom signal heroku asana drift
    roche bayer citi acme globex initech hooli stripe monzo klarna square box snap"""
)
"""Firms called by a common word, or that one uses more often than one works there."""
_PRODUCTS = _set(
    """word pages numbers keynote powerpoint outlook things todoist ticktick omnifocus pocket instapaper raindrop
    substack beehiiv wordpress ghost medium tumblr blogger wix squarespace webflow nikon canon fuji fujifilm leica
    pentax hulu deezer tidal youtube twitch bootstrap tailwind poetry hatch pipenv conda pandas polars numpy spark dask
    pytorch tensorflow keras jax spring quarkus micronaut logseq roam anki quizlet craft bear joplin zettlr scrivener
    kindle kobo fitbit garmin strava peloton whoop chatgpt claude gemini copilot llama cursor windsurf zed sublime atom
    eclipse intellij pycharm webstorm pixel galaxy oneplus xbox playstation switch mint ynab quicken quickbooks xero
    paypal venmo skype meet duo hey proton tutanota yahoo hotmail edge opera vivaldi arc brave unity godot unreal
    blender maya cad cura wireguard tailscale dropbox nextcloud onedrive icloud drive s3 drupal joomla hugo jekyll
    gatsby astro remix nuxt next ember backbone jquery express koa tinder hinge bumble duolingo babbel memrise yoga
    pilates crossfit judo karate buddhism islam hinduism catholicism judaism o2 ee giffgaff tmobile sprint arch nixos
    manjaro bash zsh fish tmux wayland xorg gnome kde jest vitest mocha celery hadoop hive presto trino duckdb"""
)
_ABSTRACT = ("ism", "ology", "ics", "ianity")
SOCIETIES = _set(
    """greenpeace amnesty mensa toastmasters rotary scouts guides labour tories greens freemasons ymca rspb"""
)
"""What one is a member of, rather than works at."""
CLUBS = _set(
    """ajax feyenoord psv arsenal chelsea everton spurs tottenham villa wolves fulham celtic rangers barcelona real
    atlético juventus inter roma napoli lazio bayern schalke benfica sporting psg lakers celtics warriors knicks bulls
    yankees mets dodgers cubs patriots packers cowboys eagles giants jets united city rovers wanderers athletic fc"""
)
"""Teams: on a day, one plays against them."""
_EVENTS = _set(
    """coachella lollapalooza tomorrowland roskilde sziget bonnaroo sxsw wimbledon oktoberfest eurovision wacken
    primavera woodstock davos ces wwdc neurips icml defcon fosdem biennale olympics paralympics expo worlds man
    camp tour cup open conference summit festival fair convention retreat marathon championship championships games"""
)
_ENDINGS = (
    "burg", "berg", "ville", "ton", "ham", "stadt", "dorf", "heim", "hagen", "haven", "ford", "shire", "borough",
    "bury", "mouth", "polis", "grad", "abad", "pur", "land", "stan", "minster", "chester", "caster", "holm",
)  # fmt: skip
_SHORTEST = 6


def is_known_place(low: str, *, ending: bool = True) -> bool:
    """Is the name, in lower case, that of a place: one that we know, or, with ``ending``, one that ends as they do?"""
    head = low.rpartition(" ")[2]
    if is_known_firm(low):
        return False
    return head in _PLACES or (ending and len(head) >= _SHORTEST and head.endswith(_ENDINGS))


def is_known_firm(low: str) -> bool:
    """Is the name, in lower case, that of an employer that we know?"""
    return low in _FIRMS or low.rpartition(" ")[2] in {"inc", "ltd", "corp", "gmbh", "llc"}


def is_plain_firm(low: str) -> bool:
    """Is it an employer that we know whose name, even in lower case, is no word of English: "google", not "shell"?"""
    return low in _FIRMS and low not in _WORDS_TOO


def is_known_product(low: str) -> bool:
    """Is the name, in lower case, that of a program, a brand, a pursuit: "Todoist", "Nikon", "Pilates"?"""
    head = low.rpartition(" ")[2]
    return head in _PRODUCTS or head.endswith(_ABSTRACT)


def is_known(low: str) -> bool:
    """Is the name, in lower case, that of a place, an employer or a product?"""
    return is_known_firm(low) or is_known_place(low) or is_known_product(low)


def is_known_event(name: str) -> bool:
    """Is the name, as it is written, that of a festival, a fair, a conference: "Coachella", "PyCon", "Burning Man"?"""
    head = name.rpartition(" ")[2]
    return head.lower() in _EVENTS or head.endswith(("Con", "Conf", "Fest"))


def is_workplace(low: str, *, over: bool) -> bool:
    """Does being "at" this name mean to work there? Being no longer at a shop does, too."""
    firm = is_known_firm(low) or (over and low.endswith(("bank", "soft", "corp", "tech", "ware", " group", " labs")))
    return firm and (over or low not in _SHOPS) and low not in _PLACES


def _is_version(word: str) -> bool:
    """Is the word the number of a version: "16", "3.12", "v2"?"""
    digits = word.lower().removeprefix("v").replace(".", "")
    return digits.isascii() and digits.isdigit()


def has_version(words: list[Token]) -> bool:
    """As in "Postgres 16", "React v19"."""
    return len(words) > 1 and _is_version(words[-1].text)

"""What verbs say: a table of frames, one a line.

    lemma | preposition or "-" for a direct object | type of the object | predicate | flags

Flags: ``event`` it happens at a moment, and from then on it is so; ``end`` from then on it is no longer so; ``over``
said in the past, it is over; ``swap`` the object is the subject; ``thing`` its subject is no person; ``any`` its
subject may be one or not; ``ing`` only in the progressive; ``passive`` only as a passive; ``habit`` only in the simple
present (or "used to"); ``hold`` may be asserted of the past only with a time.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frame:
    """One complement of a verb and the claim that it makes."""

    kind: str
    predicate: str
    flags: frozenset[str]


_TABLE = """
live|in|PLACE|lives_in|over
live|at|PLACE|lives_in|over
live|with|PERSON|lives_with|over
reside|in|PLACE|lives_in|over
dwell|in|PLACE|lives_in|over
move|to|PLACE|lives_in|event
move|from|PLACE|lives_in|end
move|out of|PLACE|lives_in|end
move|away from|PLACE|lives_in|end
move|into|PLACE|lives_in|event
move|in with|PERSON|lives_with|event
relocate|to|PLACE|lives_in|event
relocate|from|PLACE|lives_in|end
emigrate|to|PLACE|lives_in|event
immigrate|to|PLACE|lives_in|event
settle|in|PLACE|lives_in|event
settle|down in|PLACE|lives_in|event
stay|in|PLACE|staying_in|
stay|at|HOTEL|staying_in|
share|with|PERSON|lives_with|
work|at|ORG|works_at|over
work|for|ORG|works_at|over
work|as|ROLE|works_as|over
work|on|THING|works_on|
work|with|PERSON|works_with|
work|under|PERSON|reports_to|
intern|at|ORG|works_at|over
consult|for|ORG|works_at|over
freelance|for|ORG|works_at|over
collaborate|with|PERSON|works_with|
contribute|to|NAMED|works_on|
employ|by|ORG|works_at|passive over
employ|at|ORG|works_at|passive over
employ|as|ROLE|works_as|passive over
employ|-|PERSON|works_at|swap thing
hire|by|ORG|works_at|passive event
hire|at|ORG|works_at|passive event
hire|as|ROLE|works_as|passive event
hire|-|PERSON|works_at|swap event thing
join|-|EMPLOYER|works_at|event
join|as|ROLE|works_as|event
start|at|EMPLOYER|works_at|event
start|as|ROLE|works_as|event
start|-|STARTED|founded|event
promote|to|POST|works_as|passive event
promote|from|JOB|works_as|passive end
appoint|-|ROLE|works_as|passive event
appoint|as|ROLE|works_as|passive event
appoint|to|GROUP|member_of|passive event
elect|-|ROLE|works_as|passive event
elect|to|GROUP|member_of|passive event
name|-|ROLE|works_as|passive event
make|-|ROLE|works_as|passive event
lead|-|UNIT|leads|any over
head|-|UNIT|leads|any over
head|up|UNIT|leads|any over
run|-|UNIT|leads|any over
direct|-|UNIT|leads|any over
oversee|-|UNIT|leads|any over
chair|-|UNIT|leads|any over
captain|-|UNIT|captain_of|over
coach|-|UNIT|coach_of|over
manage|-|MANAGED|leads|any over
supervise|-|PERSON|reports_to|swap over
take|over|UNIT|leads|event
take|over as|ROLE|works_as|event
take|charge of|UNIT|leads|event
lead|by|PERSON|leads|passive swap thing
head|by|PERSON|leads|passive swap thing
run|by|PERSON|leads|passive swap thing
direct|by|PERSON|leads|passive swap thing
oversee|by|PERSON|leads|passive swap thing
chair|by|PERSON|leads|passive swap thing
manage|by|PERSON|leads|passive swap any
supervise|by|PERSON|reports_to|passive
coach|by|PERSON|coach_of|passive swap thing
report|to|PERSON|reports_to|any over
answer|to|PERSON|reports_to|
study|-|SUBJECT|studies|over
study|at|ORG|studies_at|over
major|in|SUBJECT|studies|over
minor|in|SUBJECT|studies|over
enrol|at|ORG|studies_at|event
enroll|at|ORG|studies_at|event
enrol|in|COURSE|attends|event
enroll|in|COURSE|attends|event
attend|-|COURSE|attends|over
graduate|from|ORG|graduated_from|event
teach|-|SUBJECT|teaches|over
teach|at|ORG|works_at|over
teach|by|PERSON|teaches|passive swap thing
bear|in|PLACE|born_in|passive event
grow|up in|PLACE|from|event
come|from|PLACE|from|habit
hail|from|PLACE|from|habit
marry|-|PERSON|married_to|event
marry|to|PERSON|married_to|passive
engage|to|PERSON|engaged_to|passive
get|married to|PERSON|married_to|event
get|engaged to|PERSON|engaged_to|event
divorce|-|PERSON|married_to|end
divorce|from|PERSON|married_to|end passive
get|divorced from|PERSON|married_to|end
separate|from|PERSON|married_to|end
break|up with|PERSON|dating|end
split|up with|PERSON|dating|end
split|from|PERSON|dating|end
date|-|PERSON|dating|ing
go|out with|PERSON|dating|ing
meet|-|PERSON|met|event
adopt|-|PET|has_pet|event
rescue|-|PET|has_pet|event
get|-|GOT|owns|event
buy|-|FIRM|acquired|event thing
buy|-|GOODS|owns|event
purchase|-|GOODS|owns|event
inherit|-|GOODS|owns|event
own|-|OWNED|owns|any over
own|by|HOLDER|owns|passive swap thing
own|by|NAMED|owns|passive swap thing
sell|-|GOODS|owns|end
like|-|LIKED|likes|
love|-|LIKED|likes|
enjoy|-|LIKED|likes|
adore|-|LIKED|likes|
hate|-|LIKED|dislikes|
dislike|-|LIKED|dislikes|
detest|-|LIKED|dislikes|
loathe|-|LIKED|dislikes|
despise|-|LIKED|dislikes|
prefer|-|LIKED|prefers|
fear|-|LIKED|afraid_of|
speak|-|LANGUAGE|speaks|over
learn|-|SKILL|learning|ing
read|-|TITLE|reading|ing
eat|-|FOOD|eats|habit
drink|-|FOOD|drinks|habit
drive|-|CAR|drives|habit
use|-|TOOL|uses|any
switch|to|TOOL|uses|event any
switch|from|TOOL|uses|end any
switch|over to|TOOL|uses|event any
migrate|to|TOOL|uses|event any
migrate|from|TOOL|uses|end any
use|by|NAMED|uses|passive swap thing
depend|on|THING|depends_on|thing
rely|on|THING|depends_on|thing
run|on|THING|runs_on|thing
deploy|on|THING|runs_on|passive thing
deploy|to|THING|runs_on|passive thing
host|on|THING|runs_on|passive thing
host|by|THING|runs_on|passive thing
write|in|LANG|written_in|passive thing
implement|in|LANG|written_in|passive thing
code|in|LANG|written_in|passive thing
block|by|THING|blocked_by|passive thing
block|on|THING|blocked_by|passive thing
block|-|BLOCKED|blocked_by|swap thing
belong|to|OWNER|owns|swap thing
belong|to|GROUP|member_of|any
volunteer|at|ORG|volunteers_at|over
volunteer|for|ORG|volunteers_at|over
volunteer|with|ORG|volunteers_at|over
found|-|COMPANY|founded|event any
co-found|-|COMPANY|founded|event any
cofound|-|COMPANY|founded|event any
establish|-|COMPANY|founded|event any
found|by|PERSON|founded|passive swap event thing
co-found|by|PERSON|founded|passive swap event thing
establish|by|PERSON|founded|passive swap event thing
create|-|WORK|created|event any
invent|-|WORK|created|event any
design|-|WORK|created|event any
create|by|PERSON|created|passive swap event thing
invent|by|PERSON|created|passive swap event thing
design|by|PERSON|created|passive swap event thing
build|-|WORK|built|event any
build|by|PERSON|built|passive swap event thing
write|-|WORK|wrote|event
author|-|WORK|wrote|event
write|by|PERSON|wrote|passive swap event thing
author|by|PERSON|wrote|passive swap event thing
review|-|WORK|reviewed|event
review|by|PERSON|reviewed|passive swap event thing
maintain|-|THING|maintains|any
maintain|by|PERSON|maintains|passive swap thing
win|-|PRIZE|won|event
win|by|PERSON|won|passive swap event thing
award|-|PRIZE|won|passive event
visit|-|PLACE|visited|event
go|to|TRIP|visited|event
go|to|SCHOOL|studies_at|habit
travel|to|PLACE|visited|event
acquire|-|NAMED|acquired|event thing
acquire|by|NAMED|acquired|passive swap event thing
buy|by|NAMED|acquired|passive swap event thing
play|-|GAME|plays|habit
play|for|GROUP|member_of|
play|in|BAND|member_of|
sing|in|BAND|member_of|
suffer|from|CONDITION|has_condition|
diagnose|with|CONDITION|has_condition|passive event
turn|-|AGE|age|event
base|in|PLACE|located_in|passive thing over
base|in|PLACE|lives_in|passive over
locate|in|PLACE|located_in|passive thing over
headquarter|in|PLACE|located_in|passive thing over
schedule|for|DATE|due_on|passive thing
reschedule|for|DATE|due_on|passive thing moved
reschedule|to|DATE|due_on|passive thing moved
postpone|to|DATE|due_on|passive thing moved
postpone|until|DATE|due_on|passive thing moved
delay|to|DATE|due_on|passive thing moved
delay|until|DATE|due_on|passive thing moved
push|to|DATE|due_on|passive thing moved
push|back to|DATE|due_on|passive thing moved
code|in|TOOL|uses|
program|in|TOOL|uses|
ship|on|DATE|due_on|thing
ship|in|DATE|due_on|thing
launch|on|DATE|due_on|thing
launch|in|DATE|due_on|thing
look|after|THING|responsible_for|
take|care of|THING|responsible_for|
open|-|STARTED|founded|event
go|-|DIET|diet|event
follow|-|DIET|diet|
take|-|LESSONS|learning|ing
call|-|CALLED|name|passive any
name|-|CALLED|name|passive any
go|by|CALLED|name|
assign|to|THING|works_on|passive event
root|for|NAMED|likes|
"""

FRAMES: dict[str, dict[str, list[Frame]]] = {}
for _line in _TABLE.strip().splitlines():
    _lemma, _slot, _kind, _predicate, _flags = _line.split("|")
    FRAMES.setdefault(_lemma, {}).setdefault("" if _slot == "-" else _slot, []).append(
        Frame(_kind, _predicate, frozenset(_flags.split()))
    )
BARE = tuple(
    """quit resign retire leave replace succeed step fire lay let become die pass stop cease give begin mean separate
    accept take need finish know end lose crash donate return do swap trade ditch drop cancel bring sack dismiss
    expel kick throw""".split()
)
"""Further verbs that are read, by the modules of endings and corrections or as the first of two."""

"""The task through a memory: what is better is adopted, what is worse is not, and a rollback brings the score back."""

import json
from pathlib import Path

import pytest

from tests.optimize.saying import KINDS
from tests.optimize.task.cases import BASE, HARMFUL, TRAINING
from tests.optimize.task.replay import GROUPS, candidate, gate, optimized
from triplemem import Memory, ScriptedModel
from triplemem.types import Optimizer, Prompt

HARM = HARMFUL.rules[0].text


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'memory.db'}"
    with Memory.open(url, namespace="shop") as memory:
        memory.prompts.create("support", BASE.text)
    return url


def score(text: str, *others: Prompt) -> float:
    """What the assistant's recorded answers to what is held out are worth, under the rules that a text has."""
    known = [HARMFUL, *others, BASE]
    return gate(next(one for one in known if all(rule.text in text for rule in one.rules)))


@pytest.mark.parametrize("kind", KINDS)
def test_an_optimization_that_helps_is_adopted_and_a_rollback_brings_the_old_score_back(
    url: str, kind: Optimizer
) -> None:
    better = candidate(optimized(kind, GROUPS.model([kind])))
    with Memory.open(url, namespace="shop", model=GROUPS.model([kind])) as memory:
        before = gate(BASE)
        proposal = memory.prompts.optimize("support", TRAINING, kind=kind, evaluate=lambda text: score(text, better))
        assert (proposal.state, proposal.score_before) == ("accepted", before)
        assert proposal.score_after is not None and proposal.score_after >= 0.9 > before
        adopted = memory.prompts.get("support")
        assert [rule.text for rule in adopted.rules] == [rule.text for rule in better.rules]
        assert all(rule.evidence for rule in adopted.rules)
        back = memory.prompts.rollback("support", to=1, reason="a rehearsal")
        assert (back.version, back.text, back.rules) == (3, BASE.text, [])
        assert gate(back) == before


def test_a_harmful_proposal_is_not_adopted(url: str) -> None:
    evidence = [{"trajectory": "j1", "quote": TRAINING[0].feedback}]
    change = {"kind": "add", "text": HARM, "reason": "customers like it", "evidence": evidence}
    model = ScriptedModel([json.dumps({"reasoning": "so", "changes": [change]})])
    with Memory.open(url, namespace="shop", model=model) as memory:
        proposal = memory.prompts.optimize("support", TRAINING, kind="prompt_memory", evaluate=score)
        assert [one.rule.text for one in proposal.changes] == [HARM]
        assert proposal.state == "worse"
        assert (proposal.score_before, proposal.score_after) == (gate(BASE), gate(HARMFUL))
        assert memory.prompts.get("support").version == 1
        assert [one.id for one in memory.prompts.proposals("support", state="worse")] == [proposal.id]

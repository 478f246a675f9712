"""What the grammar reads, it reads again in the same way, whatever came before and after it."""

from tests.extract import cases_held_out, cases_others, cases_others_held_out, cases_tuned
from tests.extract.case import Case
from triplemem import Memory, connect

TOGETHER = 25


def cases() -> list[Case]:
    modules = (cases_tuned, cases_held_out, cases_others, cases_others_held_out)
    found = [value for module in modules for value in vars(module).values()]
    listed = (case for some in found if isinstance(some, list | tuple) for case in some if isinstance(case, Case))
    return list({case.text: case for case in listed}.values())


def told(memory: Memory) -> list[tuple[object, ...]]:
    return [(fact.text, fact.periods, fact.support, fact.state) for fact in memory.history()]


def test_a_second_reading_of_a_conversation_changes_nothing() -> None:
    with connect("sqlite://") as store:
        some = cases()
        assert len(some) > 100
        for start in range(0, len(some), TOGETHER):
            memory = store.memory(f"n{start}")
            for n, case in enumerate(some[start : start + TOGETHER]):
                at = f"2026-05-20T10:{n:02}:00+00:00"
                memory.add(case.text, speaker=case.speaker, session="s", occurred_at=at)
            before = told(memory)
            result = memory.process(again=True)
            assert (result.made, result.gone, told(memory)) == ([], [], before)

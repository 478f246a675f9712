"""Numbers of rows: in one order, and never those of another process."""

import os

import pytest

from triplemem.ledger.numbers import Numbers

NOW = 1_790_000_000_000_000


def test_numbers_and_recorded_times_only_grow_whatever_the_clock_does() -> None:
    numbers = Numbers(NOW, NOW + 5_000_000, 2**61)
    taken = [numbers.number() for _ in range(100)]
    before = numbers.recorded_at
    numbers.outlive(NOW - 1, 0)
    numbers.tick()
    taken += [numbers.number() for _ in range(100)]
    assert taken == sorted(set(taken))
    assert numbers.recorded_at == before + 1


def test_numbers_tell_when_they_were_handed_out() -> None:
    first, later = Numbers(NOW, 0, 0), Numbers(NOW + 10_000_000, 0, 0)
    assert first.number() < later.number()
    first.outlive(NOW + 20_000_000, 0)
    assert first.number() > later.number()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_process_draws_other_numbers() -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str([Numbers(NOW, 0, 0).number() for _ in range(5)]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        theirs = told.read().decode()
    os.waitpid(child, 0)
    assert theirs.startswith("[")
    assert theirs != str([Numbers(NOW, 0, 0).number() for _ in range(5)])

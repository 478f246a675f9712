"""A worker beside the program: it reads what `add(wait=False)` left, when a conversation pauses.

The jobs are in the store, so nothing is lost with the worker; any other may take its place, here or elsewhere.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time

from triplemem.core.messages import MAX_NAME
from triplemem.core.pacing import Pace, ripe
from triplemem.core.shown import shown
from triplemem.errors import ConfigError, InvalidInput, TriplememError
from triplemem.ingest.batches import Limits
from triplemem.ingest.jobs import Results, fresh_lease, let_go, process, unread
from triplemem.ledger.engine import Engine
from triplemem.ledger.space import Space
from triplemem.types import Background, ProcessResult, Usage

AFTER_STOP, LONGEST_STOP = 30.0, 600.0
"""Seconds until a reading that stopped, or a store that was not to be had, is tried again, doubled each time."""
LOOKS = 10
"""How many namespaces are looked at within one `poll`, at most: of more, each is looked at less often."""
STOPPED = "the worker was stopped"


def checked(background: object) -> Background | None:
    """The settings of a worker; None: there is to be none. Raises `ConfigError`."""
    if background is None or background is False:
        return None
    given = Background() if background is True else background
    if not isinstance(given, Background):
        raise ConfigError(f"background must be True, False or a Background, not {shown(background)}")
    for name in ("pause", "longest", "poll", "drain"):
        value: object = getattr(given, name)
        least = 0.01 if name == "poll" else 0.0
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= threading.TIMEOUT_MAX:
            raise ConfigError(f"{name} must be a number of seconds, {least:g} or more, not {shown(value)}")
    for name in ("max_calls", "max_tokens"):
        value = getattr(given, name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
            raise InvalidInput(f"{name} must be a whole number above zero, not {shown(value)}")
    return given


class Worker:
    """Reads the namespaces that it was given in one thread, which ends with the program at the latest."""

    def __init__(self, engine: Engine, background: Background) -> None:
        self.engine, self.background = engine, background
        self.ended = threading.Event()
        """Set once no more is read: it was stopped, or a spending limit is reached."""
        self._pace = Pace(int(background.pause * 1e6), int(background.longest * 1e6), engine.batch, engine.batch_chars)
        self._changed = threading.Condition()
        self._spaces: dict[str, Space] = {}
        self._when: dict[str, float] = {}  # by the path, when it is looked at next, by the machine's own clock
        self._draining = self._halted = False
        self._held: tuple[Space, str] | None = None
        self._used = Usage()
        self._told: set[str] = set()
        self._stops = 0
        self._thread: threading.Thread | None = None

    def watch(self, space: Space) -> None:
        """Read this namespace too, from now on, and what was left in it before."""
        with self._changed:
            if self._draining:
                return
            self._spaces[space.path] = space
            self._when[space.path] = 0.0
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="triplemem worker", daemon=True)
                atexit.register(self._at_exit)
                self._thread.start()
            self._changed.notify_all()

    def stir(self, path: str) -> None:
        """Something is to be read in a namespace: look at it, if it is one of ours."""
        with self._changed:
            if path in self._spaces:
                self._when[path] = 0.0
                self._changed.notify_all()

    def stop(self, seconds: float | None = None, *, drain: bool = True) -> bool:
        """Read what is left, for so many seconds, and end; with ``drain=False`` end after the call that is under way.

        What is not read by then is given back at once, for others to read; False if a call had to be given up.
        """
        seconds = self.background.drain if seconds is None else seconds
        with self._changed:
            self._draining = True
            self._halted = self._halted or not drain
            thread = self._thread
            self._when = dict.fromkeys(self._spaces, 0.0)
            self._changed.notify_all()
        atexit.unregister(self._at_exit)
        if thread is None or thread is threading.current_thread():
            self._halted = True
            self.ended.set()
            return True
        thread.join(seconds)
        if not thread.is_alive():
            return True
        self._halted = True
        self.ended.set()
        held = self._held
        if held is not None:
            let_go(*held)
            self._tell("the worker was still reading when its time was over: what it had not written is read again")
        return False

    def _at_exit(self) -> None:
        """The program ends and nobody closed: read on for as long as closing would have let it."""
        self.stop()

    # what it does

    def _run(self) -> None:
        try:
            while (space := self._next()) is not None:
                wait = self._look(space)
                with self._changed:
                    if self._draining and wait is None:
                        del self._spaces[space.path]
                        self._when.pop(space.path, None)
                    elif self._when.get(space.path) is None:  # not stirred meanwhile
                        self._when[space.path] = time.monotonic() + (0.0 if wait is None else wait)
        except BaseException as error:
            self._tell(f"the worker has ended: {type(error).__name__}: {error}; what is left stays pending")
            raise
        finally:
            self.ended.set()
            atexit.unregister(self._at_exit)

    def _next(self) -> Space | None:
        """The namespace to look at now, once there is one; None: it is over."""
        with self._changed:
            while not self._halted:
                path = min(self._when, key=lambda one: self._when[one], default=None)
                if path is None and self._draining:
                    return None
                now = time.monotonic()
                if path is not None and self._when[path] <= now:
                    del self._when[path]
                    return self._spaces[path]
                self._changed.wait(None if path is None else self._when[path] - now)
            return None

    def _look(self, space: Space) -> float | None:
        """Read what is ripe in a namespace; in how many seconds to look again, None: when drained, no more."""
        try:
            return self._read(space)
        except TriplememError as error:
            if self._halted:  # whoever stopped it has told so
                return None
            self._tell(f"the worker could not read {shown(space.path)}: {type(error).__name__}: {error}")
            return None if self._draining else self._after_stop()

    def _read(self, space: Space) -> float | None:
        engine = self.engine
        left = engine.pause.left(engine.now_us())
        if left > 0:
            return None if self._draining else self._soon(left)
        waiting, later = unread(space)
        chosen, wait = ripe(waiting, engine.now_us(), self._pace)
        if self._draining:
            chosen = {one.episode for one in waiting}
        if not chosen:
            waits = [one for one in (wait, later) if one is not None]
            return None if self._draining else self._soon(min(waits, default=None))
        mine = Limits(self.background.max_calls, self.background.max_tokens, lambda: STOPPED if self._halted else None)
        over = mine.reached(self._used)
        if over is not None:
            self._tell(f"the worker has stopped: {over}; what is left stays pending")
            self._halted = True
            return None
        self._held, results = (space, fresh_lease()), Results()
        try:
            limits = mine.after(self._used)
            result = process(space, None, limits, only=chosen, lease=self._held[1], results=results)
        finally:
            self._held = None
            self._used += results.begun  # paid for, also where what came after it failed
        return self._after(space, result, spent=mine.reached(self._used) is not None)

    def _after(self, space: Space, result: ProcessResult, *, spent: bool) -> float | None:
        """Tell what a round did; when to look again."""
        if self.background.on_result is not None:
            self.background.on_result(result)
        if result.failed:
            self._tell(f"reading failed in {shown(space.path)}: jobs(state='failed') says why")
        if result.stopped is not None and not spent and not self._halted:
            self._tell(f"the worker waits: {result.stopped}")
            left = self.engine.pause.left(self.engine.now_us())  # as long as the server says, where it does
            return None if self._draining else self._soon(left) if left > 0 else self._after_stop()
        if result.done:
            self._stops = 0
            if not result.failed:
                self._told.clear()
        if self._draining and not result.done:
            return None
        return 0.0

    def _after_stop(self) -> float:
        self._stops += 1
        return min(AFTER_STOP * 2.0 ** min(self._stops - 1, 10), LONGEST_STOP)

    def _soon(self, microseconds: int | None) -> float:
        """Seconds until something is due, or until others may have left something."""
        poll = self.background.poll * max(1.0, len(self._spaces) / LOOKS)
        return poll if microseconds is None else min(microseconds / 1e6, poll)

    def _tell(self, trouble: str) -> None:
        """Tell of a trouble, once until things go well again."""
        if trouble in self._told:
            return
        self._told.add(trouble)
        if self.background.on_trouble is not None:
            self.background.on_trouble(trouble)
        else:
            logging.getLogger("triplemem").warning("%s", trouble[: 4 * MAX_NAME])

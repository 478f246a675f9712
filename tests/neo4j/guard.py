"""Keeps one server while its owner lives, and takes it away with its folder: `python guard.py FOLDER`.

Test runs end in many ways, Ctrl-C and kill -9 among them. This process outlives them by a moment, and no longer.
`FOLDER/run.json` says who the owner is (a process id), what to run, and how to kill it. SIGUSR1 starts the server
(again); SIGTERM ends both. `FOLDER/server.pid` is there while the server runs.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

TICK = 0.1  # seconds


def lives(pid: int) -> bool:
    """Whether that process is there and not only waiting to be reaped."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except OSError:  # not ours, or no /proc here
        return True


class Guard:
    """The loop, and what signals ask of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run: dict[str, Any] = json.loads((folder / "run.json").read_text("utf-8"))
        self.wanted, self.over = True, False
        self.server: subprocess.Popen[bytes] | None = None
        signal.signal(signal.SIGUSR1, self._start_again)
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def _start_again(self, *_: object) -> None:
        self.wanted = True

    def _end(self, *_: object) -> None:
        self.over = True

    def watch(self) -> None:
        """Until told to end, or until nobody owns the server any more."""
        try:
            while not self.over and lives(self.run["owner"]):
                self._step()
                time.sleep(TICK)
        finally:
            self._kill()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _step(self) -> None:
        pid = self.folder / "server.pid"
        if self.server and self.server.poll() is not None:
            self.server = None
            pid.unlink(missing_ok=True)
        if self.wanted and not self.server:
            with (self.folder / "console.log").open("ab") as log:
                self.server = subprocess.Popen(self.run["command"], cwd=self.folder, stdout=log, stderr=log)
            whole = pid.with_suffix(".new")  # whoever sees the file is to find the number in it
            whole.write_text(str(self.server.pid))
            whole.replace(pid)
            self.wanted = False

    def _kill(self) -> None:
        if not self.server:
            return
        if self.run["kill"]:
            subprocess.run(self.run["kill"], capture_output=True)
        self.server.kill()
        self.server.wait()


if __name__ == "__main__":
    if os.fork():
        os._exit(0)  # nobody has to wait for the guard
    os.setsid()
    here = Path(sys.argv[1])
    (here / "guard.pid").write_text(str(os.getpid()))
    Guard(here).watch()

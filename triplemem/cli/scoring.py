"""A command of the user's as what scores a prompt: the text on its standard input, a number as its last line."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable

from triplemem.errors import InvalidInput


def by_command(command: str) -> Callable[[str], float]:
    """What runs the command, without a shell, and gives its number; `InvalidInput` where that is none, or it fails."""
    try:
        arguments = shlex.split(command)
    except ValueError as error:
        raise InvalidInput(f"--evaluate {command!r} is no command: {error}") from error
    if not arguments:
        raise InvalidInput("--evaluate is empty: give a command")

    def score(text: str) -> float:
        try:
            done = subprocess.run(arguments, input=text.encode(), stdout=subprocess.PIPE, check=False)
        except OSError as error:
            raise InvalidInput(f"{arguments[0]!r} cannot be run: {error.strerror}; the proposal stays open") from error
        if done.returncode:
            raise InvalidInput(f"{command!r} exited with {done.returncode}; the proposal stays open")
        last = done.stdout.decode("utf-8", "replace").strip().rpartition("\n")[2].strip()
        try:
            return float(last)
        except ValueError:
            raise InvalidInput(
                f"{command!r} must end with a number, not {last[:80]!r}; the proposal stays open"
            ) from None

    return score

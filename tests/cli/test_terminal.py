"""The real process: exit codes, one-line errors, pipes, colour, the end by Ctrl-C, and what a terminal is spared."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.helpers import NAMESPACE, Run, one_line_error

ESCAPE = "\x1b"


def test_no_namespace_is_a_clear_error(process: Run) -> None:
    done = process("facts", TRIPLEMEM_NAMESPACE="")
    assert done.code == 2
    assert "-n" in done.err
    assert "$TRIPLEMEM_NAMESPACE" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("namespace", ["", "*", "a//b", "a/%", "a\nb"])
def test_a_namespace_that_is_none_is_one_line(process: Run, namespace: str) -> None:
    assert "namespace" in one_line_error(process("-n", namespace, "facts"))


def test_namespaces_with_addresses_are_apart(process: Run) -> None:
    assert process("-n", "acme/ann@example.org", "add", "I live in Lyon.", "--speaker", "Ann").code == 0
    assert process("-n", "acme/bob+x@example.org", "facts").out == ""
    assert "Lyon" in process("-n", "acme/ann@example.org", "facts").out


@pytest.mark.parametrize("said", ["-n a facts >&-", "--json -n a facts >&-", "-n a add 'Bob leads ML.' >&- 2>&-"])
def test_what_is_said_to_a_closed_output_goes_nowhere(surroundings: dict[str, str], tmp_path: Path, said: str) -> None:
    line = f"'{sys.executable}' -m triplemem {said}"
    done = subprocess.run(["sh", "-c", line], env=surroundings, capture_output=True, encoding="utf-8", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("url", ["nonsense", "ftp://x", "sqlite:///no/such/folder/memory.db", "neo4j://127.0.0.1:1"])
def test_a_store_that_cannot_be_opened_is_one_line(process: Run, url: str) -> None:
    one_line_error(process("--url", url, "facts"))


def test_a_file_that_is_not_ours_is_one_line(process: Run, tmp_path: Path) -> None:
    (tmp_path / "memory.db").write_bytes(b"hello" * 1000)
    one_line_error(process("facts"))


def test_a_user_without_a_password_is_told_the_variable(process: Run) -> None:
    assert "$TRIPLEMEM_PASSWORD" in one_line_error(process("--user", "ann", "facts"))


def test_there_is_no_option_for_a_password(process: Run) -> None:
    assert process("--password", "secret", "facts").code == 2


def test_it_runs_as_a_module_and_as_a_script(process: Run) -> None:
    script = Path(sys.executable).with_name("triplemem")
    assert process("--help").code == 0
    if script.exists():
        assert subprocess.run([script, "--help"], capture_output=True).returncode == 0


def test_head_ends_it_quietly(process: Run, surroundings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("".join(f"hello {n} {'x' * 200}\n" for n in range(2000)), "utf-8")
    assert process("add", "a.txt").code == 0
    for command in ("episodes | head -n 1", "export - | head -n 1", "episodes --json | head -n 1", "--help | true"):
        line = f"{sys.executable} -m triplemem {command}; echo ${{PIPESTATUS[0]}}"
        done = subprocess.run(
            ["bash", "-c", line], env=surroundings, capture_output=True, encoding="utf-8", cwd=tmp_path
        )
        assert done.stderr == ""
        assert done.stdout.splitlines()[-1] == "0", command


def test_a_pipe_gets_no_colour_and_no_wrapping(process: Run) -> None:
    process("add", f"I live in Lyon. {'word ' * 100}", "--speaker", "Ann")
    for command in (["facts"], ["episodes"], ["demo"]):
        done = process(*command, FORCE_COLOR="1", COLUMNS="40")
        assert ESCAPE not in done.out
    assert len(process("episodes", COLUMNS="40").out.splitlines()) == 1


def on_terminal(command: list[str], surroundings: dict[str, str], cwd: Path) -> str:
    """What the command shows on a terminal."""
    leader, follower = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "triplemem", *command],
        cwd=cwd,
        env={**surroundings, "TERM": "xterm-256color", "COLUMNS": "100"},
        stdin=follower,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            data = os.read(leader, 65536)
        except OSError:  # how Linux says that the other side is closed
            break
        if not data:
            break
        shown += data
    os.close(leader)
    assert running.wait() == 0
    return shown.decode()


def test_a_terminal_gets_a_table_in_colour_unless_it_wants_none(
    process: Run, surroundings: dict[str, str], tmp_path: Path
) -> None:
    process("add", "I live in Lyon.", "--speaker", "Ann")
    shown = on_terminal(["facts"], surroundings, tmp_path)
    assert "subject" in shown
    assert "Lyon" in shown
    assert ESCAPE in shown
    plain = on_terminal(["facts"], {**surroundings, "NO_COLOR": "1"}, tmp_path)
    assert f"{ESCAPE}[3" not in plain


def test_what_people_say_is_neither_markup_nor_control(
    process: Run, surroundings: dict[str, str], tmp_path: Path
) -> None:
    process("add", "[bold red]hi[/nonsense] \x1b]0;owned\x07 \u202egnp.exe \u200b\x9b31m")
    shown = on_terminal(["episodes"], {**surroundings, "NO_COLOR": "1"}, tmp_path)
    assert "[bold red]hi[/nonsense]" in " ".join(shown.split())
    for hidden in ("\x1b]", "\x07", "\u202e", "\u200b", "\x9b"):
        assert hidden not in shown
    said = process("episodes", "--json")
    assert "\u202e" not in said.out
    assert "\x9b" not in said.out
    assert json.loads(said.out)[0]["text"].endswith("\u202egnp.exe \u200b\x9b31m")


def test_a_latin_terminal_shows_what_it_can(process: Run) -> None:
    process("add", "I live in Łódź.", "--speaker", "Ann")
    for encoding in ("latin-1", "ascii"):
        done = process("facts", PYTHONIOENCODING=encoding)
        assert (done.code, done.err) == (0, "")
        assert "lives_in" in done.out
    assert json.loads(process("facts", "--json", PYTHONIOENCODING="ascii").out)[0]["object"]["name"] == "Łódź"


def test_ctrl_c_ends_it_with_130_and_no_traceback(surroundings: dict[str, str], tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "triplemem", "add", "-"],
        cwd=tmp_path,
        env=surroundings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background has none
    )
    time.sleep(1.0)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=10)
    assert running.returncode == 130
    assert "Traceback" not in err
    assert out == ""


def test_ctrl_c_ends_it_as_quietly_while_it_is_loading(surroundings: dict[str, str]) -> None:
    pressed = """
import sys
from triplemem.__main__ import main

class Pressed:
    def find_spec(self, name, path, target=None):
        if name == "triplemem.cli.main":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Pressed())
sys.exit(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", pressed], env=surroundings, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", "")


def test_two_processes_write_one_store(surroundings: dict[str, str], process: Run, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "triplemem", "-n", NAMESPACE, "add"]
    both = [
        subprocess.Popen([*command, f"hello {n}"], cwd=tmp_path, env=surroundings, stdout=subprocess.DEVNULL)
        for n in range(2)
    ]
    assert [one.wait() for one in both] == [0, 0]
    assert len(process("episodes", "--json").json) == 2

"""`browser`: the address of Neo4j Browser, and what is served to it."""

import http.client
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.cli.helpers import NAMESPACE, ROOT, Run, one_line_error
from triplemem.cli import browser
from triplemem.cli.address import browser_url, http_of, literal
from triplemem.cli.serving import server

VIEWS = ROOT / "cypher" / "browser"


def asked(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


# --- the address ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "there"),
    [
        ("bolt://127.0.0.1:17687", "http://127.0.0.1:7474"),
        ("neo4j://db.example", "http://db.example:7474"),
        ("neo4j://[::1]:7687", "http://[::1]:7474"),
        ("neo4j+s://db.example:7687", "https://db.example:7473"),
        ("bolt+ssc://db.example", "https://db.example:7473"),
        ("neo4j+s://0123abcd.databases.neo4j.io", "https://0123abcd.databases.neo4j.io"),
    ],
)
def test_browser_is_where_the_server_has_it(url: str, there: str) -> None:
    assert http_of(url) == there


def test_it_prints_an_address_that_connects_and_has_the_parameter_ready(run: Run) -> None:
    done = run("--url", "neo4j://localhost:7687", "--user", "ann@example.org", "browser", "--database", "memories")
    assert done.code == 0
    assert done.out.startswith("http://localhost:7474/browser/?")
    assert asked(done.out.strip()) == {
        "dbms": ["neo4j://ann%40example.org@localhost:7687"],
        "db": ["memories"],
        "cmd": ["param"],
        "arg": [f"namespace => '{NAMESPACE}'"],
    }
    assert str(VIEWS) in done.err


def test_without_a_user_browser_does_not_ask_for_one(run: Run) -> None:
    assert asked(run("--url", "bolt://db", "browser").out.strip())["preselectAuthMethod"] == ["NO_AUTH"]


def test_browser_may_be_elsewhere(run: Run) -> None:
    for given in ("https://db.example:1234", "https://db.example:1234/", "https://db.example:1234/browser/?x=1"):
        assert run("--url", "bolt://db", "browser", "--http", given).out.startswith("https://db.example:1234/browser/?")
    assert "'db.example'" in one_line_error(run("--url", "bolt://db", "browser", "--http", "db.example"))


def test_a_port_that_cannot_be_is_one_clear_line(run: Run) -> None:
    for url in ("bolt://db:99999", "bolt://db:port"):
        assert repr(url) in one_line_error(run("--url", url, "browser"))


def test_json_has_the_address_and_the_folder_of_the_views(run: Run) -> None:
    found = run("--url", "bolt://db", "browser", "--json").json
    assert found["url"].startswith("http://db:7474/browser/")
    assert Path(found["views"]) == VIEWS


@pytest.mark.parametrize("name", ["a'b", "a\\b", "a&b#c", "naïve/<é>", "a+b c%20"])
def test_a_namespace_stands_in_the_address_whatever_its_signs(name: str) -> None:
    address = browser_url("bolt://db", namespace=name)
    # as Browser reads it: decoded whole, then cut at the signs that end an argument
    (arg,) = re.findall(r"[?&]arg=([^&#]*)", unquote(address.replace("+", " ")))
    said = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), arg.removeprefix("namespace => "))
    assert said == f"'{name.replace(chr(92), chr(92) * 2).replace(chr(39), chr(92) + chr(39))}'"
    assert literal(name).startswith("'") and "\n" not in literal(name)


def test_an_embedded_store_says_what_to_use_instead(run: Run) -> None:
    assert "triplemem graph --html" in one_line_error(run("browser"))


def test_open_opens_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: opened.append(address) or True)
    printed = run("--url", "bolt://db", "browser", "--open").out.strip()
    assert opened == [printed]
    monkeypatch.setattr("webbrowser.open", lambda address: False)
    assert "open the address yourself" in run("--url", "bolt://db", "browser", "--open").err


# --- serving --------------------------------------------------------------------------------------------------------

FRIEND, STRANGER = "http://localhost:7474", "http://stranger.example"


@pytest.fixture
def port() -> Iterator[int]:
    """A server of the shipped files, for a namespace with a sign of HTML in it."""
    files = browser._files("http://localhost:1", "acme/<team>")
    with server(0, files, browser._origins(FRIEND)) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield serving.server_address[1]
        serving.shutdown()
        thread.join()


def ask(port: int, method: str, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read().decode()
    connection.close()
    return found


def test_the_guide_has_the_namespace_and_the_address_filled_in(port: int) -> None:
    status, headers, text = ask(port, "GET", "/guide.html", Origin=FRIEND)
    assert (status, headers["Access-Control-Allow-Origin"]) == (200, FRIEND)
    assert "'acme/\\u003cteam\\u003e'" in text and "acme/team" not in text
    assert ":style http://localhost:1/style.grass" in text


def test_the_preflight_is_answered_to_the_pages_of_browser_alone(port: int) -> None:
    question = {
        "Access_Control_Request_Method": "GET",
        "Access_Control_Request_Headers": "pragma,cache-control",
        "Access_Control_Request_Private_Network": "true",
    }
    for origin in (FRIEND, "http://127.0.0.1:7474"):
        status, headers, _ = ask(port, "OPTIONS", "/guide.html", Origin=origin, **question)
        assert status == 204
        assert headers["Access-Control-Allow-Origin"] == origin
        assert headers["Access-Control-Allow-Headers"] == "pragma,cache-control"
        assert headers["Access-Control-Allow-Private-Network"] == "true"
    _, headers, _ = ask(port, "OPTIONS", "/guide.html", Origin=STRANGER, **question)
    assert "Access-Control-Allow-Origin" not in headers
    assert "Access-Control-Allow-Origin" not in ask(port, "GET", "/guide.html", Origin=STRANGER)[1]


def test_the_style_and_the_views_are_served_as_they_are_and_nothing_else_is(port: int) -> None:
    for name in ("style.grass", "hubs.cypher"):
        status, _, text = ask(port, "GET", f"/{name}?x=1")
        assert (status, text) == (200, (VIEWS / name).read_text("utf-8"))
        assert ask(port, "HEAD", f"/{name}")[2] == ""
    for path in ("/", "/../schema.cypher", "//etc/passwd", "/%2e%2e/schema.cypher", "/guide.html/"):
        assert ask(port, "GET", path)[0] == 404
    assert ask(port, "POST", "/guide.html")[0] == 501


def test_it_serves_until_it_is_interrupted(surroundings: dict[str, str]) -> None:
    command = [sys.executable, "-m", "triplemem", "--url", "bolt://127.0.0.1:1", "browser", "--serve", "--port", "0"]
    with subprocess.Popen(
        command,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background has none
    ) as serving:
        assert serving.stdout and serving.stderr
        (guide,) = asked(serving.stdout.readline().strip())["arg"]
        assert ask(urlsplit(guide).port or 0, "GET", urlsplit(guide).path)[0] == 200
        while "Ctrl-C" not in serving.stderr.readline():
            pass
        serving.send_signal(signal.SIGINT)
        assert serving.wait(30) == 0
        assert serving.stderr.read() == "stopped\n"


def test_a_taken_port_is_an_error_that_names_the_way_out(run: Run, port: int) -> None:
    assert "--port 0" in one_line_error(run("--url", "bolt://db", "browser", "--serve", "--port", port))


def test_the_shipped_guide_names_the_default_port() -> None:
    assert f":style http://localhost:{browser.PORT}/style.grass" in (VIEWS / "guide.html").read_text("utf-8")

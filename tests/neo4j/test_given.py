"""What is given to reach a server is checked before anything is sent, and no error repeats a password."""

from typing import Any

import neo4j
import pytest

from tests.neo4j.server import Server
from triplemem import Admin, ConfigError, Memory, StoreUnavailable, connect

NOBODY = "bolt://127.0.0.1:1"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("neo4j://localhost/tenant", "database='tenant'"),
        ("bolt://localhost:7687/tenant/", "database='tenant'"),
        ("bolt://localhost#tenant", "fragment"),
        ("bolt://", "names no host"),
        ("neo4j://:7687", "names no host"),
        ("bolt://localhost:99999", "cannot be read"),
        ("bolt://localhost:0", "no port"),
        ("bolt://localhost:port", "cannot be read"),
        ("bolt://[::1", "cannot be read"),
    ],
)
def test_what_the_driver_would_pass_over_or_turn_into_something_else_is_refused(url: str, why: str) -> None:
    """A path would be ignored, and a port of 99999 be 34463."""
    with pytest.raises(ConfigError, match=why):
        connect(url, auth=("neo4j", "x"))


@pytest.mark.parametrize(
    "url",
    [
        "bolt://neo4j:s3cret@localhost",
        "neo4j+s://neo4j:s3cret@localhost:7687/x",
        "neo4j://neo4j:1234/s3cret@db",
        "neo4j://neo4j:12#s3cret@db",
        "neo4j://neo4j:s3cret?x@db",
    ],
)
def test_a_password_in_the_url_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ConfigError, match="TRIPLEMEM_PASSWORD") as told:
        connect(url)
    assert "s3cret" not in str(told.value)


@pytest.mark.parametrize("auth", ["s3cret", ("s3cret",), ("neo4j", "s3cret", 1), {"neo4j": "s3cret"}, (1, "s3cret"), 5])
def test_another_auth_than_a_user_and_a_password_is_refused_and_not_repeated(auth: Any) -> None:
    with pytest.raises(ConfigError, match=r"auth=\('neo4j', password\)") as told:
        connect(NOBODY, auth=auth)
    assert "s3cret" not in str(told.value)


@pytest.mark.parametrize("database", ["", " ", 5, ["neo4j"], "system", "System"])
def test_what_can_be_no_database_of_a_memory_is_refused(database: Any) -> None:
    with pytest.raises(ConfigError, match="database"):
        Memory.open(NOBODY, namespace="a", auth=("neo4j", "x"), database=database)
    with pytest.raises(ConfigError, match="database"):
        Admin.open(NOBODY, auth=("neo4j", "x"), database=database)


def test_a_pair_as_a_list_and_a_token_of_the_driver_are_taken(neo4j_server: Server, store_url: str) -> None:
    user, password = neo4j_server.auth
    for auth in ([user, password], neo4j.basic_auth(user, password)):
        connect(store_url, auth=auth).close()  # type: ignore[arg-type]


def test_the_environment_names_the_database_where_nobody_else_does(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIPLEMEM_DATABASE", "nowhere")
    with pytest.raises(StoreUnavailable, match="no database 'nowhere'"):
        connect(store_url)
    connect(store_url, database="neo4j").close()
    connect("sqlite://").close()  # which has none

"""`docker-compose.yml` without an engine: what it promises is in it, and a real server knows its settings."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from neo4j import GraphDatabase

from tests.neo4j.server import IMAGE, Server

FILE = Path(__file__).parent.parent.parent / "docker-compose.yml"
UNITS = {"m": 1, "g": 1024}


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text("utf-8"))["services"]["neo4j"]


def settings(service: dict[str, Any]) -> dict[str, str]:
    """The environment as the image turns it into settings: `_` is a dot, `__` an underscore."""
    there = {name.removeprefix("NEO4J_"): value for name, value in service["environment"].items()}
    return {
        name.replace("__", "\0").replace("_", ".").replace("\0", "_"): value
        for name, value in there.items()
        if name != "AUTH"
    }


def mebibytes(size: str) -> int:
    return int(size[:-1]) * UNITS[size[-1]]


def test_the_image_is_the_version_that_is_tested(service: dict[str, Any]) -> None:
    assert service["image"] == IMAGE


def test_an_empty_password_is_refused_and_none_is_written_down(service: dict[str, Any]) -> None:
    assert re.fullmatch(r"neo4j/\$\{NEO4J_PASSWORD:\?[^}]+\}", service["environment"]["NEO4J_AUTH"])


def test_only_this_machine_reaches_it(service: dict[str, Any]) -> None:
    assert sorted(service["ports"]) == ["127.0.0.1:7474:7474", "127.0.0.1:7687:7687"]


def test_data_is_in_a_named_volume_and_a_health_check_asks_the_server(service: dict[str, Any]) -> None:
    assert service["volumes"] == ["data:/data"]
    assert "data" in yaml.safe_load(FILE.read_text("utf-8"))["volumes"]
    assert "http://127.0.0.1:7474/" in service["healthcheck"]["test"][-1]


def test_heap_and_page_cache_leave_room_under_the_limit_of_the_container(service: dict[str, Any]) -> None:
    chosen = settings(service)
    heap, cache = chosen["server.memory.heap.max_size"], chosen["server.memory.pagecache.size"]
    assert mebibytes(heap) + mebibytes(cache) + 512 <= mebibytes(service["mem_limit"])


def test_it_calls_nobody(service: dict[str, Any]) -> None:
    chosen = settings(service)
    for name in ("dbms.usage_report.enabled", "client.allow_telemetry", "dbms.fleet_manager.enabled"):
        assert chosen[name] == "false"


def test_the_server_knows_every_setting(service: dict[str, Any], neo4j_server: Server) -> None:
    chosen = settings(service)
    with GraphDatabase.driver(neo4j_server.uri, auth=neo4j_server.auth) as driver:
        query = "SHOW SETTINGS YIELD name WHERE name IN $names RETURN name"
        known = {record["name"] for record in driver.execute_query(query, names=list(chosen)).records}
    assert known == set(chosen)

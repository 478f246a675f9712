"""What a caller gives to reach a server: its URL, the user and the database, checked before anything is sent. Pure."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from triplemem.errors import ConfigError

SYSTEM = "system"
"""The database in which a server keeps its users and databases, and nobody a graph."""


def checked_url(url: object) -> str:
    """The URL; `ConfigError` if something in it would be passed over, or is a secret that errors would repeat."""
    shown = str(url)
    if "@" in shown:  # wherever it stands: before it may be a password that has a / in it
        raise ConfigError(
            "the URL of the server has a user in it: give auth=(user, password), or set $TRIPLEMEM_USER and "
            "$TRIPLEMEM_PASSWORD"
        )
    try:
        parts = urlsplit(shown)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"the URL of the server cannot be read: {error}") from None
    if not host:
        raise ConfigError(f"{shown!r} names no host: write neo4j://host, or neo4j://host:7687")
    if port == 0:
        raise ConfigError(f"{shown!r} has no port that could be: 0")
    _nothing_more(shown, parts)
    return shown


def _nothing_more(url: str, parts: SplitResult) -> None:
    """The driver passes over a path: what is meant for one database would be written to another."""
    path = parts.path.strip("/")
    if path:
        raise ConfigError(
            f"{url!r} has a path, and there is none: a database is named by database={path!r}, or by --database or "
            "$TRIPLEMEM_DATABASE"
        )
    if parts.fragment:
        raise ConfigError(f"{url!r} has a fragment (#…), and there is none")


def checked_auth(auth: object) -> tuple[str, str] | None:
    """The user and the password, as the driver wants them; else `ConfigError`, which repeats neither."""
    if auth is None:
        return None
    if not isinstance(auth, tuple | list) or len(auth) != 2 or not all(isinstance(one, str) for one in auth):
        raise ConfigError("auth must be a user and a password: auth=('neo4j', password)")
    return auth[0], auth[1]


def checked_database(database: object) -> str | None:
    """The name of the database; None is the user's home database."""
    if database is None:
        return None
    if not isinstance(database, str) or not database.strip():
        raise ConfigError(f"database must be the name of one, not {database!r}; None is the user's home database")
    if database.strip().lower() == SYSTEM:
        raise ConfigError("the database 'system' is the server's own: name another one")
    return database

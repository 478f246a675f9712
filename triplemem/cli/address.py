"""Where Neo4j Browser shows a store: its address, with the parameters that it understands."""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit

from triplemem.errors import ConfigError

HTTP, HTTPS = 7474, 7473
"""The ports of a Neo4j server's own Browser."""
AURA = ".databases.neo4j.io"
EXAMPLE = "acme/team"
"""The namespace that the shipped views and their guide have as an example."""


def browser_url(
    url: str,
    *,
    http: str | None = None,
    user: str | None = None,
    database: str | None = None,
    namespace: str | None = None,
    guide: str | None = None,
) -> str:
    """The address that opens Browser on the store at ``url``, asks as ``user``, and shows ``guide``.

    Without a guide, ``:param namespace`` waits in the editor. ``http`` is where Browser is, if not where it usually is.
    """
    given: list[tuple[str, str]] = [("dbms", _dbms(url, user))]
    if user is None:
        given.append(("preselectAuthMethod", "NO_AUTH"))
    if database is not None:
        given.append(("db", database))
    if guide is not None:
        given += [("cmd", "play"), ("arg", guide)]
    elif namespace is not None:
        given += [("cmd", "param"), ("arg", f"namespace => {literal(namespace)}")]
    return f"{http_of(url) if http is None else checked(http)}/browser/?{urlencode(given, quote_via=quote, safe='/:@')}"


def http_of(url: str) -> str:
    """Where the server of a ``bolt`` or ``neo4j`` URL usually has its Browser."""
    parts = urlsplit(url)
    host = _host(url)
    if not parts.scheme.endswith(("+s", "+ssc")):
        return f"http://{host}:{HTTP}"
    return f"https://{host}" if host.endswith(AURA) else f"https://{host}:{HTTPS}"


def checked(http: str) -> str:
    """The address given for Browser, without what follows the server; `ConfigError` if it is none."""
    parts = urlsplit(http)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ConfigError(f"{http!r} is no address of Neo4j Browser: write http://host:{HTTP}")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix('/browser')}"


def origin(address: str) -> str:
    """What a page of this address calls itself when it asks another server: scheme, host and port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def literal(text: str) -> str:
    """The text as Cypher quotes it; what would end an argument in Browser's address is escaped too."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    for sign in "&#<>":
        escaped = escaped.replace(sign, f"\\u{ord(sign):04x}")
    return f"'{escaped}'"


def _dbms(url: str, user: str | None) -> str:
    """The URL that Browser connects to; a user in it is preset."""
    parts = urlsplit(url)
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise ConfigError(f"{url!r} has no port that could be: {error}") from error
    return f"{parts.scheme}://{'' if user is None else quote(user, safe='') + '@'}{_host(url)}{port}"


def _host(url: str) -> str:
    host = urlsplit(url).hostname
    if not host:
        raise ConfigError(f"{url!r} names no host")
    return f"[{host}]" if ":" in host else host

"""Settings from the environment, which is read here and nowhere else, and where a store is by default."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from triplemem.errors import ConfigError

P = ParamSpec("P")
R = TypeVar("R")

URL, USER, PASSWORD = "TRIPLEMEM_URL", "TRIPLEMEM_USER", "TRIPLEMEM_PASSWORD"
DATABASE = "TRIPLEMEM_DATABASE"
NAMESPACE, MODEL, STRUCTURED = "TRIPLEMEM_NAMESPACE", "TRIPLEMEM_MODEL", "TRIPLEMEM_STRUCTURED"
VECTOR_CACHE_MB = "TRIPLEMEM_VECTOR_CACHE_MB"


def known_options(opening: Callable[P, R]) -> Callable[P, R]:
    """The same function, with the same signature; an option that it does not have is a `ConfigError`."""
    known = sorted(getattr(opening, "__kwdefaults__", None) or ())

    @wraps(opening)
    def call(*args: P.args, **options: P.kwargs) -> R:
        unknown = sorted(options.keys() - {"url", *known})
        if unknown:
            raise ConfigError(f"unknown option {unknown[0]!r}: known are {', '.join(known)}")
        return opening(*args, **options)

    return call


def _setting(name: str) -> str | None:
    """The variable; one that is set but blank counts as not set."""
    value = os.environ.get(name, "")
    return value if value.strip() else None


def url() -> str:
    """`$TRIPLEMEM_URL`, else `default_url()`."""
    return _setting(URL) or default_url()


def user() -> str | None:
    """`$TRIPLEMEM_USER`."""
    return _setting(USER)


def password() -> str | None:
    """`$TRIPLEMEM_PASSWORD`; there is no other way to give one to the command line."""
    return _setting(PASSWORD)


def auth(user_option: str | None = None) -> tuple[str, str] | None:
    """The user (an option wins over `$TRIPLEMEM_USER`) and the password; None if no user is named.

    A user without `$TRIPLEMEM_PASSWORD` raises `ConfigError`.
    """
    name, secret = user_option or user(), password()
    if name is None:
        return None
    if secret is None:
        raise ConfigError(f"user {name!r} has no password: set ${PASSWORD}")
    return name, secret


def database() -> str | None:
    """`$TRIPLEMEM_DATABASE`: the database of a server, where the caller names none."""
    return _setting(DATABASE)


def namespace() -> str | None:
    """`$TRIPLEMEM_NAMESPACE`, for the command line; the library has no default namespace."""
    return _setting(NAMESPACE)


def model() -> str | None:
    """`$TRIPLEMEM_MODEL`: the model that reads messages where the caller names none."""
    return _setting(MODEL)


def structured() -> str | None:
    """`$TRIPLEMEM_STRUCTURED`: how a named model is held to the form of its answers."""
    return _setting(STRUCTURED)


def vector_bytes() -> int | None:
    """`$TRIPLEMEM_VECTOR_CACHE_MB` in bytes: how much of its vectors an embedded store keeps in memory for searches."""
    given = _setting(VECTOR_CACHE_MB)
    if given is None:
        return None
    if not given.strip().isdecimal():
        raise ConfigError(f"${VECTOR_CACHE_MB} must be a whole number of megabytes, not {given!r}")
    return int(given) * 2**20


def default_url() -> str:
    """The URL of a file in the user's data directory, which is made, readable by the user alone.

    Raises `ConfigError` if it cannot be made.
    """
    from platformdirs import user_data_path

    folder = user_data_path("triplemem", appauthor=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot make {str(folder)!r}: {error.strerror}; give a URL, or set ${URL}") from error
    return f"sqlite:///{(folder / 'memory.db').as_posix()}"

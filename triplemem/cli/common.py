"""What every command shares: the global options, how a store is opened, how an error ends."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

import click

from triplemem import config
from triplemem.errors import TriplememError

if TYPE_CHECKING:
    from triplemem.admin import Admin
    from triplemem.compose import Store
    from triplemem.memory import Memory
    from triplemem.types import Background

ACTOR = "cli"
"""Who writes, in the ledger, when the command line does."""
PENDING = 3
"""The exit code of what is done while jobs are pending or failed."""
HELD = "a reader still has the store open: the bytes go when it lets go"
NO_NAMESPACE = f"no namespace: name one with -n, such as -n acme/users/ann, or set ${config.NAMESPACE}"

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(slots=True)
class Settings:
    """The global options, wherever on the line they stood; what is not given comes from the environment."""

    url: str | None = None
    user: str | None = None
    database: str | None = None
    namespace: str | None = None
    as_json: bool = False

    @contextmanager
    def memory(self) -> Iterator[Memory]:
        """The memory of the namespace that the options or the environment name."""
        with self.store() as (_, memory):
            yield memory

    @contextmanager
    def store(self, background: Background | None = None) -> Iterator[tuple[Store, Memory]]:
        """The store, with a worker if one is asked for, and the memory of the namespace."""
        namespace = config.namespace() if self.namespace is None else self.namespace
        if namespace is None:
            raise click.UsageError(NO_NAMESPACE)
        from triplemem.compose import connect_whatever

        with closing(connect_whatever(self.url, self._auth(), self.database, background=background or False)) as store:
            yield store, store.memory(namespace, actor=ACTOR)

    @contextmanager
    def admin(self, embedder: str | None = None) -> Iterator[Admin]:
        """The administrator's side of the store; ``embedder`` is the one to make its vectors anew with."""
        from triplemem.compose import open_admin

        with open_admin(self.url, self._auth(), self.database, embedder) as admin:
            yield admin

    def _auth(self) -> tuple[str, str] | None:
        """The user that an option names, with the password; one of the environment is for stores that ask for it."""
        return None if self.user is None else config.auth(self.user)


def with_settings(command: F) -> F:
    """Give a command the `Settings` as its first argument."""
    return cast(F, click.make_pass_decorator(Settings, ensure=True)(command))


def leave(code: int) -> NoReturn:
    """End the command with this exit code, all being said."""
    raise click.exceptions.Exit(code)


def _remember(context: click.Context, option: click.Parameter, value: str | bool | None) -> None:
    settings = context.ensure_object(Settings)
    if value is not None and value is not False:
        setattr(settings, str(option.name).removeprefix("global_"), value)


def _global_options(*, hidden: bool) -> list[click.Parameter]:
    given: dict[str, Any] = {"expose_value": False, "callback": _remember, "hidden": hidden}
    return [
        click.Option(
            ["--url", "global_url"],
            metavar="URL",
            help=f"The store, such as sqlite:///memory.db.  [${config.URL}, else a file in your data directory]",
            **given,
        ),
        click.Option(
            ["--user", "global_user"],
            metavar="USER",
            help=f"The user of a store that asks for one; the password is ${config.PASSWORD}.  [${config.USER}]",
            **given,
        ),
        click.Option(
            ["--database", "global_database"],
            metavar="NAME",
            help=f"The database of a server.  [${config.DATABASE}, else the user's home database]",
            **given,
        ),
        click.Option(
            ["-n", "--namespace", "global_namespace"],
            metavar="NAMESPACE",
            help=f"Whose memory, such as acme/users/ann.  [${config.NAMESPACE}]",
            **given,
        ),
        click.Option(["--json", "global_as_json"], is_flag=True, help="Print one JSON document.", **given),
    ]


class Failure(click.ClickException):
    """An error of ours: one line on standard error, exit code 1."""

    def show(self, file: Any = None) -> None:
        """Print the line."""
        from triplemem.core.render import one_line

        click.echo(f"error: {one_line(self.message)}", file=file, err=True)


def _examples(lines: Sequence[str]) -> str | None:
    """The end of a help text; the control character keeps click from filling the lines."""
    heading = "Examples:" if len(lines) > 1 else "Example:"
    return "\n  ".join(["\b\n" + heading, *lines]) if lines else None


class Command(click.Command):
    """A command that takes the global options too; its help ends with examples."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.epilog = _examples(examples)
        self.params += _global_options(hidden=True)


class HungUp(Exception):
    """Nobody reads our output any more (`| head`). Click would make an error of it."""


class Group(click.Group):
    """A group of such commands."""

    command_class = Command
    group_class = type

    def __init__(self, *args: Any, root: bool = False, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.epilog = _examples(examples)
        self.params += _global_options(hidden=not root)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the arguments, and print help if that is what they ask for."""
        try:
            return super().make_context(*args, **kwargs)
        except BrokenPipeError as error:
            raise HungUp from error

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it raises on purpose becomes a `Failure`."""
        try:
            return super().invoke(ctx)
        except TriplememError as error:
            raise Failure(str(error)) from error
        except BrokenPipeError as error:
            raise HungUp from error
        except OSError as error:
            raise Failure(_of_the_system(error)) from error


def _of_the_system(error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"{str(error.filename)!r}: {reason}" if error.filename is not None else reason


def as_of_options(command: F) -> F:
    """Add --as-of and --known-at."""
    return as_of_option(known_at_option(command))


as_of_option = click.option(
    "--as-of", metavar="TIME", help="What was true at this time: an ISO date, or a time with its offset.  [now]"
)
known_at_option = click.option(
    "--known-at", metavar="TIME", help="What we believed at this time.  [everything recorded]"
)
reason_option = click.option("--reason", metavar="TEXT", help="Why; kept with what was done.")
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


def about_options(command: F) -> F:
    """Add --subject, --predicate and --object."""
    for name, what in (
        ("object", "Only facts with this object (a name, an alias or an id)."),
        ("predicate", "Only facts with this predicate."),
        ("subject", "Only facts with this subject (a name, an alias or an id)."),
    ):
        command = click.option(f"--{name}", metavar=name.upper(), help=what)(command)
    return command


def given_text(given: str) -> str:
    """What was given, or for "-" what standard input has."""
    if given != "-":
        return given
    from triplemem.cli.files import decoded

    return decoded(sys.stdin.buffer.read(), "standard input").removesuffix("\n")


def confirm(question: str) -> None:
    """Ask on standard error; anything but yes ends the command with an error, and so does the end of the input."""
    click.echo(f"{question} [y/N] ", nl=False, err=True)
    answer = sys.stdin.readline()
    if not answer:
        click.echo(err=True)
        raise Failure("nobody answered, so nothing was erased; answer y, or give --yes")
    if answer.strip().lower() not in ("y", "yes"):
        raise Failure("nothing was erased")

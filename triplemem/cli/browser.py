"""`browser`: where Neo4j Browser shows the store, with the shipped views in a guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from triplemem import config
from triplemem.cli.common import NO_NAMESPACE, Command, Settings, with_settings
from triplemem.cli.output import note, print_json
from triplemem.errors import ConfigError

if TYPE_CHECKING:
    from triplemem.cli.serving import Files

PORT = 7475
"""Where the guide is served by default; the guide that is shipped names it too."""


@click.command(
    cls=Command,
    examples=["triplemem -n acme/team browser --open", "triplemem -n acme/team browser --serve --open"],
)
@click.option("--http", metavar="URL", help="Where Browser is.  [port 7474 of the store's host, 7473 if encrypted]")
@click.option("--serve", is_flag=True, help="Serve the guide and the style to Browser, until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="The port to serve at.")
@click.option("--open", "open_", is_flag=True, help="Open it in the web browser.")
@with_settings
def browser(settings: Settings, http: str | None, serve: bool, port: int, open_: bool) -> None:
    """Print where Neo4j Browser shows the store.

    Browser then connects, and has the namespace as a parameter ready. With --serve it also opens the guide: a page of
    views that are run by a click. Browser plays pages of hosts that the server's setting
    browser.remote_content_hostname_whitelist names; localhost is among them by default, and what is served is served on
    this machine alone. Each view is also a file, which Browser saves as a favourite when it is dropped on it.
    """
    url = settings.url or config.url()
    if url.startswith("sqlite:"):
        raise ConfigError(
            "this store is an embedded one, which Neo4j Browser cannot show: "
            "write a page with `triplemem graph --html FILE`"
        )
    namespace = config.namespace() if settings.namespace is None else settings.namespace
    if namespace is None:
        raise click.UsageError(NO_NAMESPACE)
    database = settings.database or config.database()
    there = _Place(url, http, settings.user or config.user(), database, _path(namespace))
    if serve:
        _serve(settings, there, port, open_)
    else:
        _say(settings, there.address(None), open_)


class _Place:
    """What leads to Browser."""

    def __init__(self, url: str, http: str | None, user: str | None, database: str | None, namespace: str) -> None:
        self.url, self.http, self.user, self.database, self.namespace = url, http, user, database, namespace

    def address(self, guide: str | None) -> str:
        """The address of Browser, showing this guide."""
        from triplemem.cli.address import browser_url

        more = {"http": self.http, "user": self.user, "database": self.database, "namespace": self.namespace}
        return browser_url(self.url, guide=guide, **more)


def _path(namespace: str) -> str:
    from triplemem.core import namespaces

    return namespaces.path(namespaces.parse(namespace))


def _say(settings: Settings, address: str, open_: bool) -> None:
    from triplemem.resources import cypher_folder

    if settings.as_json:
        print_json({"url": address, "views": str(cypher_folder() / "browser")})
    else:
        click.echo(address)
        note(f"the views are in {cypher_folder() / 'browser'}")
    if open_:
        _open(address)


def _open(address: str) -> None:
    import webbrowser

    if not webbrowser.open(address):
        note("no web browser could be opened: open the address yourself")


def _serve(settings: Settings, there: _Place, port: int, open_: bool) -> None:
    from triplemem.cli.address import origin
    from triplemem.cli.serving import server

    files: dict[str, tuple[str, bytes]] = {}
    try:
        serving = server(port, files, _origins(origin(there.address(None))))
    except OSError as error:
        raise ConfigError(
            f"cannot serve at port {port}: {error.strerror or error}; --port 0 takes a free one"
        ) from error
    with serving:
        here = f"http://localhost:{serving.server_address[1]}"
        files.update(_files(here, there.namespace))
        _say(settings, there.address(f"{here}/guide.html"), open_)
        note(f"serving the guide at {here}/guide.html until Ctrl-C")
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            note("stopped")


def _origins(address: str) -> frozenset[str]:
    """The origins that Browser may have: this machine has two names."""
    return frozenset(
        {
            address,
            address.replace("//localhost", "//127.0.0.1", 1),
            address.replace("//127.0.0.1", "//localhost", 1),
        }
    )


def _files(here: str, namespace: str) -> Files:
    """The shipped views, the style, and the guide with the namespace and the address filled in."""
    from html import escape

    from triplemem.cli.address import EXAMPLE, literal
    from triplemem.resources import cypher_folder

    folder = cypher_folder() / "browser"
    guide = (folder / "guide.html").read_text("utf-8")
    guide = guide.replace(f"'{EXAMPLE}'", escape(literal(namespace), quote=False))
    guide = guide.replace(f"http://localhost:{PORT}", here)
    served = {"/guide.html": ("text/html; charset=utf-8", guide.encode())}
    for path in [folder / "style.grass", *sorted(folder.glob("*.cypher"))]:
        served[f"/{path.name}"] = ("text/plain; charset=utf-8", path.read_bytes())
    return served

import click
from triplemem.cli.common import Command
@click.command(cls=Command)
def browser(): "x"

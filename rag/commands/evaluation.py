"""``citewire eval``: what is measured of answers and of judges."""

from __future__ import annotations

import typer

from rag.commands import judges
from rag.commands.options import grouped

app = typer.Typer(
    help="Measure judges against labels of people.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _root() -> None:
    """Keep the name of a command even where there is only one."""


app.command("judge")(grouped(judges.judge))

"""`khabar run` on the terminal: progress while it runs, a summary when it has ended."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pipeline.batch.run import Options


def run(options: Options, quiet: bool) -> None:
    """Run, and show what came of it. Ctrl-C ends with exit code 130 and says how to go on.

    Raises KhabarError where the folder cannot be written to.
    """
    import sqlite3

    from pipeline.batch.progress import progress
    from pipeline.batch.run import run as batch_run
    from pipeline.errors import KhabarError

    try:
        with progress(options.inputs, quiet) as show:
            manifest = batch_run(options, show)
    except KeyboardInterrupt:
        typer.echo(
            f"\nkhabar: stopped; what is done is safe in {options.out}. Run the same command again to go on.", err=True
        )
        sys.exit(130)
    except BrokenPipeError:
        raise
    except (OSError, sqlite3.OperationalError) as error:  # readers and workers keep theirs to one document
        raise KhabarError(
            f"cannot write to {options.out} ({error}); make room or name another folder, then run it again"
        ) from error
    if not quiet:
        from pipeline.batch.summary import summary

        typer.echo(summary(manifest, options.out))

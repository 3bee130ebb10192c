"""The `khabar` command. Each command imports what it needs when it runs, so that `khabar --help` is quick."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import KhabarError

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
app = typer.Typer(
    name="khabar",
    help="""Arabic news in, structured records out.

    Each article becomes one JSON record: the people, places and organisations it names, linked to identifiers;
    its quantities and dates; the numeric facts it reports (what rose or fell, from what to what, by whose account);
    and who said what.

    \b
    Examples:
      khabar extract article.txt              one article, its record on the screen
      khabar extract news.jsonl > out.jsonl   one JSON line an article, in and out
      khabar run news/ dump.zip --out out     many files, several processes, tables; run again to go on
      khabar kb search Aktau                  what is known by a name; `khabar kb add` teaches it yours
      khabar doctor                           is everything in place?

    \b
    Exit codes:
      0  done; documents that could not be read have records with status "error"
      1  `khabar doctor` found something wrong, or `khabar kb search` nothing
      2  the command was not understood, or an input is missing; the message says what to do
      130  stopped with Ctrl-C
    """,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=_HELP,
)


def main() -> None:
    """Entry point: usage errors end in one line and exit code 2, never in a traceback."""
    try:
        app()
    except KhabarError as error:
        typer.echo(f"khabar: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        quiet_pipe()


def quiet_pipe() -> None:
    """Leave without a word when the reader of our output has gone (`khabar ... | head`)."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


def _version(asked: bool) -> None:
    if asked:
        from pipeline import __version__

        typer.echo(f"khabar {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


Fields = Annotated[
    list[str] | None,
    typer.Option(
        "--field", metavar="OURS=THEIRS", help="Another name of a column or JSON key, e.g. text=body. Repeat."
    ),
]
Config = Annotated[
    str | None,
    typer.Option("--config", metavar="FILE", help="Another pipeline; start from what `khabar info` prints."),
]


@app.command()
def extract(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="A file to read; - is standard input.")] = "-",
    field: Fields = None,
    config: Config = None,
) -> None:
    """Print one JSON record for each article of FILE, in order.

    JSON Lines hold one article a line, with the keys id and text and, where known, title, date, source and url.
    A plain text or HTML file is one article. Records are printed as soon as they are ready.

    \b
    Examples:
      khabar extract article.html
      zcat dump.jsonl.gz | khabar extract | head -1
      khabar extract news.csv --field text=body --field id=number > records.jsonl
    """
    from pipeline.cli_extract import extract as command

    try:
        command(file, parse_fields(field), config)
    except BrokenPipeError:
        quiet_pipe()


@app.command()
def run(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help="Files, folders and archives.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where the results go.")],
    workers: Annotated[int, typer.Option(min=0, metavar="N", help="Processes; 0 is one a core.")] = 0,
    format: Annotated[
        str, typer.Option(metavar="jsonl|parquet", help="parquet: also write records.parquet.")
    ] = "jsonl",
    field: Fields = None,
    time_limit: Annotated[
        float, typer.Option(min=0.1, metavar="S", help="Seconds of work that one document may take.")
    ] = 60.0,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start over: remove an earlier run's results from DIR.")
    ] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try documents again that failed in a stage or ran out of time.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
    config: Config = None,
) -> None:
    """Turn many articles into records and tables in DIR.

    Reads .txt, .html, .jsonl, .json, .csv, .tsv, .parquet, .xml, .warc and .pdf, folders of these, and archives and
    compressed files of these. A document that cannot be read becomes one error record; the run goes on.

    \b
    In DIR:
      records.jsonl    one record an article, in the order of the input
      errors.jsonl     the articles that have no annotations, and why
      *.parquet        documents, entities, mentions, facts, quantities, times, statements
      run.json         what was run, counts, speed

    The same command run again goes on where it stopped, even after a crash, and does only what is new or changed.

    \b
    Examples:
      khabar run news/ --out out
      khabar run dump.jsonl.gz more.csv --out out --workers 4 --field text=body
    """
    if format not in ("jsonl", "parquet"):
        raise KhabarError(f"--format {format} is not known; use jsonl or parquet")
    from pipeline.batch.run import Options
    from pipeline.cli_run import run as command

    options = Options(inputs, out, workers, format, parse_fields(field), time_limit, fresh, retry, config)
    command(options, quiet)


@app.command()
def tag(
    file: Annotated[str, typer.Argument(metavar="FILE.conll", help="One token a line; - is standard input.")] = "-",
    scheme: Annotated[
        str, typer.Option(help="Whose guidelines: khabar's own, or anercorp, aqmar, clean, wojood.")
    ] = "khabar",
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Else to the screen.")] = None,
    config: Config = None,
) -> None:
    """Tag the names in a text that is split into tokens already.

    FILE has one token a line, an empty line after each sentence, and optionally further columns, which are ignored;
    a line -DOCSTART- begins a document. Printed are the same lines as "token TAG", with tags B-PER, I-PER, ..., O.
    khabar's own scheme is that of the whole pipeline; the others are those of the corpora that the tagger has learnt,
    and come from the tagger alone.

    \b
    Example:
      khabar tag test.conll --out tagged.conll
    """
    from pipeline.cli_tag import tag as command

    try:
        command(file, scheme, out, config)
    except BrokenPipeError:
        quiet_pipe()


@app.command()
def benchmark(
    words: Annotated[int, typer.Option(min=40, metavar="N", help="Words a round.")] = 1000,
    text: Annotated[str | None, typer.Option(metavar="FILE", help="Articles to read; else the samples.")] = None,
    rounds: Annotated[int, typer.Option(min=2, max=10, metavar="N", help="Rounds after the warm-up.")] = 5,
    output: Annotated[str, typer.Option(metavar="text|json", help="json: every round's seconds too.")] = "text",
    only: Annotated[str, typer.Option(metavar="PART", help="pipeline, numbers or taggers; else all.")] = "",
) -> None:
    """Measure speed and memory here: the pipeline, its stages, the taggers, and CAMeL Tools' tagger.

    Takes two to three minutes, most of them for CAMeL Tools' NERecognizer, of which a model of random weights is made
    in a temporary folder: it is as fast as the real one. All read the same text, each in a process with one thread.

    \b
    Examples:
      khabar benchmark
      khabar benchmark --text news.jsonl --words 5000 --output json > speed.json
      khabar benchmark --text dump.jsonl.gz --words 20000 --only numbers
    """
    from pipeline.cli_benchmark import benchmark as command

    command(text, words, rounds, output, only)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a record."""
    import json

    from pipeline.records import schema

    typer.echo(json.dumps(schema(), indent=2, ensure_ascii=False))


@app.command()
def info(config: Config = None) -> None:
    """Print the version, the models and data in use, and the pipeline's configuration."""
    from pipeline.cli_info import info as command

    command(config)


@app.command()
def doctor() -> None:
    """Check the installation, and say what to do about what is wrong."""
    from pipeline.cli_doctor import doctor as command

    raise typer.Exit(command())


kb = typer.Typer(
    help="""The knowledge base: what khabar knows by name, and your own entries.

    It holds countries, cities, bodies, companies, media, clubs, events and people, each with its Arabic spellings, an
    English name and an identifier. Your own entries win over them wherever a name is the same.

    \b
    Examples:
      khabar kb search Aktau              who or what is called so, in either script
      khabar kb show geonames:610612      all that is known of it
      khabar kb add companies.csv         from now on, khabar knows these too
      khabar kb info                      how much there is, and how fast
    """,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings=_HELP,
)
app.add_typer(kb, name="kb")
Table = Annotated[
    Path | None,
    typer.Option("--kb", metavar="FILE", help="Your entries, in place of $KHABAR_KB or your usual table."),
]
Output = Annotated[str, typer.Option(metavar="text|json", help="json: one object a line.")]


@kb.command()
def search(
    text: Annotated[str, typer.Argument(metavar="NAME", help="Arabic or English, whole or in part.")],
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Entries at most.")] = 10,
    table: Table = None,
    output: Output = "text",
) -> None:
    """Find entries by a name.

    The same name comes first, then longer ones. Prints identifier, label, kind, country, English and Arabic name.
    Spellings that differ in hamza, alef forms, teh marbuta or diacritics are the same, and where none is, names that
    sound alike are found. Exit code 1 where there is nothing.
    """
    from pipeline.cli_kb import search as command

    command(text, limit, table, output)


@kb.command()
def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="As `khabar kb search` prints it.")],
    table: Table = None,
    output: Output = "text",
) -> None:
    """Print all that is known of an entry, its spellings too."""
    from pipeline.cli_kb import show as command

    command(id, table, output)


@kb.command()
def add(
    file: Annotated[str, typer.Argument(metavar="FILE.csv", help="Your entries; - is standard input.")],
    table: Table = None,
) -> None:
    """Add entries of your own from CSV.

    They win over khabar's wherever a name is the same.

    FILE.csv is UTF-8 with a header line; commas, semicolons or tabs divide its columns:

    \b
      label       PER, LOC, ORG, GROUP or MISC
      en          English name
      ar          Arabic spellings, divided by |, the usual one first
    and, where wanted:
      kind        company, ministry, party, media, club, city, port, person, index, ...
      iso         country in two letters (ISO 3166)
      members     of a GROUP: countries in two letters, blanks between
      geonames, wikidata, population

    They are kept in one table, kb.csv in your settings folder, or the file that $KHABAR_KB names; every khabar
    command reads it. An entry with the label and English name of one in it replaces that one. To take entries out,
    edit the table. Nothing is added where a line is wrong; the message names the line.

    \b
    Example:
      printf 'label,kind,iso,en,ar\\nORG,company,KZ,Caspian Ports,موانئ قزوين|شركة موانئ قزوين\\n' > mine.csv
      khabar kb add mine.csv
    """
    from pipeline.cli_kb import add as command

    command(file, table)


@kb.command("info")
def kb_info(table: Table = None, output: Output = "text") -> None:
    """Count entries by kind; measure loading and lookup here."""
    from pipeline.cli_kb import info as command

    command(table, output)


def parse_fields(pairs: list[str] | None) -> dict[str, str]:
    """The `--field OURS=THEIRS` options as a mapping."""
    known = ("id", "text", "title", "date", "source", "url", "section")
    out = {}
    for pair in pairs or []:
        ours, equals, theirs = pair.partition("=")
        if not equals or ours not in known or not theirs:
            raise KhabarError(f"--field {pair} is not OURS=THEIRS with OURS one of {', '.join(known)}")
        out[ours] = theirs
    return out

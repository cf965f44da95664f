"""What the documents say is true: commands, options, settings, places; and `--help` is quick."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from api.cli.main import COMMANDS, main
from api.settings import Settings
from api.settings_table import placed, settings_table

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "ontology" / "register" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
)
HEAVY = ("torch", "faiss", "rdflib", "pyoxigraph", "pdfplumber", "openpyxl", "scipy", "numpy", "fastapi", "lxml", "PIL")


def commands_of(text: str) -> list[list[str]]:
    """The words of every `cchc …` command in code: a line of a block, or a piece between backticks."""
    blocks = re.findall(r"^```(?:sh|console|bash)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"`(cchc [^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    found = []
    for line in lines:
        command = re.split(r" [|>] ", re.sub(r"^(?:\w+=\S+ )*(?:\S*/)?(?=cchc )", "", line.strip()))[0]
        if command.startswith("cchc "):
            found.append(shlex.split(command, comments=True)[1:])
    return found


WRITTEN = [
    pytest.param(command, id=f"{path.relative_to(ROOT)}: {' '.join(command)}")
    for path in DOCUMENTS
    for command in commands_of(path.read_text(encoding="utf-8"))
]


def test_commands_are_found_in_the_documents() -> None:
    text = "```sh\nA=b .venv/bin/cchc build x --json  # y\n```\n`cchc gaps --kind K` and `cchc`"
    assert commands_of(text) == [["build", "x", "--json"], ["gaps", "--kind", "K"]]
    assert len(WRITTEN) > 4


@pytest.mark.parametrize("words", WRITTEN)
def test_a_written_command_and_its_options_exist(words: list[str]) -> None:
    command: click.Command = main
    context = click.Context(main)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        inner = command.get_command(context, words[0])
        assert inner is not None, f"no command {words[0]}"
        command, words = inner, words[1:]
        context = click.Context(command, parent=context)
    known = {
        option for parameter in command.get_params(context) for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)} <= known


def test_help_lists_every_command() -> None:
    said = main.get_help(click.Context(main, max_content_width=110))
    for name in COMMANDS:
        assert re.search(rf"^  {name}\s", said, re.MULTILINE)
        command = main.get_command(click.Context(main), name)
        assert command is not None
        assert command.help


def test_help_starts_without_heavy_libraries() -> None:
    script = (
        "import sys\nfrom api.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print('LOADED', *(name for name in {HEAVY!r} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].strip() == "LOADED"


def test_the_settings_table_is_true() -> None:
    """Where this fails: `python -m api.settings_table README.md`."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert placed(text) == text


def test_the_table_names_every_setting_with_its_words() -> None:
    lines = settings_table().splitlines()[2:]
    assert len(lines) == len(Settings.model_fields)
    for line, (name, field) in zip(lines, Settings.model_fields.items(), strict=True):
        assert line.startswith(f"| `CCHC_{name.upper()}` |")
        assert field.description
        assert field.description in line


def test_make_targets_and_paths_that_are_spoken_of_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE)) <= targets
        for place in re.findall(
            r"`((?:graph|embeddings|api|ontology|tests|docs|notebooks|benchmarks)/[\w./*-]*)`", text
        ):
            assert any(ROOT.glob(place.rstrip("/"))), f"{path.name}: {place}"

"""What is written about the house is true of the house."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from server.config import PREFIX, Settings
from server.domain.entries import BODIES
from server.domain.tickets import MOVES
from tests.house import tree

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+?)\s*$", re.MULTILINE)
CODE = re.compile(r"```.*?```", re.DOTALL)
#: Words that belong to a workshop and not to the product.
FOREIGN = re.compile(
    "|".join(["/wo" + "rk/", "/tm" + "p/", "Co-Auth" + "ored", "anthro" + "pic", "clau" + "de"]), re.IGNORECASE
)


def documents() -> list[Path]:
    return list(tree.files(".md"))


def sections(path: str, level: str) -> dict[str, str]:
    """Heading → text, for the headings of one level."""
    parts = re.split(rf"^{level} (.+?)\s*$", tree.text(tree.ROOT / path), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_setting_has_a_heading_and_every_heading_is_a_setting():
    expected = {f"`{PREFIX}{setting.name.upper()}`" for setting in fields(Settings)}
    assert set(sections("docs/settings.md", "##")) == expected


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_a_setting_is_described_as_the_code_describes_it_with_its_default(setting):
    section = sections("docs/settings.md", "##")[f"`{PREFIX}{setting.name.upper()}`"]
    assert setting.metadata["about"] in " ".join(section.split())
    assert f"Default: {_shown(setting.default)}." in section


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return "`yes`" if default else "`no`"
    return f"`{default}`" if str(default) else "empty"


def test_the_table_of_the_journal_is_that_of_the_code():
    chapters = sections("docs/journal.md", "###").items()
    kinds = {heading.strip("`"): text.partition("\n## ")[0] for heading, text in chapters}
    assert list(kinds) == list(BODIES)
    for kind, text in kinds.items():
        assert tuple(re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE)) == BODIES[kind], kind


def test_the_table_of_moves_is_that_of_the_code():
    table = sections("docs/architecture.md", "##")["Turns and their moves"]
    rows = [[cell.strip().strip("`") for cell in line.split("|")[1:-1]] for line in table.splitlines() if "| `" in line]
    assert [row[0] for row in rows] == list(MOVES)
    for verb, from_states, to_state, entry in rows:
        move = MOVES[verb]
        assert set(from_states.split(", ")) == move.from_states, verb
        assert to_state == (f"ended ({move.ending})" if move.ending else move.to_state), verb
        assert entry == move.entry


@pytest.mark.parametrize("path", documents(), ids=tree.name)
def test_every_relative_link_leads_somewhere(path):
    broken = []
    for target in LINK.findall(CODE.sub("", tree.text(path))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        aimed = (path.parent / name).resolve() if name else path
        if not aimed.exists() or (anchor and anchor not in anchors(aimed)):
            broken.append(target)
    assert broken == []


def anchors(path: Path) -> set[str]:
    headings = HEADING.findall(CODE.sub("", tree.text(path)))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/architecture.md", "STYLE.md"])
def test_every_path_that_is_named_exists(name):
    named = set(re.findall(r"`([\w./-]+/[\w./<>-]*)`", tree.text(tree.ROOT / name)))
    missing = {path for path in named if "<" not in path and not (tree.ROOT / path).exists()}
    assert missing == set()


def test_what_is_written_here_speaks_of_the_product_alone():
    suffixes = (".py", ".md", ".html", ".css", ".js", ".yaml", ".toml", ".sh")
    found = [tree.name(path) for path in tree.files(*suffixes) if FOREIGN.search(tree.text(path))]
    assert found == []

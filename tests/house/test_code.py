"""How the code of this house is kept. STYLE.md says why."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.house import tree

#: Ways to read the time past the clock that is handed down.
OTHER_CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "func": {"now", "current_timestamp"},
    "time": {"time", "time_ns", "localtime", "gmtime"},
}
PHYSICAL_CSS = re.compile(
    r"(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)\b|(?<![-\w])(?:left|right)\s*:|"
    r"(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
)
INLINE = re.compile(
    r"""<style\b|<script(?![^>]*\b(?:src=|type="application/))|\s(?:style|on[a-z]+)\s*=\s*["']""", re.IGNORECASE
)
#: One file on purpose: a stranger downloads it, reads it from top to bottom and runs it with nothing beside it.
READ_AS_ONE = {"server/public/verifier/verify_journal.py", "docs/verifier/verify_journal.py"}
UNFINISHED = re.compile(r"\b(?:TO" + "DO|FIX" + r"ME)\b")


def parsed(path: Path) -> ast.Module:
    return ast.parse(tree.text(path), filename=tree.name(path))


def test_no_file_is_longer_than_400_lines():
    long = {
        tree.name(path): lines
        for path in tree.files(".py", ".js", ".css", ".html")
        if (lines := tree.text(path).count("\n")) > 400
    }
    assert set(long) <= READ_AS_ONE, long


def test_nothing_but_the_clock_reads_the_time():
    found = [
        f"{tree.name(path)}:{node.lineno}"
        for path in tree.modules()
        if tree.name(path) != "server/clock.py"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.attr in OTHER_CLOCKS.get(node.value.id, ())
    ]
    assert found == []


def test_every_init_is_empty():
    assert [tree.name(path) for path in tree.modules() if path.name == "__init__.py" and path.stat().st_size] == []
    assert (tree.ROOT / "server/__init__.py").read_bytes() == b""


def test_every_folder_of_code_is_a_package():
    """Alembic's versions are loaded by their path."""
    lost = {tree.name(path.parent) for path in tree.modules() if not (path.parent / "__init__.py").exists()}
    assert lost - {"server/store/migrations/versions"} == set()


def test_every_module_says_what_it_is_for():
    silent = [
        tree.name(path)
        for path in tree.modules()
        if path.name != "__init__.py" and not ast.get_docstring(parsed(path), clean=False)
    ]
    assert silent == []


def test_no_import_is_relative():
    found = [
        f"{tree.name(path)}:{node.lineno}"
        for path in tree.files(".py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert found == []


def test_no_module_is_a_drawer_for_odds_and_ends():
    drawers = {"utils.py", "util.py", "helpers.py", "models.py", "common.py", "misc.py"}
    assert [tree.name(path) for path in tree.files(".py") if path.name in drawers] == []


def test_there_are_five_packages_at_the_top_and_no_sixth():
    found = {path.parent.name for path in tree.ROOT.glob("*/__init__.py")}
    assert found == set(tree.PACKAGES)
    project = tomllib.loads(tree.text(tree.ROOT / "pyproject.toml"))
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == set(tree.PACKAGES)
    assert set(project["tool"]["mypy"]["packages"]) == set(tree.PACKAGES)
    assert set(project["tool"]["importlinter"]["root_packages"]) == set(tree.PACKAGES)


def test_nothing_is_left_for_later():
    found = [tree.name(path) for path in tree.files() if _is_text(path) and UNFINISHED.search(tree.text(path))]
    assert found == []


def test_style_sheets_know_no_left_and_right():
    """`dir` turns the page for Arabic only where properties are logical: margin-inline-start, inset-inline-end …"""
    found = [
        f"{tree.name(path)}:{number}"
        for path in tree.files(".css")
        for number, line in enumerate(tree.text(path).splitlines(), start=1)
        if PHYSICAL_CSS.search(line.partition("/*")[0])
    ]
    assert found == []


def test_templates_hold_no_inline_script_or_style():
    """The Content-Security-Policy would not run it."""
    found = [
        f"{tree.name(path)}:{number}"
        for path in tree.files(".html")
        for number, line in enumerate(tree.text(path).splitlines(), start=1)
        if INLINE.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("margin-left: 1px", True),
        ("left: 0", True),
        ("text-align: right", True),
        ("margin-inline-start: 1px", False),
        ("inset-inline-start: 0", False),
        ("text-align: start", False),
        ("transition: inset-block-start 1s", False),
    ],
)
def test_the_check_of_style_sheets_sees_what_it_should(line, wrong):
    assert bool(PHYSICAL_CSS.search(line)) == wrong


def test_every_code_of_a_refusal_has_words():
    known = words()
    missing = [
        f"{where}: {key}" for where, key in refusal_words() if key not in known and not key.startswith("hint.None")
    ]
    assert missing == []


def test_the_words_of_refusals_are_found_at_all():
    codes = {key for _where, key in refusal_words()}
    assert {"error.illegal_move", "error.counter_busy", "error.service_closed", "hint.opens_on"} <= codes


def words() -> set[str]:
    found: set[str] = set()
    for path in tree.files(".yaml", under="server/translations/words"):
        found |= set(yaml.safe_load(tree.text(path)).get("messages", {}))
    return found


def refusal_words() -> Iterator[tuple[str, str]]:
    """(file:line, message key) of every string that stands as the code or the hint of a `Refusal(…)`."""
    for path in tree.modules():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Refusal":
                where = f"{tree.name(path)}:{node.lineno}"
                for code in _strings(node.args[:1]):
                    yield where, f"error.{code}"
            if isinstance(node, ast.keyword) and node.arg == "hint":
                for hint in _strings([node.value]):
                    yield f"{tree.name(path)}:{node.value.lineno}", f"hint.{hint}"


def _strings(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.IfExp):
            yield from _strings([node.body, node.orelse])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _is_text(path: Path) -> bool:
    return path.suffix in {".py", ".md", ".html", ".css", ".js", ".yaml", ".toml", ".sh", ""} and path.name != "uv.lock"

"""axe-core in a page: what it finds there by the rules of WCAG 2.2 A and AA and by its own of good practice. It comes from npm
(`npm ci --prefix tests/access`); where it is missing nothing is said about any page.
"""

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core"
INSTALL = "npm ci --prefix tests/access"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
#: What axe finds and we leave as it is: tour, page, rule, and why.
EXCUSED = {
    ("display", "plain board", "meta-refresh"): (
        "an old television without scripts can follow the hall in no other way, and nobody operates it"
    ),
}
RUN = """tags => axe.run(document, {
  runOnly: { type: "tag", values: tags }, resultTypes: ["violations", "incomplete"], elementRef: false,
}).then(({ violations, passes, incomplete }) => {
  const brief = found => found.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.map(({ html, any, all, none }) => [html, [...any, ...all, ...none].map(one => one.message)]),
  }));
  return { violations: brief(violations), incomplete: brief(incomplete), passes: passes.length };
})"""


@dataclass(frozen=True, slots=True)
class Finding:
    rule: str
    help: str
    #: The element as it is written, and what is wrong with it.
    nodes: tuple[tuple[str, tuple[str, ...]], ...]

    def __str__(self) -> str:
        return "\n".join([f"{self.rule}: {self.help}", *(f"    {html}\n      {why}" for html, why in self.nodes[:5])])


@dataclass(frozen=True, slots=True)
class Result:
    violations: tuple[Finding, ...]
    #: What axe can't decide by itself and leaves to people.
    incomplete: tuple[Finding, ...]
    #: Rules that had something to look at and found nothing wrong.
    passes: int


def require_axe() -> None:
    """Where it is not installed, the tests are skipped with a word; in the pipeline that is a failure."""
    if not (AXE / "axe.min.js").exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"axe looks at no page: {INSTALL}")


def version() -> str:
    return str(json.loads((AXE / "package.json").read_text(encoding="utf-8"))["version"])


def look_at(page: Page) -> Result:
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    found = page.evaluate(RUN, list(TAGS))
    return Result(_findings(found["violations"]), _findings(found["incomplete"]), found["passes"])


@cache
def _source() -> str:
    return (AXE / "axe.min.js").read_text(encoding="utf-8")


def _findings(found: list[dict[str, Any]]) -> tuple[Finding, ...]:
    return tuple(
        Finding(one["id"], one["help"], tuple((html, tuple(why)) for html, why in one["nodes"])) for one in found
    )

"""`python -m tests.access.table`: every page in every language before axe, as a table in docs/accessibility.md.

In each cell: what axe found / rules that had something to look at and found nothing / what it left to people to decide.
"""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.access import axe
from tests.access import hall as halls
from tests.access.axe import Result
from tests.access.hall import LANGUAGES
from tests.access.tours import TOURS
from tests.browser import chromium
from tests.served import ROOT

DOCUMENT = ROOT / "docs" / "accessibility.md"
BEGIN, END = "<!-- made by tests.access.table -->", "<!-- end -->"

Results = dict[tuple[str, str, str], Result]


def looked_at() -> Results:
    with (
        chromium.browsing() as browser,
        TemporaryDirectory() as folder,
        halls.opened(Path(folder), browser) as hall,
    ):
        return {
            (tour, name, lang): axe.look_at(page)
            for lang in LANGUAGES
            for tour in TOURS
            for name, page in TOURS[tour](hall, lang)
        }


def markdown(results: Results) -> str:
    pages = list(dict.fromkeys((tour, name) for tour, name, _lang in results))
    lines = [
        f"axe-core {axe.version()}, {len(pages)} pages and states in {len(LANGUAGES)} languages: {len(results)} looks.",
        "",
        f"| where | page or state | {' | '.join(LANGUAGES)} |",
        f"|---|---|{'---|' * len(LANGUAGES)}",
    ]
    for tour, name in pages:
        cells = [_cell(results.get((tour, name, lang))) for lang in LANGUAGES]
        lines.append(f"| {tour} | {name} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", *_sums(results)])


def _cell(result: Result | None) -> str:
    if result is None:
        return "–"
    return f"{len(result.violations)} / {result.passes} / {len(result.incomplete)}"


def _sums(results: Results) -> list[str]:
    found = Counter((tour, name, one.rule) for (tour, name, _), one in _each(results, "violations"))
    left = Counter(one.rule for _, one in _each(results, "incomplete"))
    return [
        f"Found: {sum(found.values())}.",
        *(f"- {tour}, {name}: `{rule}` ({n} ×)" for (tour, name, rule), n in found.items()),
        "",
        f"Left to people: {sum(left.values())}.",
        *(f"- `{rule}` ({n} ×)" for rule, n in left.items()),
    ]


def _each(results: Results, kind: str) -> list[tuple[tuple[str, str, str], axe.Finding]]:
    return [(place, one) for place, result in results.items() for one in getattr(result, kind)]


def main() -> None:
    before, rest = DOCUMENT.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    table = markdown(looked_at())
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()

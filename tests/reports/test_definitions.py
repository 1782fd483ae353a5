"""docs/figures.md defines every figure that a report gives, and none that no report gives."""

import re
from dataclasses import fields
from datetime import date
from pathlib import Path

from server.domain.overtakes import KINDS
from server.reports import counters, fairness, waits
from server.reports.distribution import Distribution
from tests.reports.on_database import StoryOnDatabase
from tests.world import MORNING, small_setup

FIGURES = Path(__file__).parents[2] / "docs" / "figures.md"
#: What a report was asked for, which is no figure.
QUESTION = {"key"}


def test_every_figure_has_a_heading_and_every_heading_a_figure(engine):
    story = StoryOnDatabase(engine, small_setup(), at=MORNING)
    day = MORNING.date()
    with engine.connect() as conn:
        waited = waits.waits(
            conn, site="hall", from_on=day, to_on=day, by="service", timezone="Africa/Casablanca", targets={}
        )
        worked = counters.counters(conn, site="hall", from_on=day, to_on=day, at=story.clock.now(), targets={})
    story.writer.close()
    given = (set(waited.to_json()["total"]) | set(worked.to_json()["total"])) - QUESTION
    given |= {field.name for field in fields(Distribution)}
    given |= set(fairness.total_of([]).to_json()) - QUESTION
    headings = set(re.findall(r"^### (\w+)$", FIGURES.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert {name.removesuffix("_s") for name in given} == headings


def test_every_kind_of_an_overtake_is_told_with_what_explains_it():
    _before, _heading, after = FIGURES.read_text(encoding="utf-8").partition("### overtakes\n")
    table = after.partition("\n###")[0]
    rows = re.findall(r"^\| (`.+?) \|", table, flags=re.MULTILINE)
    assert re.findall(r"`(\w+)`", " ".join(rows)) == list(KINDS)


def test_a_day_without_anybody_has_figures_of_nothing(engine):
    story = StoryOnDatabase(engine, small_setup(), at=MORNING)
    long_ago = date(2020, 1, 1)
    with engine.connect() as conn:
        waited = waits.waits(
            conn, site="hall", from_on=long_ago, to_on=long_ago, by="day", timezone="UTC", targets={}
        ).to_json()
        worked = counters.counters(
            conn, site="hall", from_on=long_ago, to_on=long_ago, at=story.clock.now(), targets={}
        ).to_json()
    story.writer.close()
    assert waited["rows"] == []
    assert waited["total"]["turns"] == 0
    assert waited["total"]["waiting_time"]["mean_s"] is None
    assert waited["total"]["within_target"] == {"count": 0, "of": 0, "percent": None}
    assert worked["counters"] == worked["agents"] == []
    assert worked["total"]["idle_time_s"] == 0

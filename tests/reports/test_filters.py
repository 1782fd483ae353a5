"""What a report may be asked for, and what is refused."""

from datetime import date

import pytest

from server.domain.errors import Refusal
from server.reports.filters import Asked, asked

TODAY = date(2026, 11, 24)


def ask(from_text=None, to_text=None, by=None):
    return asked(from_text=from_text, to_text=to_text, by=by, today=TODAY)


def test_what_is_left_out_means_today_and_by_service():
    assert ask() == Asked(from_on=TODAY, to_on=TODAY, by="service")
    assert ask("", "", "") == Asked(from_on=TODAY, to_on=TODAY, by="service")


def test_it_takes_both_ends_and_every_by():
    for by in ("service", "counter", "agent", "hour", "day"):
        assert ask("2026-11-01", "2026-11-30", by) == Asked(date(2026, 11, 1), date(2026, 11, 30), by)


def test_it_takes_400_days_and_no_more():
    assert isinstance(ask("2025-01-01", "2026-02-04"), Asked)
    assert ask("2025-01-01", "2026-02-05") == Refusal("invalid_input")


@pytest.mark.parametrize(
    ("from_text", "to_text", "by"),
    [
        ("2026-11-25", "2026-11-24", None),
        ("2026-11-25", None, None),
        ("2026-02-30", None, None),
        ("24/11/2026", None, None),
        ("20261124", None, None),
        ("2026-W48-2", None, None),
        ("2026-11-24T00:00", None, None),
        (None, "soon", None),
        (None, None, "month"),
        (None, None, "day; drop table turns"),
    ],
)
def test_it_refuses_what_is_no_question(from_text, to_text, by):
    assert ask(from_text, to_text, by) == Refusal("invalid_input")

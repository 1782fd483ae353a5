"""Ticket numbers: a series' letter and a count from 1, unique per site, day and series, without gaps.

The count is part of the hall and moves only when an entry is written, so two kiosks can't hold the same number; a
database constraint says the same once more.
"""


def number(series: str, n: int) -> str:
    """`A017`; past 999 the number grows: `A1203`."""
    return f"{series}{n:03d}"

"""Puts a story that was told in memory into a database, as the writer would have, and makes long ones."""

from collections.abc import Sequence

from sqlalchemy import Engine

from server.domain.story import Written
from server.store import journal, projection
from server.store.sites import add_site
from tests.world import Story

SECRET = "not a secret"


def store(engine: Engine, story: Story) -> Story:
    """A new site whose journal is the story."""
    with engine.execution_options(writes=True).begin() as conn:
        add_site(conn, code=story.setup.site, pack="", public_key=SECRET, demo=False)
        write(conn, story.written)
    return story


def write(conn, written: Sequence[Written]) -> None:
    for start in range(0, len(written), 1000):
        journal.append(conn, written[start : start + 1000])
        projection.write(conn, written[start : start + 1000])


def small_day() -> Story:
    """A few visitors of every fate, a pause, a night, a turn carried over it, and another morning."""
    story = Story()
    story.opens(1)
    story.opens(2)
    first = story.draws("a").turn.ticket
    second = story.draws("a", klass="priority").turn.ticket
    third = story.draws("b").turn.ticket
    gone = story.draws("b").turn.ticket
    story.clock.advance(minutes=4)
    story.calls(1)
    story.recalls(second, 1)
    story.clock.advance(minutes=2)
    story.starts(second, 1)
    story.clock.advance(minutes=3)
    story.calls(1, ending="finished")
    story.calls(2)
    story.recalls(third, 2)
    story.clock.advance(minutes=2)
    story.no_show(third, 2)
    story.pauses(2)
    story.clock.advance(minutes=5)
    story.resumes(2)
    story.withdraws(gone)
    story.draws("b")
    story.starts(first, 1)
    story.clock.advance(hours=24)
    story.ticks()
    story.opens(3)
    story.draws("a")
    story.calls(3)
    return story

"""A hall on a database of its own that can be opened and closed, backed up and put back."""

from functools import partial

from server.actions import people, restoring
from server.actions import setup as setups
from server.actions.house import open_house
from server.actions.restoring import Claim, Wish
from server.clock import SystemClock
from server.reports.replay import replay
from server.store import backup_file, journal
from server.store import revision as revisions
from server.store.engine import snapshot
from server.store.sites import add_site
from tests.days.auditor import audit
from tests.faults.driver import SETUP, SITE, draw, settings

PASSWORDS = {"Nadia": "a long pass phrase", "Omar": "another pass phrase", "Amina": "a third pass phrase"}


class Place:
    """Where a database is, or will be."""

    def __init__(self, url):
        self.url = url

    def open(self):
        return Opened(self.url)

    def draws(self, *keys):
        with self.open() as house:
            return [draw(house, key).answer[1]["number"] for key in keys]

    def backs_up(self, path):
        with self.open() as house, snapshot(house.engine) as conn:
            return backup_file.write(conn, path, program="test", revision=revision(), made_at="now")

    def restores(self, path, *, by="Nadia", confirmed_by="Omar", **wish):
        claims = [Claim(name=name, password=PASSWORDS[name]) for name in (by, confirmed_by)]
        with backup_file.opened(path) as backup:
            return restoring.restore(
                self.url, backup, Wish(by=claims[0], confirmed_by=claims[1], **wish), SystemClock()
            )

    def proved(self):
        """The entries, once the chain, the tables and a stranger have agreed with them."""
        with self.open() as house, snapshot(house.engine) as conn:
            head = journal.head(conn, SITE)
            assert journal.verify(SITE, journal.rows_after(conn, SITE), head=head.hash) == head
            assert replay(conn, SITE) == []
            entries = list(journal.all_after(conn, SITE))
        audit(entries)
        return entries


class Office(Place):
    """A hall that is set up there, with people who may restore it and one who may not."""

    def __init__(self, url):
        super().__init__(url)
        with self.open() as house:
            house.writer.run(partial(add_site, code=SITE, pack="", public_key="k", demo=False))
            house.submit(SITE, "test:1", partial(setups.put_in_force, setup=SETUP))
            for name, role in (("Nadia", "manager"), ("Omar", "admin"), ("Amina", "agent")):
                site = "" if role == "admin" else SITE
                people.add_person(house, name=name, role=role, site=site, password=PASSWORDS[name])


class Opened:
    def __init__(self, url):
        self._house = open_house(settings(url))

    def __enter__(self):
        return self._house

    def __exit__(self, *_problem):
        self._house.close()


def revision():
    return revisions.newest()

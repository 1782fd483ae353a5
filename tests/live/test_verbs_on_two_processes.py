"""Every verb over HTTP on two gevent processes, PostgreSQL and Redis: as exact as in one.

Agents press keys at once, each request lands on whichever process takes it, and afterwards the journal alone has to
stand every test that a day in memory stands.
"""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest
import requests

from server.actions import devices, people
from server.actions import setup as setups
from server.actions.house import open_house
from server.config import Settings
from server.domain.calendar import Hours, Span
from server.packs.shipped import shipped_packs
from server.reports import explanations
from server.reports.replay import replay
from server.store import journal
from server.store.engine import snapshot
from server.store.sites import add_site
from tests.days.auditor import audit
from tests.live import processes

pytestmark = [pytest.mark.postgres, pytest.mark.long]

AGENTS = 4
KEYS = 45
ALWAYS = Hours(weekly=((Span(opens_min=0, closes_min=24 * 60),),) * 7)


@pytest.fixture
def house(tmp_path, postgres):
    url = postgres.clone()
    house = open_house(Settings(data_dir=tmp_path, database_url=url))
    pack = next(pack for pack in shipped_packs() if pack.site == "rabat")
    house.writer.run(partial(add_site, code="rabat", pack=pack.text, public_key="k" * 64, demo=False))
    every_counter = tuple(replace(counter, serves=("acc", "mut"), helps=()) for counter in pack.setup().counters)
    setup = replace(pack.setup(), hours=ALWAYS, counters=every_counter)
    house.submit("rabat", "system:test", partial(setups.put_in_force, setup=setup))
    yield house
    house.close()
    postgres.drop(url)


class Agent:
    """Presses whatever keys come to hand, and keeps what each was answered with."""

    def __init__(self, address, token, n):
        self.api, self.counter, self.dice = f"{address}/api/v1", f"rabat-{n}", random.Random(n)
        self.headers = {"Authorization": f"Bearer {token}"}
        self.answers = Counter()
        self.last = None

    def post(self, path, body=None):
        answer = requests.post(f"{self.api}{path}", json=body or {}, headers=self.headers, timeout=20)
        assert answer.status_code < 500, answer.text
        self.answers[f"{path.rsplit('/', 1)[1]} {answer.status_code}"] += 1
        return answer.json() if answer.content else {}

    def works(self, waiting):
        self.post(f"/counters/{self.counter}/shifts")
        for _ in range(KEYS):
            getattr(self, self.dice.choice(["next", "next", "next", "aside", "sends_on", "undoes", "prefers"]))(waiting)

    def next(self, _waiting):
        said = self.post(f"/counters/{self.counter}/calls", {"ending": "finished"})
        self.last = said.get("ticket", {}).get("id", self.last)

    def aside(self, _waiting):
        self.post(f"/tickets/{self.last}/parks")
        self.post(f"/tickets/{self.last}/resumes")

    def sends_on(self, _waiting):
        self.post(f"/tickets/{self.last}/transfers", {"service": self.dice.choice(["acc", "mut"]), "served": True})

    def undoes(self, _waiting):
        self.post(f"/tickets/{self.last}/undos")

    def prefers(self, waiting):
        ticket = self.dice.choice(waiting)
        self.post(f"/counters/{self.counter}/calls", {"ticket": ticket, "reason": "our_error", "ending": "finished"})


def test_four_agents_press_every_key_at_once_and_the_journal_stands_every_test(tmp_path, house, redis_url):
    kiosk = devices.create_device_token(
        house, device=devices.add_device(house, site="rabat", kind="kiosk", name="Kiosk").code, unlimited=True
    )
    tokens = []
    for n in range(AGENTS):
        people.add_person(house, name=f"Agent {n}", role="agent", site="rabat", password="one-pass-phrase-2026")
        tokens.append(people.create_token(house, role="agent", site="rabat", agent=f"Agent {n}"))
    database = house.settings.database_url
    with processes.running(tmp_path, database_url=database, redis_url=redis_url, workers=2) as server:
        waiting = [drawn(server.address, kiosk, n) for n in range(60)]
        agents = [Agent(server.address, token, n + 1) for n, token in enumerate(tokens)]
        with ThreadPoolExecutor(AGENTS + 1) as pool:
            works = [pool.submit(agent.works, waiting) for agent in agents]
            works.append(pool.submit(lambda: [drawn(server.address, kiosk, 100 + n) for n in range(40)]))
            for work in works:
                work.result()
    answers = sum((agent.answers for agent in agents), Counter())
    assert all(answers[f"{key} 201"] for key in ("calls", "parks", "resumes", "transfers", "undos")), answers
    with snapshot(house.engine) as conn:
        entries = list(journal.all_after(conn, "rabat"))
        assert replay(conn, "rabat") == []
        *differences, calls = explanations.recalled(conn, "rabat")
    assert (differences, calls > 20) == ([], True)
    auditor = audit(entries)
    assert len(auditor.visits) == 100
    written = Counter(entry.kind for entry in entries)
    assert written["ticket.called"] + written["ticket.called_out_of_order"] == answers["calls 201"]
    assert written["action.undone"] == answers["undos 201"]
    assert written["ticket.transferred"] == answers["transfers 201"]


def drawn(address, token, n):
    answer = requests.post(
        f"{address}/api/v1/sites/rabat/tickets",
        json={"service": "acc" if n % 2 else "mut", "language": "ar"},
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": f"draw-{n}"},
        timeout=20,
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]

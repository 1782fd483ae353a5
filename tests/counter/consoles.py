"""An agent's console in tests: logged in, it reads its own picture of the counter and presses keys as the page does."""

import re

from tests.office import PASSWORD, csrf_of


class Console:
    def __init__(self, office, name, site="rabat"):
        self.site = site
        self.client = office.logged_in(name)
        self._presses = 0

    def page(self, lang="fr"):
        return self.client.get(f"/counter/{self.site}?lang={lang}")

    def state(self, lang="fr"):
        return self.client.get(f"/counter/{self.site}/state?lang={lang}").json

    def own_day(self):
        return self.client.get(f"/counter/{self.site}/own-day").json

    def opens(self, counter="rabat-3"):
        return self.post(f"/api/v1/counters/{counter}/shifts")

    def calls(self, counter="rabat-3", **body):
        return self.post(f"/api/v1/counters/{counter}/calls", body)

    def moves(self, ticket, noun):
        return self.post(f"/api/v1/tickets/{ticket}/{noun}")

    def pauses(self, counter="rabat-3", reason="meal"):
        return self.post(f"/api/v1/counters/{counter}/pauses", {"reason": reason})

    def leaves(self):
        return self.post(f"/counter/{self.site}/leave")

    def post(self, path, body=None):
        self._presses += 1
        csrf = re.search(r'data-csrf="([^"]+)"', self.page().text).group(1)
        headers = {"X-CSRF-Token": csrf, "Idempotency-Key": f"{id(self)}-{self._presses}"}
        return self.client.post(path, json=body or {}, headers={**headers, "Accept": "application/json"})

    def logs_in_as(self, name):
        """The next agent, in the same browser."""
        page = self.client.get(f"/login?next=/counter/{self.site}").text
        facts = {"name": name, "password": PASSWORD, "csrf_token": csrf_of(page), "next": f"/counter/{self.site}"}
        return self.client.post("/login", data=facts)


def console(office, name="Amina", site="rabat"):
    office.person("agent", site, name)
    return Console(office, name, site)

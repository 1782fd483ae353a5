"""One hall in which every page can be opened: a site that offers all five languages and has whatever a page can show (a
service without a ticket, a message, a suspension, figures of the day), its people and its machines. Its clock stands still, so that
what a page says is the same each time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Page

from server.actions import calling, notices, reception, serving, shifts, staff
from server.actions import setup as setups
from server.actions.staff import Keeper
from server.domain.errors import Refusal
from server.domain.tickets import Turn
from server.packs.pack import Pack
from server.packs.shipped import shipped_packs
from server.store.sites import add_site
from server.web.access import device_cookie
from server.web.demo_facts import DemoAgent, DemoDevice, DemoFacts, DemoSite, Login, write_demo
from server.web.public_ids import public_id
from tests.browser.chromium import Watch
from tests.counter import serving as counters
from tests.office import Office

SITE = "rabat"
LANGUAGES = ("ar", "fr", "zgh", "es", "en")
#: At these counters people are served before any page is opened; the others are for the pages.
BUSY, HELD = "rabat-1", "rabat-2"
PUBLIC_KEY = "k" * 64
#: Pages of refusals are shown too, and the browser notes their answers as errors.
REFUSALS = ("status of 404 ", "status of 422 ")


def pack_of_everything() -> Pack:
    shipped = {pack.site: pack for pack in shipped_packs()}
    pack = shipped[SITE]
    services = tuple(replace(one, direct_desk=one.code == "ret") for one in pack.services)
    return replace(pack, languages=LANGUAGES, services=services, not_queued=shipped["eljadida"].not_queued)


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody has set the browser; pages have the size that they are made for unless a window is given."""

    motion: Literal["reduce", "no-preference"] = "reduce"
    text_px: int = 16
    window: tuple[int, int] | None = None
    #: Device pixels in one of the page's.
    zoom: int = 1


class Hall:
    def __init__(self, office: Office, browser: Browser, address: str) -> None:
        self.office = office
        self.address = address
        self.watch = Watch(address)
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.look = Look()
        self._sessions: dict[str, str] = {}
        self._names = 0

    def begin_anew(self) -> None:
        """As if no page had been opened yet; what was done in the hall stays done."""
        while self._contexts:
            self._contexts.pop().close()
        self.watch = Watch(self.address)
        self.look = Look()

    @property
    def complaints(self) -> list[str]:
        return [said for said in self.watch.complaints if not any(part in said for part in REFUSALS)]

    def blank(self, size: tuple[int, int], *, cookies: dict[str, str] | None = None) -> Page:
        width, height = self.look.window or size
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=self.look.zoom,
            reduced_motion=self.look.motion,
            locale="fr-MA",
        )
        self._contexts.append(context)
        context.set_default_timeout(10_000)
        kept = cookies or {}
        context.add_cookies([{"name": name, "value": kept[name], "url": self.address} for name in kept])
        self.watch.over(context)
        page = context.new_page()
        if self.look.text_px != Look().text_px:
            sizes = {"standard": self.look.text_px, "fixed": self.look.text_px}
            context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": sizes})
        return page

    def leave(self, page: Page) -> None:
        self._contexts.remove(page.context)
        page.context.close()

    def machine(self, kind: str, size: tuple[int, int]) -> Page:
        return self.blank(size, cookies={device_cookie(kind, SITE): self.office.device(SITE, kind)})

    def person(self, role: str, size: tuple[int, int]) -> Page:
        """A page of somebody with this role, who has logged in."""
        if role not in self._sessions:
            self._sessions[role] = self._log_in(role)
        return self.blank(size, cookies={"idarati_session": self._sessions[role]})

    def draws(self, service: str = "mut", **facts: Any) -> Turn:
        turn = self.does(reception.draw, service=service, **{"language": "ar", **facts}).turn
        assert isinstance(turn, Turn)
        return turn

    def fresh_name(self, name: str) -> str:
        self._names += 1
        return f"{name} {self._names}"

    def follow(self, turn: Turn) -> str:
        return f"/t/{public_id(PUBLIC_KEY, turn.ticket)}"

    def invites(self, name: str) -> str:
        invited = staff.invite_new(self.office.house, KEEPER, name=name, role="agent")
        assert not isinstance(invited, Refusal)
        return f"/invitation/{invited.code}"

    def does(self, action: Any, **facts: Any) -> Any:
        done = self.office.house.submit(SITE, "test:1", partial(action, **facts))
        assert not isinstance(done, Refusal), done
        return done.did

    def _log_in(self, role: str) -> str:
        name = f"{role} {SITE}"
        self.office.person(role, SITE, name)
        session = self.office.logged_in(name).get_cookie("idarati_session")
        assert session is not None
        return str(session.value)


KEEPER = Keeper(code="boss11", role="manager", site=SITE)


@contextmanager
def opened(folder: Path, browser: Browser) -> Iterator[Hall]:
    office = Office(folder, sites=(), demo=True, voice="off")
    pack = pack_of_everything()
    office.house.writer.run(partial(add_site, code=SITE, pack=pack.text, public_key=PUBLIC_KEY, demo=True))
    done = office.house.submit(SITE, "system:test", partial(setups.put_in_force, setup=pack.setup()))
    assert not isinstance(done, Refusal), done
    write_demo(folder, _demo_facts())
    with counters.served(office) as address:
        hall = Hall(office, browser, address)
        _morning(hall)
        yield hall
        hall.begin_anew()
    office.close()


def _morning(hall: Hall) -> None:
    """People were served, somebody did not come, somebody is at a counter, a counter pauses, people wait."""
    clock = hall.office.clock
    for counter in (BUSY, HELD):
        hall.does(shifts.open_shift, counter=counter, agent=counter)
    for _ in range(6):
        hall.draws("acc")
        clock.advance(minutes=3)
        turn = hall.does(calling.call_next, counter=BUSY, agent=BUSY, ending=None).turn
        hall.does(serving.start, ticket=turn.ticket, agent=BUSY)
        clock.advance(minutes=4)
        hall.does(serving.finish, ticket=turn.ticket, agent=BUSY)
    missed = hall.draws("acc")
    hall.does(calling.call_next, counter=BUSY, agent=BUSY, ending=None)
    clock.advance(seconds=61)
    hall.does(calling.recall, ticket=missed.ticket, agent=BUSY)
    hall.does(serving.no_show, ticket=missed.ticket, agent=BUSY)
    hall.draws("acc")
    hall.does(calling.call_next, counter=BUSY, agent=BUSY, ending=None)
    hall.does(shifts.pause, counter=HELD, agent=HELD, reason="meal")
    for service in ("mut", "mut", "imm", "rpc"):
        hall.draws(service)
    hall.draws("mut", klass="priority")
    hall.does(notices.suspend, service="rec", reason="system_down")
    hall.does(notices.post_message, texts={"ar": "تغلق القاعة في الواحدة", "fr": "Fermeture à 13 h"})


def _demo_facts() -> DemoFacts:
    """What the welcome page of a demonstration shows."""
    login = Login("Amina", "one-pass-phrase")
    devices = tuple(DemoDevice(kind, kind, kind, "token", "code") for kind in ("kiosk", "display"))
    site = DemoSite(
        manager=login,
        manager_token="token",
        orienter=login,
        orienter_token="token",
        agents=(DemoAgent("rabat-3", "a3", login, "token"),),
        devices=devices,
        free_counter="rabat-3",
    )
    return DemoFacts({SITE: site}, login, "token", login, "token")

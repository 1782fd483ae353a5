"""Saying where a demonstration's screens are and who may log in: to a person on standard error, to a program as JSON.

The JSON document's shape is a contract with scripts; the list for people is not.
"""

from collections.abc import Iterator
from typing import Any

from server.config import Settings
from server.web.demo_facts import DemoFacts, DemoSite, Login

#: Pages that stand at every site, with the name of what is enrolled there.
ENROLLED = ("kiosk", "display", "counter")
ANY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104 - compared, not bound


def address(settings: Settings) -> str:
    """Under which a browser on this machine reaches the server."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = "127.0.0.1" if settings.host in ANY_ADDRESS else settings.host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def tokens(settings: Settings, facts: DemoFacts) -> dict[str, Any]:
    """What `--print-tokens` prints."""
    base, sites = address(settings), facts.sites
    return {
        "admin": facts.admin_token,
        "programme": facts.programme_token,
        "manager": {code: site.manager_token for code, site in sites.items()},
        "kiosk": {code: site.device("kiosk").token for code, site in sites.items()},
        "display": {code: site.device("display").token for code, site in sites.items()},
        "counter": {code: {agent.counter: agent.token for agent in site.agents} for code, site in sites.items()},
        "logins": {
            "admin": {code: _pair(facts.admin) for code in sites},
            "programme": {code: _pair(facts.programme) for code in sites},
            "manager": {code: _pair(site.manager) for code, site in sites.items()},
            "orienter": {code: _pair(site.orienter) for code, site in sites.items()},
            "agent": {code: _pair(site.agent.login) for code, site in sites.items()},
        },
        "enrol": {
            kind: {code: f"{base}/enrol/{site.device(kind).enrol_code}" for code, site in sites.items()}
            for kind in ENROLLED
        },
    }


def lines(settings: Settings, facts: DemoFacts) -> Iterator[str]:
    """What a person reads in the terminal."""
    base = address(settings)
    yield f"Idarati reception, demonstration: {base}/"
    yield "Everything here is invented. This machine becomes a kiosk, a display or a counter by an enrolment address."
    for code, site in facts.sites.items():
        yield ""
        yield from _site_lines(base, code, site)
    yield ""
    yield f"programme  {base}/programme  {_shown(facts.programme)}"
    yield f"admin      {_shown(facts.admin)}"


def _site_lines(base: str, code: str, site: DemoSite) -> Iterator[str]:
    yield f"{code}"
    for kind in ENROLLED:
        yield f"  {kind:<8} {base}/{kind}/{code}   enrol once: {base}/enrol/{site.device(kind).enrol_code}"
    yield f"  manager  {base}/manager/{code}   {_shown(site.manager)}"
    yield f"  desk     {base}/desk/{code}   {_shown(site.orienter)}"
    for agent in site.agents:
        free = "   (free: take this one)" if agent.counter == site.free_counter else ""
        yield f"  agent    {agent.counter:<14} {_shown(agent.login)}{free}"


def _shown(login: Login) -> str:
    return f"{login.name} / {login.password}"


def _pair(login: Login) -> list[str]:
    return [login.name, login.password]

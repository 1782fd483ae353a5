"""What a demonstration knows about itself and shows to everybody: logins, tokens, enrolment addresses.

It stands in `demo.json` in the data folder, readable for its owner alone, because a demonstration must be able to print
again what a real installation shows once and keeps nowhere. That file is also what says that a folder holds a
demonstration. No real installation has one.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FILE = "demo.json"
FORMAT = 2


@dataclass(frozen=True, slots=True)
class Login:
    name: str
    password: str


@dataclass(frozen=True, slots=True)
class DemoAgent:
    """An agent, with the code by which the journal knows him, and a token bound to his counter."""

    counter: str
    code: str
    login: Login
    token: str


@dataclass(frozen=True, slots=True)
class DemoDevice:
    kind: str
    name: str
    code: str
    token: str
    #: Renewed at each start; used up by the first machine that opens it.
    enrol_code: str


@dataclass(frozen=True, slots=True)
class DemoSite:
    manager: Login
    manager_token: str
    #: Whoever stands at the orientation desk.
    orienter: Login
    orienter_token: str
    #: One for each counter, in the order of the counters.
    agents: tuple[DemoAgent, ...]
    devices: tuple[DemoDevice, ...]
    #: The counter that the living hall leaves to people.
    free_counter: str

    def device(self, kind: str) -> DemoDevice:
        """The first one of its kind."""
        return next(device for device in self.devices if device.kind == kind)

    @property
    def agent(self) -> DemoAgent:
        """Whoever sits at the free counter."""
        return next(agent for agent in self.agents if agent.counter == self.free_counter)


@dataclass(frozen=True, slots=True)
class DemoFacts:
    sites: Mapping[str, DemoSite]
    programme: Login
    programme_token: str
    admin: Login
    admin_token: str


def read_demo(data_dir: Path) -> DemoFacts | None:
    """What stands in the folder; None where no demonstration was made, or one was not made to its end."""
    try:
        facts = json.loads((data_dir / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return _facts(facts) if facts.get("format") == FORMAT and facts.get("made") else None


def holds_demo(data_dir: Path) -> bool:
    """A demonstration was begun here, finished or not: the folder is ours to begin anew."""
    return (data_dir / FILE).is_file()


def claim(data_dir: Path) -> None:
    """Mark the folder as a demonstration's before anything else is put there."""
    data_dir.mkdir(parents=True, exist_ok=True)
    _write(data_dir, {"format": FORMAT, "made": False})


def write_demo(data_dir: Path, facts: DemoFacts) -> None:
    _write(data_dir, {"format": FORMAT, "made": True, **asdict(facts)})


def _write(data_dir: Path, facts: Mapping[str, Any]) -> None:
    """Whole or not at all, and never readable for others, not even for a moment."""
    fresh = data_dir / f"{FILE}.new"
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(facts, file, ensure_ascii=False, indent=1)
    fresh.replace(data_dir / FILE)


def _facts(facts: Mapping[str, Any]) -> DemoFacts:
    return DemoFacts(
        sites={code: _site(site) for code, site in facts["sites"].items()},
        programme=Login(**facts["programme"]),
        programme_token=facts["programme_token"],
        admin=Login(**facts["admin"]),
        admin_token=facts["admin_token"],
    )


def _site(site: Mapping[str, Any]) -> DemoSite:
    return DemoSite(
        manager=Login(**site["manager"]),
        manager_token=site["manager_token"],
        orienter=Login(**site["orienter"]),
        orienter_token=site["orienter_token"],
        agents=tuple(DemoAgent(**{**agent, "login": Login(**agent["login"])}) for agent in site["agents"]),
        devices=tuple(DemoDevice(**device) for device in site["devices"]),
        free_counter=site["free_counter"],
    )

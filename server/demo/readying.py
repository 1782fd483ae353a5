"""What happens before a demonstration is served: made if there is none, open at this hour, enrolment codes unused.

And it is announced. All this runs in a process of its own that ends before the server's begin.
"""

import json
import sys

from server.actions.house import open_house
from server.config import Settings
from server.demo import announcing, making
from server.demo.folder import take_folder
from server.demo.opening import keep_open
from server.demo.stage import HouseStage
from server.web import demo_facts
from server.web.demo_facts import DemoFacts


def make_ready(settings: Settings, *, fresh: bool, print_tokens: bool) -> None:
    facts = prepare(settings, fresh=fresh)
    if print_tokens:
        sys.stdout.write(json.dumps(announcing.tokens(settings, facts), ensure_ascii=False) + "\n")
        sys.stdout.flush()
    _say("\n".join(announcing.lines(settings, facts)))


def prepare(settings: Settings, *, fresh: bool) -> DemoFacts:
    """The demonstration in the folder as it is from now on. Raises NotADemo."""
    facts = take_folder(settings.data_dir, fresh=fresh)
    if facts is None:
        _say("Making a demonstration: four sites with a month of past. This takes some seconds.")
        facts = making.make_demo(settings)
    else:
        making.bring_up_to_date(settings)
    house = open_house(settings)
    try:
        for site in facts.sites:
            keep_open(HouseStage(house, site))
        facts = making.renew_enrolment(house, facts)
    finally:
        house.close()
    demo_facts.write_demo(settings.data_dir, facts)
    return facts


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()

"""The published rule, for anybody; and changing it, for whoever acts for the manager."""

from functools import partial

from flask import Response, jsonify

from server.actions import rules
from server.actions.rules import Wanted
from server.actions.setup import Changed
from server.api.blueprint import api
from server.api.bodies import SitePath
from server.api.setup_bodies import ChangeRule, Enforce
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.store.transact import Answer
from server.web import commands, published_rule
from server.web.access import guard, public
from server.web.context import house
from server.web.errors import Refused


@api.get("/sites/<string:site>/rule", security=[])
@public
def rule(path: SitePath) -> Response:
    """The rule in force, the one that waits, and what each counter serves and helps with. At a discreet site services have
    their neutral codes.
    """
    hall = house().hall(path.site)
    if hall is None or hall.setup is None:
        raise Refused(Refusal("no_such_site"))
    with house().read() as conn:
        known = published_rule.since(conn, hall.setup)
    return jsonify(published_rule.to_json(hall.setup, known))


@api.post("/sites/<string:site>/rule")
@guard("manager", "admin")
def change_rule(path: SitePath, body: ChangeRule) -> Response:
    """Change the rule with the next day's opening. What changes nothing is answered with 200 and without an entry."""
    wanted = Wanted(
        head_starts=dict(body.head_starts),
        no_show_min_calls=body.no_show_min_calls,
        no_show_min_s=body.no_show_min_s,
        put_back_head_start_s=body.put_back_head_start_s,
        put_backs_max=body.put_backs_max,
    )
    return commands.run(path.site, partial(rules.change, wanted=wanted), _changed)


@api.post("/sites/<string:site>/rule/enforcements")
@guard("manager", "admin")
def enforce_rule(path: SitePath, body: Enforce) -> Response:
    """Put the waiting rule in force at once. Takes another person than the one who wrote it, and a reason."""
    return commands.run(path.site, partial(rules.enforce, reason=body.reason), _changed)


def _changed(did: Changed, hall: Hall) -> Answer:
    assert hall.setup is not None
    waiting = hall.setup.next_rule
    shown = {
        "version": hall.setup.rule.version,
        "next_version": None if waiting is None else waiting.version,
        "seq": did.seq,
    }
    return (200 if did.seq is None else 201), shown

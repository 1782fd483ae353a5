"""Entries of the journal one by one: an agent's word on one about himself, and what notes are kept beside them."""

from functools import partial
from typing import Any

from flask import Response, jsonify

from server.actions import remarks
from server.api.blueprint import api
from server.api.bodies import EntryPath, Remark
from server.domain.entries import Entry, instant_text
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.reports import explanations
from server.store import journal, sealed
from server.store.transact import Answer
from server.web import commands, explained, presenters
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused


@api.post("/sites/<string:site>/journal/<int:seq>/remarks")
@guard("agent", "orienter")
def remark(path: EntryPath, body: Remark) -> Response:
    """Say something about an entry of one's own. The text stands beside the journal, which only seals it."""
    agent = commands.identity().code
    if agent not in {_entry(path).body.get("agent"), _entry(path).actor.partition(":")[2]}:
        raise Refused(Refusal("not_your_entry"))
    sealed_text = commands.seal(body.text)
    assert sealed_text is not None
    action = partial(remarks.remark, about=path.seq, agent=agent, sealed=sealed_text.hash)
    return commands.run(path.site, action, _remarked, beside=commands.keeping(path.site, sealed_text))


@api.get("/sites/<string:site>/calls/<int:seq>/explanation")
@guard("manager", "inspector", "programme", "admin")
def explanation(path: EntryPath) -> Response:
    """Why this person was called then: who could be called, in order, by which rule; told in each language of the site."""
    with house().read() as conn:
        found = explanations.explanation(conn, path.site, path.seq)
    if found is None:
        raise Refused(Refusal("no_such_call"))
    view = presenters.ticket_view(house(), path.site)
    return jsonify(explained.to_json(found, view.pack))


@api.get("/sites/<string:site>/journal/<int:seq>/notes")
@guard("agent", "manager", "inspector", "admin")
def notes(path: EntryPath) -> Response:
    """The notes and remarks that are kept beside an entry, with the random bytes that prove them. An agent reads those
    on entries of his own.
    """
    who, entry = commands.identity(), _entry(path)
    if who.kind == "agent" and who.code not in {entry.body.get("agent"), entry.actor.partition(":")[2]}:
        raise Refused(Refusal("not_your_entry"))
    with house().read() as conn:
        about = [
            one.seq
            for one in journal.of_kind(conn, path.site, "entry.remarked", after=path.seq, until=_END)
            if one.body["about"] == path.seq
        ]
        kept = sealed.of_entries(conn, path.site, [path.seq, *about])
    return jsonify({"notes": [_note(kept[seq]) for seq in sorted(kept)]})


_END = 2**53 - 1


def _entry(path: EntryPath) -> Entry:
    with house().read() as conn:
        found = journal.after(conn, path.site, path.seq - 1, limit=1)
    if not found or found[0].seq != path.seq:
        raise Refused(Refusal("no_such_entry"))
    return found[0]


def _remarked(did: remarks.Remarked, _hall: Hall) -> Answer:
    return 201, {"about": did.about, "seq": did.seq}


def _note(kept: sealed.Kept) -> dict[str, Any]:
    return {
        "seq": kept.seq,
        "actor": kept.actor,
        "at": instant_text(kept.at),
        "text": kept.text,
        "salt": None if kept.salt is None else kept.salt.hex(),
    }

"""Paper that the desk asks for: from its entry to a kiosk's printer, once for each copy."""

from functools import partial

from PIL import Image
from sqlalchemy import select

from server.actions import desk
from server.store import schema
from server.web import paper
from tests.printers import eyes
from tests.web.test_paper import rabat, settings

__all__ = ["rabat", "settings"]


def asks(rabat, action, **facts):
    return rabat.house.submit("rabat", "orienter:k3f9", partial(action, **facts)).did


def words(path):
    return eyes.words_in(Image.open(path))


def jobs(rabat, ticket):
    with rabat.house.read() as conn:
        table = schema.print_jobs
        rows = conn.execute(
            select(table.c.device, table.c.copy, table.c.state).where(table.c.ticket == ticket).order_by(table.c.copy)
        )
        return [tuple(row) for row in rows]


def test_a_ticket_of_the_desk_comes_out_where_it_is_wanted_and_only_its_copies_say_so(rabat):
    first, second = rabat.kiosk(), rabat.kiosk(name="k2")
    rabat.prints()
    ticket = asks(rabat, desk.draw_for, service="acc", language="fr", kiosk=second).turn.ticket
    rabat.settles(ticket, "done")
    (original,) = rabat.papers()
    assert "DUPLICATA" not in words(original)
    asks(rabat, desk.reprint, ticket=ticket, kiosk=first)
    rabat.until(lambda: len(rabat.papers()) == 2)
    rabat.settles(ticket, "done")
    assert jobs(rabat, ticket) == [(second, 1, "done"), (first, 2, "done")]
    (copy,) = [path for path in rabat.papers() if path != original]
    assert "DUPLICATA" in words(copy)


def test_a_ticket_of_a_kiosk_has_one_original_and_numbered_copies(rabat):
    kiosk = rabat.kiosk()
    rabat.prints()
    ticket = rabat.draws(kiosk)
    rabat.settles(ticket, "done")
    for _ in range(2):
        asks(rabat, desk.reprint, ticket=ticket, kiosk=kiosk)
    rabat.until(lambda: [copy for _device, copy, state in jobs(rabat, ticket) if state == "done"] == [1, 2, 3])


def test_two_consumers_print_a_copy_once(rabat):
    kiosk = rabat.kiosk()
    rabat.prints().stop()
    ticket = asks(rabat, desk.draw_for, service="acc", language="ar", kiosk=kiosk).turn.ticket
    for _ in range(2):
        rabat.house.writer.run(partial(paper.queue_drawn, site="rabat"))
    assert jobs(rabat, ticket) == [(kiosk, 1, "queued")]


def test_nothing_comes_out_of_a_kiosk_that_prints_nothing(rabat):
    mute = rabat.kiosk(printer="", name="mute")
    rabat.prints().stop()
    ticket = asks(rabat, desk.draw_for, service="acc", language="ar", kiosk=mute).turn.ticket
    rabat.house.writer.run(partial(paper.queue_drawn, site="rabat"))
    assert jobs(rabat, ticket) == []

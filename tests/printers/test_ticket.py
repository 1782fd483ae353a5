"""What stands on a ticket, in which order, how large, and marked or not."""

from printers.slip import Number, Qr, Row, Slip, Text, plain
from printers.ticket import compose
from tests.printers.samples import duplicate, ticket


def texts(slip: Slip) -> list[Text]:
    return [block for block in slip.blocks if isinstance(block, Text)]


def test_the_number_comes_before_what_it_is_for() -> None:
    said = plain(compose(ticket("fr")))
    order = ("Hôpital", "A017", "Caisse", "Espace B", "7 personnes", "Attente", "scannez", "Ticket pris", "Gardez")
    assert sorted(order, key=said.index) == list(order)


def test_the_readers_language_is_larger_than_the_second_one() -> None:
    slip = compose(ticket("ar"))
    sizes = {text.text: text.size for text in texts(slip)}
    assert sizes["الأداء والفوترة (الصندوق)"] == "large"
    assert sizes["Caisse et facturation"] == "body"


def test_what_stands_in_for_tamazight_is_as_large_and_marked_once() -> None:
    slip = compose(ticket("zgh"))
    service = [text for text in texts(slip) if text.text in ("الأداء والفوترة (الصندوق)", "Caisse et facturation")]
    assert [text.size for text in service] == ["large", "large"]
    assert [text.shown[-1] for text in service] == [")", "*"]
    assert "* لم يترجم بعد" in plain(slip)
    assert "* Pas encore traduit" in plain(slip)


def test_a_ticket_that_is_all_translated_explains_no_mark() -> None:
    assert "*" not in plain(compose(ticket("fr")))


def test_the_attested_tamazight_word_is_not_marked() -> None:
    (labels,) = (block for block in compose(ticket("zgh")).blocks if isinstance(block, Row))
    assert [text.shown for text in labels.texts] == ["ⵓⵟⵟⵓⵏ"]


def test_a_copy_is_stamped_and_the_first_print_is_not() -> None:
    def stamps(slip: Slip) -> list[Row]:
        return [block for block in slip.blocks if isinstance(block, Row) and block.stamp]

    assert stamps(compose(ticket("es"))) == []
    assert [text.text for text in stamps(compose(duplicate("es")))[0].texts] == ["DUPLICATA", "نظير"]


def test_a_bare_ticket_is_a_ticket() -> None:
    bare = ticket("fr", qr=None, qr_caption=(), number_label=(), zone=(), ahead=(), wait=(), notes=(), letter_word=None)
    slip = compose(bare)
    assert not any(isinstance(block, Qr | Row) for block in slip.blocks)
    assert Number("A017") in slip.blocks

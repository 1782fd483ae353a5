"""What the address of a display may ask for."""

from display.wishes import LONGEST, Wishes, wishes_of


def test_an_address_that_asks_for_nothing_gets_what_fits_most_halls():
    assert wishes_of({}) == Wishes(layout=None, chime="busy", ways={})


def test_each_counter_can_be_given_its_way():
    asked = {"left": "1-3, 7", "right": "4-5,B", "up": "", "layout": "large", "chime": "always"}
    assert wishes_of(asked) == Wishes(
        layout="large",
        chime="always",
        ways={"1": "left", "2": "left", "3": "left", "7": "left", "4": "right", "5": "right", "B": "right"},
    )


def test_what_cannot_be_read_is_left_out():
    assert wishes_of({"layout": "round", "chime": "loud", "left": "5-2"}) == Wishes()


def test_an_endless_range_is_cut():
    assert len(wishes_of({"left": "1-9999"}).ways) == LONGEST + 1

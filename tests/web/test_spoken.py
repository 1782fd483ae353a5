import pytest

from server.translations import spoken


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("A017", "أَلِف سَبْعَةَ عَشَر"),
        ("B021", "بَاء وَاحِدٌ وَعِشْرُون"),
        ("Z100", "زَاي مِئَة"),
        ("A102", "أَلِف مِئَة وَاثْنَان"),
        ("K1 001", "كَاف وَاحِد وَاحِد"),
        ("345", "ثَلَاثُمِئَة وَخَمْسَةٌ وَأَرْبَعُون"),
        ("A1005", "أَلِف وَاحِد صِفْر صِفْر خَمْسَة"),
    ],
)
def test_a_number_is_said_with_the_word_of_its_letter_and_without_leading_zeros(number: str, said: str) -> None:
    assert spoken.ticket_number(number) == said


def test_every_number_of_a_day_can_be_said_without_a_digit() -> None:
    for number in range(1, 1000):
        assert not any(sign.isdigit() for sign in spoken.cardinal(number))


def test_a_call_is_said_with_its_number_and_counter_in_words() -> None:
    assert spoken.say("voice.call", number="A017", counter="3") == (
        "اَلرَّقْمُ أَلِف سَبْعَةَ عَشَر، اَلْمَرْجُوُّ التَّوَجُّهُ إِلَى الشُّبَّاكِ ثَلَاثَة."
    )


def test_minutes_are_said_in_the_form_that_stands_before_the_noun() -> None:
    assert spoken.say("voice.closing_soon", minutes=5) == "يُغْلَقُ الِاسْتِقْبَالُ بَعْدَ خَمْسِ دَقَائِق."
    assert spoken.say("voice.closing_soon", minutes=2) == "يُغْلَقُ الِاسْتِقْبَالُ بَعْدَ دَقِيقَتَيْن."


def test_what_has_no_vowelled_form_is_refused() -> None:
    with pytest.raises(ValueError, match="37 minutes"):
        spoken.say("voice.closing_soon", minutes=37)
    with pytest.raises(KeyError, match="no vowelled text"):
        spoken.say("common.yes")


def test_the_word_of_the_letter_is_printed_without_vowels() -> None:
    assert spoken.letter("A") == "ألف"

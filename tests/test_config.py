import pytest

from server.config import SettingError, read_settings


def test_nothing_set_is_the_defaults():
    assert read_settings({}).second_factor == "required"


@pytest.mark.parametrize("value", ["required", "optional", "off"])
def test_a_setting_with_choices_takes_each_of_them(value):
    assert read_settings({"IDARATI_SECOND_FACTOR": value}).second_factor == value


@pytest.mark.parametrize("value", ["", "no", "Required", "on"])
def test_a_setting_with_choices_takes_nothing_else_and_names_them(value):
    """A second factor must not be off because of a slip of the pen."""
    with pytest.raises(SettingError, match="IDARATI_SECOND_FACTOR: expected one of required, optional, off"):
        read_settings({"IDARATI_SECOND_FACTOR": value})


def test_a_number_that_is_none_is_refused_by_name():
    with pytest.raises(SettingError, match="IDARATI_PORT"):
        read_settings({"IDARATI_PORT": "many"})

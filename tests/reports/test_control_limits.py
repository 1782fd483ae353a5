"""Control limits by hand, with numbers that come out even."""

import pytest

from server.reports.control_limits import Counted, held


def outside(counted, chart="p"):
    return {key: one.outside for key, one in held(counted, chart).items() if one.outside}


def test_the_limits_of_a_part_lie_three_standard_deviations_from_the_common_mean():
    """Mean 80/400 = 0.2; √(0.2 × 0.8 / 100) = 0.04."""
    counted = {"1": Counted(32, 100), "2": Counted(33, 100), "3": Counted(8, 100), "4": Counted(7, 100)}
    found = held(counted, "p")
    assert {key: (one.mean, one.lower, one.upper) for key, one in found.items()} == {
        key: pytest.approx((0.2, 0.08, 0.32)) for key in counted
    }
    assert outside(counted) == {"2": "above", "4": "below"}


def test_the_limits_of_a_rate_follow_the_law_of_rare_events():
    """Mean 100/400 = 0.25; √(0.25 / 100) = 0.05."""
    counted = {"1": Counted(41, 100), "2": Counted(39, 100), "3": Counted(10, 100), "4": Counted(10, 100)}
    found = held(counted, "u")
    assert (found["1"].lower, found["1"].upper) == pytest.approx((0.1, 0.4))
    assert outside(counted, "u") == {"1": "above"}


def test_a_rate_may_be_above_one_and_a_part_may_not():
    assert held({"1": Counted(30, 10)}, "u")["1"].upper > 1
    assert held({"1": Counted(9, 10)}, "p")["1"].upper == 1


def test_a_small_counter_has_wide_limits():
    """Five calls out of order among a hundred are marked, one among twenty is the same part and is not."""
    many = Counted(0, 1900)
    assert outside({"1": Counted(5, 100), "2": many}) == {"1": "above"}
    assert outside({"1": Counted(1, 20), "2": many}) == {}


def test_fewer_than_three_are_no_pattern():
    assert outside({"1": Counted(2, 4), "2": Counted(0, 5000)}) == {}
    assert outside({"1": Counted(3, 6), "2": Counted(0, 5000)}) == {"1": "above"}


def test_a_counter_without_calls_is_left_out_and_a_site_without_any_has_no_limits():
    assert list(held({"1": Counted(0, 0), "2": Counted(0, 7)}, "p")) == ["2"]
    assert held({"1": Counted(0, 0)}, "u") == {}


def test_equal_counters_are_never_marked():
    assert outside({str(n): Counted(10, 10) for n in range(5)}) == {}
    assert outside({str(n): Counted(0, 10) for n in range(5)}) == {}

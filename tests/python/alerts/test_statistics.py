"""Robust statistics against tables and numbers worked out by hand."""

from __future__ import annotations

import pytest

from marketing_analytics.alerts.statistics import (
    autocorrelation,
    binomial_tail,
    fall_chance,
    holm,
    poisson_tail,
    rate_fall_chance,
    slope,
    spread,
    t_tail,
    trimmed_mean,
    weighted_median,
    without_trend,
)


@pytest.mark.parametrize(
    ("distance", "freedom", "chance"),
    # Student's table: Abramowitz and Stegun (1964), table 26.10.
    [
        (1.812, 10, 0.05),
        (2.528, 20, 0.01),
        (3.551, 20, 0.001),
        (4.587, 10, 0.0005),
        (3.291, 1e6, 5e-4),
    ],
)
def test_the_tail_of_t_is_the_tables(distance: float, freedom: float, chance: float) -> None:
    assert t_tail(distance, freedom) == pytest.approx(chance, rel=0.03)
    assert t_tail(-distance, freedom) == pytest.approx(1 - chance, rel=0.001)


@pytest.mark.parametrize(
    ("events", "mean", "above", "chance"),
    [
        # exp(-2) = 0.135335: 1, 2, 2, 4/3, 2/3 of it for 0 to 4 events.
        (5, 2.0, True, 1 - 0.1353353 * 7),
        (0, 3.0, False, 0.0497871),
        (2, 2.0, False, 0.1353353 * 5),
        (0, 3.0, True, 1.0),
        (4, 0.0, True, 0.0),
        (0, 0.0, False, 1.0),
        (0, 900.0, True, 1.0),  # exp(-900) is 0 to a computer
        (1900, 900.0, False, 1.0),
        (-1, 3.0, False, 0.0),
    ],
)
def test_the_tail_of_poisson(events: float, mean: float, above: bool, chance: float) -> None:
    assert poisson_tail(events, mean, above=above) == pytest.approx(chance, abs=1e-6)


def test_both_tails_overlap_in_the_value_itself() -> None:
    both = poisson_tail(40, 37.5, above=True) + poisson_tail(40, 37.5, above=False)
    alone = poisson_tail(40, 37.5, above=False) - poisson_tail(39, 37.5, above=False)
    assert both == pytest.approx(1 + alone)


@pytest.mark.parametrize(
    ("successes", "trials", "rate", "above", "chance"),
    [
        (2, 10, 0.5, False, 56 / 1024),  # 1 + 10 + 45 of 1024
        (9, 10, 0.5, True, 11 / 1024),
        (0, 3, 0.5, True, 1.0),
        (3, 3, 0.1, True, 0.001),
        (1, 5, 0.0, True, 0.0),
        (0, 5, 0.0, False, 1.0),
        (1, 10, 0.5, True, 1023 / 1024),
        (10, 10, 0.9, False, 1.0),
        (0, 10, 0.9, True, 1.0),
    ],
)
def test_the_tail_of_the_binomial(
    successes: float, trials: float, rate: float, above: bool, chance: float
) -> None:
    assert binomial_tail(successes, trials, rate, above=above) == pytest.approx(chance)


def test_one_wild_value_counts_as_three_spreads_at_most() -> None:
    # Distances from 3: 2, 1, 0, 1 and 97; the MAD is 1, times 1.4826 * 5 / 4.2 = 1.765, three of
    # which are 5.295. So the squares are 4 + 1 + 0 + 1 + 28.04 = 34.04, over 4 = 8.51.
    assert spread([1, 2, 3, 4, 100]) == pytest.approx(8.51**0.5, rel=1e-3)
    assert spread([1, 2, 3, 4, 1e9]) == spread([1, 2, 3, 4, 100])


def test_where_most_values_are_the_same_all_of_them_count() -> None:
    assert spread([5, 5, 5, 5, 9]) == pytest.approx(2.0)  # squares 16, over 4
    assert spread([5, 5, 5]) == 0


def test_a_weighted_median_is_where_half_the_weight_is() -> None:
    assert weighted_median([1, 2, 3], [1, 1, 10]) == 3
    assert weighted_median([3, 1, 2], [1, 1, 1]) == 2


def test_holm_is_the_textbooks() -> None:
    # 0.01 * 4, 0.02 * 3 = 0.06, 0.03 * 2 = 0.06, and 0.04 is not below the one before it.
    assert holm([0.03, 0.01, 0.04, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([]) == []


def test_a_slope_heeds_no_single_wild_value() -> None:
    assert slope([1, 3, 5, 7, 9]) == 2
    assert slope([1, 3, 500, 7, 9, 11, 13]) == pytest.approx(2)
    assert without_trend([1, 3, 5]) == [3, 3, 3]


def test_a_trimmed_mean_leaves_out_a_fifth_at_each_end() -> None:
    # Kept 2, 3, 4; winsorised 2, 2, 3, 4, 4: squares 1 + 1 + 0 + 1 + 1 = 4, over 3 * 2.
    mean, variance, left = trimmed_mean([100, 2, 3, 4, -50])
    assert (mean, left) == (3, 3)
    assert variance == pytest.approx(4 / 6)


def test_days_that_alternate_do_not_resemble_each_other_and_runs_do() -> None:
    assert autocorrelation([1, -1] * 14) == 0
    assert autocorrelation([1.0] * 14 + [-1.0] * 14) == 0.9
    assert autocorrelation([2.0] * 28) == 0


def test_a_fall_is_improbable_and_a_rise_is_none() -> None:
    high, low = [10.0, 11, 9, 10, 12, 8, 10] * 4, [6.0, 7, 5, 6, 8, 4, 6] * 4
    assert fall_chance(high, low) < 1e-6
    assert fall_chance(low, high) == 1
    assert fall_chance(high, high) == 1


def test_a_rate_falls_as_in_the_test_of_two_proportions() -> None:
    # 120 of 2,400 and 168 of 2,400: z = 2.91730, p = 0.0017653 on one side (statsmodels'
    # proportions_ztest gives 0.0035308 on two). Spread evenly, nothing is added to the binomial.
    before, after = [(6.0, 85.7142857)] * 28, [(120 / 28, 85.7142857)] * 28
    assert 0.0017653 < rate_fall_chance(before, after) < 0.003  # of a t, not of a normal
    assert rate_fall_chance(after, before) == 1


def test_below_ten_successes_a_rate_says_nothing() -> None:
    assert rate_fall_chance([(1.0, 10.0)] * 9, [(0.0, 10.0)] * 9) == 1

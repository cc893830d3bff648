"""What the benchmarks say of an answer that is a little off."""

from __future__ import annotations

import pytest

from benchmarks.peers.deviations import deviations


def test_deviations_by_hand() -> None:
    # 2 of 100 conversions moved from a large channel to a small one, which has half as many again.
    found = deviations({"search": 94.0, "print": 6.0}, {"search": 96.0, "print": 4.0})
    assert found == {"misplaced": pytest.approx(0.04), "worst": 0.5, "worst_channel": "print"}


def test_a_channel_that_is_left_out_is_all_wrong() -> None:
    found = deviations({"search": 90.0}, {"search": 90.0, "print": 10.0})
    assert found == {"misplaced": pytest.approx(0.1), "worst": 1.0, "worst_channel": "print"}

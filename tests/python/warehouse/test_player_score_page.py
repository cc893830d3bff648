"""docs/player-score.md tells the truth: its bounds, and the player worked out by hand."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from conftest import PROJECT

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PAGE = (PROJECT / "docs" / "player-score.md").read_text(encoding="utf-8")
RULES = PROJECT / "seeds" / "rules"


def rules(name: str) -> list[dict[str, str]]:
    with (RULES / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def lines(start: str) -> list[list[str]]:
    """Return the cells of the rows of the first table below a text."""
    table = PAGE.split(start)[1].split("\n|", 1)[1].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def test_the_bounds_of_the_scores_are_those_of_the_rules() -> None:
    shown = {
        row[0].replace(" ", "_"): [float(re.sub("[≤≥ ]", "", cell) or 0) for cell in row[2:5]]
        for row in lines("The seven scores")
    }
    expected = {
        name: [
            float(rule["at_least"] or rule["at_most"])
            for score in "543"
            for rule in rules("player_scores")
            if (rule["score_name"], rule["score"]) == (name, score)
        ]
        for name in shown
    }
    assert len(shown) == 7
    assert shown == expected


def test_the_tiers_and_the_points_of_a_year_are_those_of_the_rules() -> None:
    tiers = {
        rule["class_name"]: rule["at_least"]
        for rule in rules("player_classes")
        if rule["classification"] == "vip_tier"
    }
    shown = {row[0]: row[1].removesuffix(" points") for row in lines("## Tier, promotion, risk")}
    assert shown == tiers
    year = PAGE.split("From 1,000 dollars a year on all 30 points")[1].split("(")[0]
    bounds = [float(number) for number in re.findall(r"from (\d+)", year)]
    assert [1000.0, *bounds] == [float(r["at_least"]) for r in rules("player_value_factors")]
    shares = [float(number) / 100 for number in re.findall(r"(\d+) %", year)]
    assert [1.0, *shares] == [float(r["value_factor"]) for r in rules("player_value_factors")]


def test_the_player_worked_out_by_hand_is_the_one_of_the_sample(
    sample: DuckDBPyConnection,
) -> None:
    cursor = sample.execute(
        "select s.*, d.days_to_first_purchase from customer.customer_ltv_scoring as s "
        "inner join customer.dim_customer as d on s.user_id = d.user_id "
        "where s.user_id = 'u_00164'"
    )
    names = [column[0] for column in cursor.description or ()]
    player = dict(zip(names, cursor.fetchall()[0], strict=True))
    by_hand = PAGE.split("## One player, by hand")[1].split("\n## ")[0]
    text = " ".join(by_hand.split())
    assert f"signed up on {player['signup_date']}" in text
    assert f"{player['customer_tenure_days']} days before" in text
    assert f"bought {player['total_purchases']} times" in text
    assert f"{player['total_purchase_amount_usd']} dollars in all" in text
    for name, value in [
        ("recency", f"{player['days_since_last_activity']} days"),
        ("frequency", f"8 \u00d7 30 / 191 = {player['purchases_per_month']:.2f} a month"),
        ("monetary", f"114.50 / 8 = {player['avg_spend_per_purchase_usd']:.2f} dollars"),
        ("high jackpot", f"{player['high_jackpot_games_played']} games"),
        ("game variety", f"{player['unique_games_played']} games"),
        ("deposit behavior", f"{player['total_deposits']} deposits"),
        ("quick conversion", f"{player['days_to_first_purchase']} days"),
    ]:
        score = player[f"{name.replace(' ', '_')}_score"]
        assert f"| {name} | {value} | {score} |" in by_hand
    assert f"**{player['rfm_score']} of 15**" in by_hand
    assert f"**{player['behavioral_score']} of 20**" in by_hand
    assert f"= {player['predicted_annual_ltv']:.2f} dollars" in by_hand
    assert re.search(rf"score +{player['ltv_score']:.2f}\n", by_hand)
    assert f"**{player['vip_tier']}**" in by_hand
    assert f"**{player['promotion_category']}**" in text

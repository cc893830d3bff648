"""Who deserves the credit: attribution models side by side."""

from __future__ import annotations

from marketing_analytics.report.facts import Column, Query

MODELS = (
    ("first_touch", "first touch"),
    ("last_touch", "last touch"),
    ("last_non_direct", "last non-direct"),
    ("linear", "linear"),
    ("position_based", "position based"),
    ("time_decay", "time decay"),
    ("shapley", "Shapley"),
    ("markov_1", "Markov 1"),
    ("markov_2", "Markov 2"),
    ("markov_3", "Markov 3"),
)


def _comparison(name: str, title: str, source: str, level: str) -> Query:
    conversions = ",\n    ".join(f"{model}_conversions" for model, _ in MODELS)
    is_campaign = level == "campaign"
    return Query(
        name=name,
        mart="marketing.attribution_comparison",
        title=title,
        sql=f"""
select
    channel,
    campaign_id,
    coalesce(campaign_name, campaign_id) as campaign_name,
    spend_amount,
    {conversions},
    model_disagreement_rate
from marketing.attribution_comparison
where journey_source = '{source}' and summary_level = '{level}'
order by linear_conversions desc nulls last, channel, campaign_id
""",
        columns=(
            Column(name="channel", label="channel"),
            Column(name="campaign_id", label="campaign id", is_hidden=True),
            Column(name="campaign_name", label="campaign", is_hidden=not is_campaign),
            Column(name="spend_amount", label="spend", unit="money"),
            *(
                Column(name=f"{model}_conversions", label=label, unit="estimate")
                for model, label in MODELS
            ),
            Column(name="model_disagreement_rate", label="disagreement", unit="rate"),
        ),
        channel="channel",
        campaign="campaign_id" if is_campaign else None,
    )


CHANNEL_CREDIT = _comparison(
    "channel_credit", "Conversions credited to channels, by model", "marketing", "channel"
)
CAMPAIGN_CREDIT = _comparison(
    "campaign_credit", "Conversions credited to campaigns, by model", "marketing", "campaign"
)
QUERIES = (CHANNEL_CREDIT, CAMPAIGN_CREDIT)

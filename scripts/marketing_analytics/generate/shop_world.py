"""The made-up bicycle shop: what it sells, to whom, and when it lowers its prices.

These are the shapes that the marts have to find; docs/sample-data.md tells them as a story.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import date

Kind: TypeAlias = Literal["account", "tester", "guest"]

FOUNDING, CLUB, CROWD = "founding", "club", "crowd"
# Parts of the period in which other people join than usual, as shares of it.
ERAS = {FOUNDING: (0.0, 0.17), CLUB: (0.25, 0.33), CROWD: (0.5, 0.62)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product; `weight` is how often it is picked among its kind, at the period's start and end.

    `launched` and `discontinued` are days before the last one.
    """

    name: str
    price: int  # in cents
    weight: tuple[float, float]
    return_share: float = 0.06
    launched: int | None = None
    discontinued: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A way of buying; what is a share depends on nothing else."""

    name: str
    weight: float  # how many of those who join on a usual day, relative to the others
    kind: Kind = "account"
    only_in_promotions: bool = False  # whether they join on these days alone
    eras: dict[str, float] = field(default_factory=dict)  # factors of the weight
    most_orders: int = 1000
    gap_days: float = 90  # mean time between two orders
    active_days: float = 0  # mean time from the first order to the last
    pause: tuple[int, int] | None = None  # after that many orders, for that many days
    first_bicycle_share: float = 0.5  # of the first orders: a bicycle leads the basket
    bicycle_share: float = 0.1  # of the later ones
    most_bicycles: int = 1  # in an order
    weekend_pull: float = 0.1  # of the orders on working days that wait for the weekend
    coupon_share: float = 0.06
    bank_share: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """Days of every year on which prices are lower and coupons are around."""

    name: str
    month: int
    day: int
    days: int
    discount: int  # in percent
    coupon_share: float

    def covers(self, day: date) -> bool:
        """Return whether the promotion runs on the day; it must not run across New Year."""
        first = day.replace(month=self.month, day=self.day)
        return 0 <= (day - first).days < self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Everything that decides who buys what."""

    bicycles: tuple[Product, ...]
    accessories: tuple[Product, ...]
    personas: tuple[Persona, ...]
    promotions: tuple[Promotion, ...]
    first_names: tuple[str, ...]

    @property
    def products(self) -> tuple[Product, ...]:
        """Everything that is sold; a product's number is its place, from 1."""
        return (*self.bicycles, *self.accessories)

    def promotion(self, day: date) -> Promotion | None:
        """Return the promotion of the day."""
        return next((item for item in self.promotions if item.covers(day)), None)


BICYCLES = (
    Product(name="Mountain Pro", price=149900, weight=(24, 28)),
    Product(name="Road Master", price=189900, weight=(11, 12)),
    Product(name="Hybrid Elite", price=109900, weight=(13, 14)),
    Product(name="City Cruiser", price=64900, weight=(30, 4)),
    Product(name="E-Tour Max", price=329000, weight=(2, 9)),
    Product(name="Trail Basic", price=44900, weight=(9, 9), return_share=0.36),
    Product(name="Fixie One", price=69900, weight=(7, 7)),
    Product(name="Kids Rider", price=29900, weight=(9, 9)),
    Product(name="Fold Compact", price=79900, weight=(10, 8), discontinued=110),
    Product(name="Gravel Scout", price=169000, weight=(40, 40), launched=25),
)

ACCESSORIES = (
    Product(name="Helmet Air", price=7900, weight=(16, 16)),
    Product(name="Chain Lock", price=4900, weight=(14, 14)),
    Product(name="LED Light Set", price=3500, weight=(14, 14), return_share=0.08),
    Product(name="Pannier Bag", price=11900, weight=(8, 8)),
    Product(name="Floor Pump", price=3900, weight=(8, 8)),
    Product(name="Gel Saddle", price=5900, weight=(7, 7), return_share=0.09),
    Product(name="Riding Gloves", price=2500, weight=(10, 10)),
    Product(name="Bottle Cage", price=1200, weight=(9, 9)),
    Product(name="Inner Tube", price=800, weight=(14, 14), return_share=0.02),
)

PERSONAS = (
    Persona(name="enthusiast", weight=4.5, eras={FOUNDING: 9, CLUB: 4, CROWD: 0.1}, gap_days=29,
            active_days=3650, first_bicycle_share=0.9, bicycle_share=0.14),
    Persona(name="regular", weight=10, eras={FOUNDING: 1.5, CLUB: 2.5, CROWD: 0.1}, gap_days=58,
            active_days=3650, first_bicycle_share=0.55),
    Persona(name="rental", weight=3.6, gap_days=50, active_days=3650, first_bicycle_share=1,
            bicycle_share=0.8, most_bicycles=5, weekend_pull=0, bank_share=0.85),
    Persona(name="weekender", weight=13, eras={FOUNDING: 0.3, CROWD: 0.6}, gap_days=120,
            active_days=500, weekend_pull=0.85, bicycle_share=0.15),
    Persona(name="occasional", weight=22, eras={FOUNDING: 0.2}, gap_days=220, active_days=500,
            first_bicycle_share=0.3),
    Persona(name="one-timer", weight=17, eras={FOUNDING: 0.2, CROWD: 2.5}, most_orders=1,
            first_bicycle_share=0.8),
    Persona(name="leaver", weight=12, eras={FOUNDING: 0.4, CROWD: 0.3}, gap_days=30,
            active_days=190, first_bicycle_share=0.6),
    Persona(name="returner", weight=5, eras={CROWD: 0.3}, gap_days=45, active_days=700,
            pause=(4, 190), first_bicycle_share=0.6, coupon_share=0.35),
    Persona(name="bargain hunter", weight=85, only_in_promotions=True, gap_days=60, most_orders=2,
            active_days=25, first_bicycle_share=0.15, coupon_share=0.9),
    Persona(name="window shopper", weight=11, most_orders=0),
    Persona(name="colleague", weight=1.3, kind="tester", gap_days=90, active_days=400,
            coupon_share=0.3),
    Persona(name="guest", weight=8, kind="guest", most_orders=1, first_bicycle_share=0.25),
)  # fmt: skip

PROMOTIONS = (
    Promotion(name="Spring Sale", month=3, day=18, days=21, discount=12, coupon_share=0.25),
    Promotion(name="Black Week", month=11, day=20, days=9, discount=20, coupon_share=0.35),
)

FIRST_NAMES = (
    "Ada", "Ben", "Carla", "David", "Elena", "Femi", "Grace", "Hugo", "Ines", "Jonas", "Kofi",
    "Lara", "Mina", "Noah", "Olga", "Paul", "Quinn", "Rosa", "Sami", "Tara", "Uma", "Viktor",
    "Wanda", "Xenia", "Yusuf", "Zoe",
)  # fmt: skip

SHOP = Shop(
    bicycles=BICYCLES,
    accessories=ACCESSORIES,
    personas=PERSONAS,
    promotions=PROMOTIONS,
    first_names=FIRST_NAMES,
)

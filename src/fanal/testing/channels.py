"""The invented channels and groups: who posts what, when, over the whole period."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random

from fanal.testing import market
from fanal.testing.planter import FIRST, KINDS, LAST, Planter, digits
from fanal.testing.sentences import bare, chance, dirty, invented, protect, say
from fanal.testing.truth import WEEKS, Truth, monday


@dataclass(frozen=True, slots=True)
class Channel:
    """One invented channel or group."""

    source: str
    site: str
    style: str  # shop or group
    form: str  # telegram channel, telegram group, telegram old, whatsapp ios, whatsapp android
    rate: float  # posts a week before seasons
    stops: int = WEEKS

    @property
    def title(self) -> str:
        """What it is called."""
        return str(invented()["channels"][self.source])


CHANNELS = (
    Channel("lille-vitrine", "lille", "shop", "telegram channel", 11),
    Channel("lille-express", "lille", "shop", "telegram channel", 12, 69),
    Channel("lille-groupe", "lille", "group", "telegram group", 18),
    Channel("lyon-vitrine", "lyon", "shop", "telegram channel", 12),
    Channel("lyon-groupe", "lyon", "group", "telegram old", 15),
    Channel("lyon-diffusion", "lyon", "shop", "whatsapp android", 7),
    Channel("toulouse-vitrine", "toulouse", "shop", "telegram channel", 12),
    Channel("toulouse-groupe", "toulouse", "group", "telegram group", 14),
    Channel("toulouse-amis", "toulouse", "group", "whatsapp ios", 8),
)

SEASONS = invented()["seasons"]
DAYNAMES = invented()["weekdays"]
WEEKDAY = (0.11, 0.11, 0.12, 0.14, 0.2, 0.2, 0.12)
SHOP_HOURS = invented()["hours"]
SHOP = (
    ("menu", 26),
    ("arrival", 8),
    ("offer", 13),
    ("hours", 6),
    ("area", 6),
    ("recruit", 1.5),
    ("closed", 4),
    ("greet", 8),
    ("warning", 4),
    ("feedback", 7),
    ("shortage", 3),
    ("contest", 2),
    ("bonus", 0.5),
    ("contact", 1.5),
    ("picture", 8),
    ("repost", 7),
)
GROUP = (
    ("small_talk", 46),
    ("ask_price", 6),
    ("answer_price", 7),
    ("experience", 8),
    ("harm_reduction", 6),
    ("availability", 4),
    ("complaint", 3),
    ("review", 5),
    ("press_echo", 1.5),
    ("english", 3),
    ("identifier", 9),
    ("forward", 3),
    ("picture", 4),
)
APPS = ("Signal", "Potato", "Potato Chat", "signal")
ADDED = {  # phenomenon → source → posts a week once it runs
    "tucibi": {
        "lyon-vitrine": 2.2,
        "lyon-diffusion": 1.2,
        "lyon-groupe": 2.0,
        "toulouse-vitrine": 1.4,
        "toulouse-groupe": 1.6,
        "toulouse-amis": 0.5,
    },
    "loyalty-card": {
        "lille-vitrine": 2.2,
        "lille-groupe": 0.9,
        "toulouse-vitrine": 2.0,
        "toulouse-amis": 0.4,
        "lyon-vitrine": 2.2,
        "lyon-diffusion": 1.3,
        "lyon-groupe": 0.6,
    },
    "app-migration": {"toulouse-vitrine": 2.6, "toulouse-groupe": 1.0},
    "nitazene-tablets": {"lille-groupe": 0.3},
}


@dataclass(slots=True)
class Post:
    """One post before it is written in an export's format."""

    source: str
    time: datetime
    author: tuple[str, str]  # native id, name shown
    text: str
    marked: list[tuple[str, str]] = field(default_factory=list)  # (kind, stretch) the app marks
    media: str | None = None
    forwarded: str | None = None  # title of the channel it comes from
    phenomenon: str | None = None


def season(week: int, site: str) -> float:
    """Return how busy a week is against the mean: summer dip, festivals, end of the year."""
    day = monday(week).timetuple().tm_yday
    wave = 1 + 0.15 * math.sin(2 * math.pi * (day - 60) / 365)
    return wave * (1.25 if day > 345 or day < 8 else 0.8 if 215 < day < 235 else 1.0)


def poisson(random: Random, mean: float) -> int:
    """Return a Poisson draw (Knuth); means here are small."""
    limit, k, p = math.exp(-mean), 0, random.random()
    while p > limit:
        k, p = k + 1, p * random.random()
    return k


def moment(random: Random, week: int) -> datetime:
    """Return a time in a week: more on Fridays and Saturdays, mostly late in the day."""
    day = random.choices(range(7), WEEKDAY)[0]
    hour = min(23, max(0, round(random.gauss(18.5, 4.2))))
    start = monday(week) + timedelta(days=day)
    clock = time(hour, random.randrange(60), random.randrange(60))
    return datetime.combine(start, clock)  # local time without a zone, as exports show it


class Voice:
    """Fills the slots of one channel's sentences in one week."""

    def __init__(
        self,
        random: Random,
        site: str,
        week: int,
        planter: Planter,
        source: str,
        formal: bool = False,
    ):
        self.random, self.site, self.week, self.formal = random, site, week, formal
        self.planter, self.source = planter, source
        self.marked: list[tuple[str, str]] = []
        self.product = market.product(random.choice(market.BASKET[site]))
        self.fill = self._slots()

    def _slots(self) -> dict[str, Callable[[], str]]:
        r, site = self.random, self.site
        towns = r.sample(market.TOWNS[site], 3)

        def other() -> str:
            return self.called(market.product(r.choice(market.BASKET[site])))

        def cost(quantity: float = 1, factor: float = 1.0) -> str:
            return str(
                max(1, round(market.price(r, self.product, site, self.week, quantity) * factor))
            )

        def amount(q: float | None = None) -> str:
            word = market.UNIT_WORDS[self.product.unit][0]
            return market.quantity(self.product, q or r.choice(self.product.quantities), word)

        fixed = {"QTY": r.choice(self.product.quantities)}
        return {
            "S": lambda: self.called(self.product),
            "S2": other,
            "SEN": lambda: self.product.english,
            "SEN2": lambda: market.product(r.choice(market.BASKET[site])).english,
            "U": lambda: (
                r.choice(market.UNIT_WORDS[self.product.unit])
                if r.random() < 0.3
                else market.UNIT_WORDS[self.product.unit][0]
            ),
            "PRICE": cost,
            "PRICE2": lambda: cost(2),
            "PRICE5": lambda: cost(5),
            "PRICEUP": lambda: cost(1, 1.2),
            "PRICEQ": lambda: cost(fixed["QTY"]),
            "QTY": lambda: amount(fixed["QTY"]),
            "QTYB": lambda: amount(fixed["QTY"]),
            "PERCENT": lambda: str(r.randrange(60, 95)),
            "TOWN": lambda: towns[0],
            "TOWN2": lambda: towns[1],
            "TOWN3": lambda: towns[2],
            "DEP": lambda: market.DEPARTEMENT[site],
            "HOURS": lambda: r.choice(SHOP_HOURS),
            "MINIMUM": lambda: r.choice(("30", "40", "50", "80")),
            "FEE": lambda: r.choice(("5", "10", "15")),
            "YEAR": lambda: r.choice(("2019", "2020", "2021", "2022")),
            "SEASON": lambda: r.choice(SEASONS),
            "DAYNAME": lambda: r.choice(DAYNAMES),
            "SMALL": lambda: str(r.randrange(2, 9)),
            "N5": lambda: "5",
            "N6": lambda: "6",
            "N10": lambda: "10",
            "N11": lambda: "11",
            "MINUTE": lambda: str(r.randrange(11, 90)),
            "GRADE": lambda: str(r.randrange(2, 36)),
            "HOUR": lambda: str(r.randrange(10, 23)),
            "EUROS": lambda: str(r.randrange(15, 120)),
            "SNACK": lambda: str(r.randrange(4, 16)),
            "WAGE": lambda: str(r.randrange(15, 90) * 10),
            "CASH": lambda: f"{r.randrange(2, 95)} 000",
            "KILOS": lambda: str(r.randrange(2, 400)),
            "MILLION": lambda: f"{r.randrange(1, 9)},{r.randrange(1, 9)}",
            "BRAND": lambda: r.choice(("Samsung", "iPhone 12", "Pixel")),
            "APP": lambda: r.choice(APPS),
            "HANDLE": lambda: self.identifier("handle"),
            "PHONE": lambda: self.identifier("phone"),
            "LINK": lambda: self.identifier("link-telegram"),
        }

    def called(self, product: market.Product) -> str:
        """Return a name of the product: as people write it, or as a newspaper would."""
        return (
            market.FORMAL[product.substance] if self.formal else self.random.choice(product.names)
        )

    def identifier(self, kind: str) -> str:
        """Return a planted identifier, kept from being mistyped."""
        value = self.planter.plant(kind, self.source, self.site)
        self.marked.append((kind, value))
        return protect(value)

    def say(self, section: str, rule: str) -> str:
        """Return one sentence; a new product each time."""
        return say(self.random, section, rule, self.fill)


def history(channel: Channel, seed: int, planter: Planter, truth: Truth) -> list[Post]:
    """Return the posts of a channel over the whole period, in order of time."""
    random = chance(seed, channel.source)
    members = _members(random, channel, planter)
    habits = (
        random.choice(("block", "slash", "equals", "bullets")),
        random.choice(("€", " €", "e", "euros")),
    )
    posts: list[Post] = []
    for week in range(channel.stops):
        rate = channel.rate * season(week, channel.site)
        if channel.source == "toulouse-vitrine" and week >= 66:
            rate *= 0.6  # customers and posts leave for the other app
        mix = SHOP if channel.style == "shop" else GROUP
        for _ in range(poisson(random, rate * random.gammavariate(12, 1 / 12))):
            kind = random.choices([k for k, _ in mix], [w for _, w in mix])[0]
            posts += _post(random, channel, week, kind, habits, members, planter, posts)
        for name, sources in ADDED.items():
            first = truth.phenomena[name].first.get(channel.site)
            if channel.source not in sources or first is None or monday(week) < first:
                continue
            ramp = min(1.0, 0.5 + (monday(week) - first).days / 56)
            for _ in range(
                max(int(monday(week) == first), poisson(random, sources[channel.source] * ramp))
            ):
                post = _planted(random, channel, week, name, members, planter)
                posts.append(post)
    posts.sort(key=lambda p: p.time)
    for shown in sorted({post.author[1] for post in posts} - {channel.title}):
        planter.note("author", shown, channel.source)
    for post in posts:
        if post.phenomenon:
            truth.phenomena[post.phenomenon].seen(channel.source, post.time.date())
    return posts


def _members(random: Random, channel: Channel, planter: Planter) -> list[tuple[str, str]]:
    planter.note("channel", channel.title, channel.source)
    if channel.form == "telegram channel":
        return [(f"channel1{digits(random, 9)}", channel.title)]
    out = []
    for _ in range(1 if channel.style == "shop" else 45):
        shown = f"{random.choice(FIRST)} {random.choice(LAST)}"
        if channel.form.startswith("whatsapp") and random.random() < 0.3:
            shown = "+33 6 39 98 " + digits(random, 2) + " " + digits(random, 2)
        identity = f"user9{digits(random, 9)}"
        out.append((identity, shown))
    return out


def _post(
    random: Random,
    channel: Channel,
    week: int,
    kind: str,
    habits: tuple[str, str],
    members: list[tuple[str, str]],
    planter: Planter,
    before: list[Post],
) -> Iterator[Post]:
    voice = Voice(random, channel.site, week, planter, channel.source)
    author = members[min(int(random.expovariate(1 / 8)), len(members) - 1)]
    post = Post(channel.source, moment(random, week), author, "")
    recent = [p for p in before[-60:] if p.text and not p.marked]
    if kind == "picture":
        post.media = random.choice(("photo", "photo", "video", "sticker", "voice"))
        if random.random() < 0.3 and post.media in ("photo", "video"):
            post.text = (
                voice.say("shop", "greet")
                if channel.style == "shop"
                else voice.say("chat", "laugh")
            )
    elif kind == "menu":
        post.text, falls = _menu(random, channel, week, habits, voice)
        post.phenomenon = "cocaine-price" if falls else None
    elif kind == "repost" and recent:
        again = random.choice(recent)
        post.phenomenon = again.phenomenon
        post.text = again.text + random.choice(("", "", " 🔁", " ⬆️", "\n(rappel)"))
    elif kind == "forward" and recent:
        post.text = voice.say("shop", random.choice(("arrival", "offer", "warning")))
        shops = [c for c in CHANNELS if c.style == "shop" and c.site == channel.site]
        post.forwarded = random.choice(shops).title
    elif kind == "identifier":
        which = random.choice(tuple(KINDS))
        voice.fill["X"] = lambda: voice.identifier(which)
        post.text = dirty(random, voice.say("identifier", which), 0.25)
    elif channel.style == "shop":
        post.text = dirty(random, voice.say("shop", kind if kind != "repost" else "greet"), 0.12)
        if random.random() < 0.05:
            post.text += "\n" + voice.say("shop", "contact")
    else:
        post.text = dirty(random, voice.say("chat", kind if kind != "forward" else "ok"), 0.45)
    post.text, post.marked = bare(post.text), voice.marked
    yield post
    if channel.style == "group" and kind == "ask_price" and random.random() < 0.6:
        text = dirty(random, voice.say("chat", "answer_price"), 0.45)
        later = post.time + timedelta(minutes=random.randrange(1, 90))
        yield Post(channel.source, later, random.choice(members), bare(text))


def _menu(
    random: Random, channel: Channel, week: int, habits: tuple[str, str], voice: Voice
) -> tuple[str, bool]:
    basket = list(market.BASKET[channel.site])
    random.shuffle(basket)
    layout = (
        habits[0]
        if random.random() < 0.8
        else random.choice(("block", "slash", "equals", "bullets"))
    )
    money = (
        habits[1] if random.random() < 0.8 else random.choice(("€", " €", "e", "euros", "balles"))
    )
    lines = [voice.say("shop", "title"), ""]
    offered = sorted(basket[: random.randrange(3, 7)])
    for name in offered:
        lines += market.menu_lines(random, market.product(name), channel.site, week, layout, money)
    lines += [voice.say("shop", "foot") for _ in range(random.randrange(1, 3))]
    substance, site, first, *_ = market.FALL
    falls = (substance, site) in [(n, channel.site) for n in offered] and week >= first
    return dirty(random, "\n".join(lines), 0.06), falls


def _planted(
    random: Random,
    channel: Channel,
    week: int,
    name: str,
    members: list[tuple[str, str]],
    planter: Planter,
) -> Post:
    voice = Voice(random, channel.site, week, planter, channel.source)
    shop = channel.style == "shop"
    if name == "tucibi":
        voice.product = market.TUCIBI
        rule = "tucibi_shop" if shop else "tucibi_talk"
    elif name == "loyalty-card":
        rule = "loyalty" if shop else "loyalty_talk"
    elif name == "app-migration":
        rule = "migration" if shop else "migration_talk"
        if week < 68:
            voice.fill["APP"] = lambda: "Signal"
    else:
        rule = "oxy_talk"
    text = dirty(random, voice.say("planted", rule), 0.1 if shop else 0.35)
    return Post(
        channel.source,
        moment(random, week),
        random.choice(members),
        bare(text),
        voice.marked,
        phenomenon=name,
    )

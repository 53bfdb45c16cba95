"""Each method once more, written plainly: one series, one period, as its docstring says it.

The figures that are published as defaults stand here a second time. Series rise, fall, end, begin
late, have gaps and zeros, and most have denominators.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate, pairwise
from statistics import fmean, median, stdev, variance

import numpy as np
import pytest
from scipy import stats
from scipy.special import betainc

from fanal.detectors import (
    BinomialCusum,
    Cooccurrence,
    Cusum,
    Default,
    Ears,
    Farrington,
    FirstSeen,
    Novelty,
    Shift,
    Silence,
)
from fanal.detectors.panel import Bounds, Panel

Row = Sequence[float]
Said = tuple[float, float, float, bool]  # expected, threshold, score, alarm
NAN = math.nan
SILENT = (NAN, NAN, NAN, False)


def drawn(measure: str, width: int, step: str = "week", seed: int = 1) -> Panel:
    """Return series of every kind."""
    rng = np.random.default_rng(seed)
    means = np.repeat([8.0, 8.0, 8.0, 8.0, 0.3, 30.0, 3.0, 8.0, 0.0], width).reshape(9, width)
    means[1, 2 * width // 3 :] *= 3
    means[2, 3 * width // 4 :] = 0
    means[5, width // 2 :] *= 0.5
    means[4, -4:] = 3
    values = rng.poisson(means).astype(float)
    read = np.round(200 * np.exp(rng.normal(0, 0.3, values.shape)))
    values[3, : width // 3] = NAN
    values[6, width // 2 : width // 2 + 3] = NAN
    values[7, rng.random(width) < 0.15] = NAN
    read[[0, 4]] = NAN
    read[np.isnan(values)] = NAN
    names = [f"{measure}/substance=s{row}/{step}" for row in range(len(values))]
    return Panel(names, step, 0, {"week": 2500, "month": 600, "year": 20}[step], values, read)


def read_of(panel: Panel, row: int) -> Row:
    """Return what a series is divided by: 1 where it never says."""
    given = panel.given[row]
    bare = np.isnan(given).all()
    return [1.0 if bare and not np.isnan(v) else g
            for v, g in zip(panel.values[row], given, strict=True)]  # fmt: skip


def compare(found: Bounds, panel: Panel, first: int, plain: Callable[[int], list[Said]]) -> int:
    """Compare all columns from `first` on; return how many alarms there are."""
    alarms = 0
    for row in range(len(panel.series)):
        said = plain(row)[first:]
        for name, mine in zip(("expected", "threshold", "score"), zip(*said, strict=True),
                              strict=False):  # fmt: skip
            np.testing.assert_allclose(
                getattr(found, name)[row], mine, rtol=1e-7, atol=1e-9,
                err_msg=f"{name} of {panel.series[row]}",
            )  # fmt: skip
        assert found.alarm[row].tolist() == [alarm for *_, alarm in said], panel.series[row]
        alarms += sum(alarm for *_, alarm in said)
    return alarms


def known(*values: float) -> bool:
    return not any(math.isnan(value) for value in values)


def over(a: float, b: float) -> float:
    return a / b if b else NAN if not a or math.isnan(a) else math.copysign(math.inf, a)


# --- EARS


def standing(y: Row, n: Row, t: int, gap: int, least: float) -> tuple[float, float]:
    """Return mean and spread of the seven periods before, brought to what is read now."""
    window = [i for i in range(t - gap - 7, t - gap) if i >= 0 and known(y[i], n[i])]
    counts = [y[i] / n[i] * n[t] for i in window]
    if len(counts) < 4 or not known(n[t]):
        return NAN, NAN
    return fmean(counts), max(stdev(counts), least)


@pytest.mark.parametrize(("method", "gap"), [("C1", 0), ("C2", 2)])
@pytest.mark.parametrize("least", [0.5, 0.0])
def test_ears_one_and_two(method: str, gap: int, least: float) -> None:
    panel = drawn("mentions", 60)

    @cache
    def plain(row: int) -> list[Said]:
        y, n = panel.values[row], read_of(panel, row)
        out = []
        for t in range(panel.width):
            mean, spread = standing(y, n, t, gap, least)
            bound = mean + 3.090232306167813 * spread
            score = (y[t] - mean) / spread if spread > 0 else y[t] - mean
            out.append((mean, bound, score, y[t] > bound))
        return out

    given = {} if least else {"min_sigma": 0.0}
    detector = Ears(**given) if method == "C2" else Ears("C1", **given)  # type: ignore[arg-type]
    for first in (0, 5, 40):
        assert compare(detector.bounds(panel, first), panel, first, plain) > 0


@pytest.mark.parametrize("least", [0.5, 0.0])
def test_ears_three(least: float) -> None:
    panel = drawn("mentions", 60, seed=3)

    @cache
    def plain(row: int) -> list[Said]:
        y, n = panel.values[row], read_of(panel, row)
        parts: list[float] = [0.0, 0.0]
        out = []
        for t in range(panel.width):
            mean, spread = standing(y, n, t, 2, least)
            c2 = over(y[t] - mean, spread)
            parts.append(max(0.0, c2 - 1) if math.isfinite(c2) else 0.0)
            before = parts[-3] + parts[-2]
            bound = mean + spread * (1 + max(0.0, 2.0 - before))
            total = before + parts[-1]
            out.append((mean, bound, total, total > 2.0 and y[t] > mean and spread > 0))
        return out

    given = {} if least else {"min_sigma": 0.0}
    for first in (0, 1, 30):
        found = Ears("C3", **given).bounds(panel, first)  # type: ignore[arg-type]
        assert compare(found, panel, first, plain) > 0


def test_a_baseline_of_other_lengths_needs_half_of_itself() -> None:
    """Of six periods three are enough, of five three, of two both."""
    for length, enough in ((6, 3), (5, 3), (2, 2), (3, 2)):
        for there in (enough, enough - 1):
            values = np.array([[NAN] * (length - there) + [4.0] * there + [9.0]])
            panel = Panel(["mentions/a/week"], "week", 0, 2500, values, np.full_like(values, NAN))
            found = Ears("C1", baseline=length).bounds(panel, length)
            assert (found.expected[0, 0] == 4.0) == (there == enough)


# --- CUSUM of counts

SCALES: dict[str, Callable[[float, float], float]] = {
    "standard": lambda y, m: (y - m) / m**0.5,
    "negative binomial": lambda y, m: (y - m) / (m + 0.1 * m * m) ** 0.5,
    "rossi": lambda y, m: (y - 3 * m + 2 * (y * m) ** 0.5) / (2 * m**0.5),
    "anscombe": lambda y, m: 1.5 * (y ** (2 / 3) - m ** (2 / 3)) / m ** (1 / 6),
    "anscombe2nd": lambda y, m: (
        1.5 * (y ** (2 / 3) - (m ** (2 / 3) - m ** (-1 / 3) / 9)) / m ** (1 / 6)
    ),
}
COUNTS: dict[str, Callable[[float, float], float]] = {
    "standard": lambda x, m: math.ceil(m + x * m**0.5),
    "negative binomial": lambda x, m: m + x * (m + 0.1 * m * m) ** 0.5,
    "rossi": lambda x, m: (max(0.0, 4 * m + 2 * x * m**0.5) ** 0.5 - m**0.5) ** 2,
    "anscombe": lambda x, m: max(0.0, m ** (2 / 3) + x * m ** (1 / 6) / 1.5) ** 1.5,
    "anscombe2nd": lambda x, m: (
        max(0.0, m ** (2 / 3) - m ** (1 / 3) / 9 + x * m ** (1 / 6) / 1.5) ** 1.5
    ),
}


@pytest.mark.parametrize("transform", SCALES)
@pytest.mark.parametrize("reset", [True, False])
def test_cusum(transform: str, reset: bool) -> None:
    panel = drawn("mentions", 110)
    panel.values[5, 3] = panel.given[5, 3] = NAN

    @cache
    def plain(row: int) -> list[Said]:
        y, n = panel.values[row], read_of(panel, row)
        learnt: list[int] = []
        total, out = 0.0, []
        for t in range(panel.width):
            if not known(y[t], n[t]) or len(learnt) < 52:
                learnt += [t] * known(y[t], n[t])
                out.append(SILENT)
                continue
            m = sum(y[i] for i in learnt) / sum(n[i] for i in learnt) * n[t]
            if not m:
                out.append(SILENT)
                continue
            bound = COUNTS[transform](room := 2.26 + 1.04 - total, m)
            if transform == "rossi" and 4 * m + 2 * room * m**0.5 < 0:
                bound = 0.0  # no count lies as low
            total = max(0.0, total + SCALES[transform](y[t], m) - 1.04)
            alarm = total > 2.26
            out.append((m, max(0.0, bound), total / 2.26, alarm))
            if alarm and reset:
                total = 0.0
        return out

    detector = Cusum(transform=transform, reset=reset) if transform != "rossi" else Cusum(
        reset=reset)  # type: ignore[arg-type]  # fmt: skip
    for first in (0, 70):
        assert compare(detector.bounds(panel, first), panel, first, plain) > 0


# --- binomial CUSUM


@pytest.mark.parametrize("base", [None, 0.1])
@pytest.mark.parametrize("relearn", [False, True])
@pytest.mark.parametrize("reset", [True, False])
@pytest.mark.parametrize("ratio", [2.0, 0.5])
def test_binomial_cusum(base: float | None, relearn: bool, reset: bool, ratio: float) -> None:
    panel = drawn("expected", 90)
    panel.given[:] = panel.given // 5
    panel.given[6, 5:8], panel.values[6, 5:7] = 0.0, 0.0
    panel.values[7, 50] = panel.given[7, 50] + 1  # no share
    panel.values[8, :] = np.fmin(1.0, panel.given[8])

    @cache
    def plain(row: int) -> list[Said]:
        seen = of = age = total = 0.0
        out = []
        for t in range(panel.width):
            x, n = panel.values[row, t], panel.given[row, t]
            share = base if base is not None else (seen + 0.5) / (of + 1)
            shifted = ratio * share / (1 - share + ratio * share)
            case, control = math.log(shifted / share), math.log((1 - shifted) / (1 - share))
            usable = known(x, n) and n > 0 and 0 <= x <= n
            learnt = base is not None or age >= 26
            bound = (4 - total - n * control) / (case - control) if usable and learnt else NAN
            if usable and learnt:
                total = max(0.0, total + x * case + (n - x) * control)
            told = (usable and learnt) or n == 0
            out.append((share * n if learnt else NAN, bound, total if told else NAN,
                        told and total > 4))  # fmt: skip
            if usable and not learnt:
                seen, of, age = seen + x, of + n, age + 1
            if total > 4:
                if relearn:
                    seen = of = age = 0.0
                if reset:
                    total = 0.0
        return out

    detector = BinomialCusum(odds_ratio=ratio, base=base, relearn=relearn, reset=reset)
    for first in (0, 40):
        assert compare(detector.bounds(panel, first), panel, first, plain) > 0
    assert detector.direction == ("up" if ratio > 1 else "down")


# --- shift of a level


@pytest.mark.parametrize(("step", "baseline", "memory", "gap"),
                         [("week", 104, 26, 4), ("month", 24, 12, 1)])  # fmt: skip
def test_shift(step: str, baseline: int, memory: int, gap: int) -> None:
    panel = drawn("price", 150, step)
    panel.values[:] = 50 + 2 * panel.values
    panel.values[0, 70] = panel.values[1, 60] = 0.0  # no price
    panel.values[2, 60] = 5000.0  # one that is odd
    panel.values[8, 90:] = 90.0
    kept = stats.truncnorm.var(-2.5, 2.5) * (1 - 2 * stats.norm.sf(2.5)) + 2 * 6.25 * stats.norm.sf(
        2.5
    )

    def standard(row: int, t: int) -> tuple[float, float]:
        past = [math.log(v) for v in panel.values[row, max(0, t - gap - baseline) : max(0, t - gap)]
                if v > 0]  # fmt: skip
        if len(past) < 12:
            return NAN, NAN
        middle = median(past)
        spread = 1.4826 * median(abs(v - middle) for v in past)
        spread = max(0.02, spread * (1 + 0.8 / len(past)))
        pulled = [min(max(v, middle - 2.5 * spread), middle + 2.5 * spread) for v in past]
        return fmean(pulled), max(0.02, (variance(pulled) / kept) ** 0.5)

    def largest(steps: Row) -> float:
        """Return the largest sum of the last steps, however many."""
        return max(0.0, *accumulate(reversed(steps[-memory:])))

    @cache
    def plain(row: int) -> list[Said]:
        out: list[Said] = []
        residuals: list[float] = []
        for t in range(panel.width):
            centre, spread = standard(row, t)
            value = panel.values[row, t]
            told = value > 0 and known(centre)
            r = min(max((math.log(value) - centre) / spread, -3.0), 3.0) if told else NAN
            residuals.append(r)
            rise = largest([x - 0.5 if known(x) else 0.0 for x in residuals])
            fall = largest([-x - 0.5 if known(x) else 0.0 for x in residuals])
            if not told:
                out.append(SILENT)
                continue
            total, way = (rise, 1) if rise >= fall else (fall, -1)
            missing = max(0.0, 3.75 - total + way * r)
            out.append((math.exp(centre), math.exp(centre + way * missing * spread), total / 3.75,
                        total > 3.75))  # fmt: skip
            ways[row, t] = way
        return out

    ways: dict[tuple[int, int], int] = {}
    for first in (0, 40, 120):
        found = Shift().bounds(panel, first)
        # The sum of the first columns that are looked at reaches back as far as any.
        assert compare(found, panel, first, plain) > 0
        assert found.notes is not None
        for (row, t), way in ways.items():
            if t >= first and found.alarm[row, t - first]:
                said = found.notes[row, t - first]
                assert said == {"direction": "rise" if way > 0 else "fall"}
    assert set(ways.values()) == {1, -1}
    other = Panel([name.replace("price", "other") for name in panel.series], step, 0, panel.origin,
                  panel.values, panel.given)  # fmt: skip
    assert np.isnan(Shift().bounds(other, 40).score).all()
    np.testing.assert_array_equal(Shift(measures=()).bounds(other, 40).score,
                                  Shift().bounds(panel, 40).score)  # fmt: skip


# --- sums of a window against the past


def negative_binomial(mean: float, size: float) -> tuple[float, float]:
    """Return the parameters that SciPy wants."""
    return size, size / (size + mean)


def predicted(panel: Panel, t: int, window: int = 4, baseline: int = 52) -> list[tuple[float, ...]]:
    """Return mean and size of the sum that ends at `t`, and the sum, for each series."""
    stop, start = t - window + 1, max(0, t - window + 1 - baseline)
    rows = []
    for row in range(len(panel.series)):
        n = read_of(panel, row)
        y = [v if known(v) else 0.0 for v in panel.values[row]]
        n = [r if known(v, r) else 0.0 for v, r in zip(panel.values[row], n, strict=True)]
        rows.append((y, n))
    if stop - start < window:
        return [(NAN, NAN, NAN)] * len(rows)
    moments = []
    for y, n in rows:
        now = sum(n[stop : t + 1])
        ends = range(stop, start + window - 1, -window)
        blocks = [(sum(y[end - window : end]), sum(n[end - window : end])) for end in ends]
        used = [(count * (now / read), now / read) for count, read in blocks if read > 0]
        m = fmean(count for count, _ in used) if used else 0.0
        own = weight = 0.0
        if m > 0 and len(used) > 1:
            noise = fmean(scale for _, scale in used) * m
            own = (variance([count for count, _ in used]) - noise) / m**2
            weight = (len(used) - 1) * (m / (1 + m)) ** 2
        moments.append((m, own, weight))
    pooled = sum(weight * own for _, own, weight in moments) + 6 * 0.1
    pooled = max(0.0, pooled / (sum(weight for _, _, weight in moments) + 6))
    out = []
    for (y, n), (m, own, weight) in zip(rows, moments, strict=True):
        spread = max(0.01, (weight * own + 6 * pooled) / (weight + 6))
        read, now = sum(n[start:stop]), sum(n[stop : t + 1])
        if read <= 0 or now <= 0:
            out.append((NAN, NAN, sum(y[stop : t + 1])))
            continue
        gained = 0.5 + sum(y[start:stop])
        mean = now * gained / read
        out.append((mean, 1 / (spread + (1 + spread * m) / gained), sum(y[stop : t + 1])))
    return out


def test_novelty() -> None:
    panel = drawn("mentions", 90)
    panel.given[8, 20:40] = 0.0
    columns = [predicted(panel, t) for t in range(panel.width)]

    @cache
    def plain(row: int) -> list[Said]:
        out = []
        for t in range(panel.width):
            mean, size, total = columns[t][row]
            value = panel.values[row, t]
            if not known(mean):
                out.append((NAN, 3.0, NAN, False))
                continue
            of = negative_binomial(mean, size)
            tail = stats.nbinom.sf(total - 1, *of)
            bound = max(3.0, stats.nbinom.isf(0.00005, *of) + 1)
            alarm = tail < 0.00005 and total >= 3 and value > 0 and total > mean
            out.append((mean, bound, -math.log10(tail) if known(value) else NAN, alarm))
        return out

    for first in (0, 30):
        found = Novelty().bounds(panel, first)
        assert compare(found, panel, first, plain) > 0
        assert found.observed is not None
        for i in range(panel.width - first):
            sums = [row[2] if known(value) else NAN for row, value in
                    zip(columns[first + i], panel.values[:, first + i], strict=True)]  # fmt: skip
            if first + i >= 7:
                np.testing.assert_array_equal(found.observed[:, i], sums)


@pytest.mark.parametrize("shared", [False, True])
def test_silence(shared: bool) -> None:
    """Of a source's own series, and of what several series are divided by."""
    panel = drawn("mentions" if shared else "documents", 80)
    rng = np.random.default_rng(9)
    if shared:
        panel.values[:] = 4.0
        panel.given[:] = rng.poisson(30.0 + 10 * np.arange(9.0)[:, None], panel.given.shape)
        panel.given[:, 60:] = rng.poisson(2.0, panel.given[:, 60:].shape)
        panel.given[1] = panel.given[0]
    panel.values[:, 70] = panel.given[:, 70] = NAN  # nobody read anything
    watched = panel.given if shared else panel.values

    def judged(row: int, t: int) -> Said:
        born = next((i for i, v in enumerate(watched[row]) if known(v)), panel.width)
        y = [v if known(v) else 0.0 for v in watched[row]]
        past = [i for i in range(max(0, t - 1 - 26), max(0, t - 1)) if i >= born and i != 70]
        values = [y[i] for i in past]
        if sum(v > 0 for v in values) < 6:
            return SILENT
        mean = fmean(values)
        spread = max(0.02, (variance(values) - mean) / mean**2 / 2)
        size = 1 / (spread + 1 / sum(values))
        of = negative_binomial(2 * mean, size)
        total = y[t] + (y[t - 1] if t - 1 != 70 else 0.0)
        tail = stats.nbinom.cdf(total, *of)
        bound = min(stats.nbinom.ppf(0.001, *of), 0.2 * 2 * mean)
        alarm = tail < 0.001 and total <= 0.2 * 2 * mean and t != 70
        return 2 * mean, bound, -math.log10(max(tail, 1e-300)), alarm

    cells = [[judged(row, t) for t in range(panel.width)] for row in range(len(panel.series))]

    @cache
    def plain(row: int) -> list[Said]:
        if shared and row == 1:  # told once, under the first
            return [(*cell[:3], False) for cell in cells[row]]
        return cells[row]

    for first in (0, 62):
        found = Silence().bounds(panel, first)
        assert compare(found, panel, first, plain) > 0
        assert found.notes is not None
        notes = {note["of"] for note in found.notes[found.alarm]}
        assert notes == {"denominator" if shared else "value"}


def test_cooccurrence() -> None:
    rng = np.random.default_rng(4)
    a, b, c = (rng.poisson(mean, 40).astype(float) for mean in (6.0, 5.0, 1.0))
    pairs = {
        "together/practice=b/substance=a/week": [0.0] * 30 + [3.0, 9.0, 4.0, 0.0, 2.0] + [5.0] * 5,
        "together/substance=a/with=c/week": [NAN] * 8 + [1.0, 0.0, 1.0, 1.0] + [3.0] * 28,
        "together/substance=c/with=a/week": [NAN] * 7 + [3.0, 0.0, 1.0, 1.0] + [3.0] * 28 + [NAN],
        "together/place=75/substance=c/week": [NAN] * 20 + [2.0, NAN, NAN, NAN, 3.0] + [NAN] * 15,
        "together/platform=p/substance=c/week": [NAN] * 20 + [2.0, NAN, NAN, 1.0] + [NAN] * 16,
        "mentions/substance=a/week": a, "mentions/substance=c/week": c,
        "practices/practice=b/week": b, "platforms/platform=p/week": 2 * c,
    }  # fmt: skip
    values = np.array(list(pairs.values()))
    given = np.where(np.isnan(values), NAN, 100.0)
    given[5, 35] = 0.0  # nothing was read: no chance
    panel = Panel(list(pairs), "week", 0, 2500, values, given)
    singles = {0: (5, 7), 1: (5, 6), 2: (6, 5), 4: (8, 6)}
    # What was read is what is said of the first of the two.
    by = {0: 7, 1: 5, 2: 6, 4: 8}

    @cache
    def plain(row: int) -> list[Said]:
        out = []
        for t in range(40):
            window = range(max(0, t - 3), t + 1)
            y = values[row] if row < 5 else [0.0] * 40
            met = sum(y[i] for i in window if known(y[i]))
            before = sum(v for v in y[: max(0, t - 3)] if known(v))
            mean = 0.0
            if row in singles:
                one, other = (values[i] for i in singles[row])
                mean = sum(one[i] * other[i] / given[by[row], i] for i in window
                           if given[by[row], i])  # fmt: skip
            tail = stats.poisson.sf(met - 1, mean)
            bound = max(3.0, stats.poisson.isf(0.001, mean) + 1)
            alarm = t >= 8 and met >= 3 and not before and tail < 0.001 and y[t] > 0
            out.append((mean, bound, -math.log10(max(tail, 1e-300)), alarm))
        return out

    for first in (0, 25):
        assert compare(Cooccurrence().bounds(panel, first), panel, first, plain) > 0
    assert Cooccurrence().bounds(panel, 0).alarm.any(axis=1).tolist()[:5] == [
        True, False, True, False, True]  # fmt: skip


def test_first_seen() -> None:
    base = drawn("danger", 60)
    values, given = base.values, base.given
    names = [f"{('danger', 'missold')[row % 2]}/substance=s{row}/week" for row in range(9)]
    names += [f"found/substance=s{row}/week" for row in range(4)]
    names += ["changed/substance=s/week", "mentions/substance=s/week"]
    more = np.full((6, 60), NAN)
    more[0, 2:] = [0.0, 1.0, 0.0, 0.0, 2.0, *[0.0] * 53]  # while the laboratory learns
    more[1, 2:] = [*[0.0] * 4, 1.0, 3.0, *[0.0] * 52]
    more[2, 9:12] = [0.0, 0.0, 2.0]
    more[3, 12] = 1.0  # it is not said of how many
    more[4, ::9] = [0.0, 2.0, 1.0, 0.0, 3.0, 0.0, 0.0]
    more[5, 5:] = 4.0
    read = np.where(np.isnan(more), NAN, 9.0)
    read[:3, 2:6] = [9.0, 9.0, 9.0, 3.0]
    read[3] = NAN
    read[2, 9:12] = [8.0, 10.0, 8.0]
    # rare dangers, and those that are usual
    values[4, :] = 0.0
    values[4, [5, 8, 20, 26, 33, 34, 35, 36, 37, 38]] = 1.0
    values[8, [20, 30, 31, 32]] = [1.0, 2.0, 2.0, 1.0]
    panel = Panel(names, "week", 0, 2500, np.vstack([values, more]), np.vstack([given, read]))
    dangers = Panel(names[:9], "week", 0, 2500, values, given)
    columns = [predicted(dangers, t, 1, 24) for t in range(60)]

    def learnt(t: int) -> bool:
        periods, samples = 0, 0.0
        for i in range(t):
            there = [row for row in range(9, 13) if known(panel.values[row, i])]
            periods += bool(there)
            said = [panel.given[row, i] for row in there if known(panel.given[row, i])]
            samples += max(said) if said else math.inf if there else 0.0
        return periods >= 3 and samples >= 30

    def expecting(row: int, t: int) -> bool:
        """Say whether enough was read of a name to expect what is in it, or of all samples."""
        before = [i for i in range(t) if known(panel.values[row, i])]
        own = len(before) >= 3 and sum(panel.given[row, i] for i in before) >= 30
        return row % 2 == 0 or own or learnt(t)

    @cache
    def plain(row: int) -> list[Said]:
        said = judged(row)
        return said if row >= 9 else [
            (*rest, alarm and expecting(row, t)) for t, (*rest, alarm) in enumerate(said)
        ]  # fmt: skip

    def judged(row: int) -> list[Said]:
        y, seen, out = panel.values[row], False, []
        for t, value in enumerate(y):
            if not value > 0 or row >= 9:
                alarm = value > 0 and (row == 13 or (row < 13 and not seen and learnt(t)))
                out.append((0.0, 1.0, value, bool(alarm)))
                whys[row, t] = "event" if row == 13 else "first"
                seen |= value > 0
                continue
            if not seen:
                whys[row, t], seen = "first", True
                out.append((0.0, 1.0, value, True))
                continue
            mean, size, _ = columns[t][row]
            last = [v for v in y[:t] if known(v)][-6:]
            tail, bound = NAN, 1.0
            if known(mean):
                of = negative_binomial(mean, size)
                tail, bound = stats.nbinom.sf(value - 1, *of), stats.nbinom.isf(0.01, *of) + 1
            else:
                mean = 0.0
            usual = sum(v > 0 for v in last) >= 3
            if not usual and value >= 2 * mean:
                whys[row, t] = "rare"
                out.append((mean, max(1.0, math.ceil(2 * mean)), value, True))
            elif tail < 0.01 and value > mean:
                whys[row, t] = "more"
                out.append((mean, bound, -math.log10(tail), True))
            else:
                out.append((mean, bound, value, False))
        return out

    whys: dict[tuple[int, int], str] = {}
    for first in (0, 30):
        found = FirstSeen().bounds(panel, first)
        assert compare(found, panel, first, plain) > 0
        assert found.notes is not None
        told = {(row, t + first): found.notes[row, t] for row, t in np.argwhere(found.alarm)}
        assert told == {cell: {"why": whys[cell]} for cell in told}
        assert {note["why"] for note in told.values()} >= {"rare", "more", "event"}
    assert np.flatnonzero(FirstSeen().bounds(panel, 0).alarm[9]).tolist() == []
    assert np.flatnonzero(FirstSeen().bounds(panel, 0).alarm[10]).tolist() == [6]


# --- regression on the seasons of the past


def compared(panel: Panel, t: int, years: int, seasons: int) -> tuple[list[int], list[int]]:
    """Return what a period is compared with, and the season of each: 0 is that of the present."""
    half, recent, parts = (1, 6, seasons // 2) if panel.step == "month" else (3, 26, seasons)
    today = panel.day(t)
    if panel.step == "month":
        marks = [t - 12 * back for back in range(years, 0, -1)] + [t]
    else:
        marks = [t - round((today - today.replace(year=today.year - back)).days / 7)
                 for back in range(years, 0, -1)] + [t]  # fmt: skip
    columns, levels = [], []
    for mark, following in pairwise(marks):
        between = following - half - (mark + half + 1)
        sizes = [between // (parts - 1) + (i < between % (parts - 1)) for i in range(parts - 1)]
        blocks = [level for level, size in enumerate(sizes, 1) for _ in range(size)]
        for column, level in enumerate([0] * (2 * half + 1) + blocks, mark - half):
            if column < t - recent:
                columns.append(column)
                levels.append(level)
    return columns, levels


def fitted(y: np.ndarray, weights: np.ndarray, offset: np.ndarray, design: np.ndarray) -> tuple[
    np.ndarray, np.ndarray, np.ndarray
]:  # fmt: skip
    """Return coefficients, means and the inverse of the information, by Newton's steps."""
    eta = np.log(y + 0.1)
    for _ in range(60):
        mu = np.exp(eta)
        information = design.T @ (design * (weights * mu)[:, None])
        beta = np.linalg.solve(information, design.T @ (weights * (mu * (eta - offset) + y - mu)))
        eta = offset + design @ beta
    mu = np.exp(eta)
    return beta, mu, np.linalg.inv(design.T @ (design * (weights * mu)[:, None]))


def regressed(panel: Panel, row: int, t: int, years: int, seasons: int) -> tuple[float, ...]:
    """Return mean, the standard error of its logarithm, dispersion and degrees of freedom."""
    columns, levels = compared(panel, t, years, seasons)
    days = np.array([panel.day(column).toordinal() for column in columns], float)
    middle, scale = days.mean(), (days.max() - days.min()) / 2
    n = np.array(read_of(panel, row))
    used = [i for i, c in enumerate(columns) if known(panel.values[row, c], n[c]) and n[c] > 0]
    there = np.array(columns)[used]
    y, offset = panel.values[row, there], np.log(n[there])
    factor = np.eye(max(levels) + 1)[np.array(levels)[used]]
    keep = factor.any(axis=0)
    time = ((days - middle) / scale)[used, None]
    now = (panel.day(t).toordinal() - middle) / scale

    def fit(design: np.ndarray, at: np.ndarray) -> tuple[float, float, float, float]:
        freedom = len(y) - design.shape[1]
        _, mu, inverse = fitted(y, np.ones(len(y)), offset, design)
        phi = max(1.0, ((y - mu) ** 2 / mu).sum() / freedom)
        leverage = np.einsum("ij,jk,ik->i", design, inverse, design) * mu
        residual = 1.5 * (y ** (2 / 3) - mu ** (2 / 3)) / mu ** (1 / 6)
        residual /= np.sqrt(phi * (1 - leverage))
        weights = np.array([r**-2.0 if r > 2.58 else 1.0 for r in residual])
        weights *= len(y) / weights.sum()
        beta, mu, inverse = fitted(y, weights, offset, design)
        phi = max(1.0, (weights * (y - mu) ** 2 / mu).sum() / freedom)
        working = (weights * ((y - mu) / mu) ** 2).sum() / freedom
        return at @ beta + np.log(n[t]), (working * at @ inverse @ at) ** 0.5, phi, freedom

    flat = factor[:, keep]
    at = np.array([1.0] + [0.0] * (flat.shape[1] - 1))
    if years >= 3:
        eta, error, phi, freedom = fit(np.hstack([flat, time]), np.append(at, now))
        if np.exp(eta) <= y.max():
            return np.exp(eta), error, phi, freedom
    eta, error, phi, freedom = fit(flat, at)
    return np.exp(eta), error, phi, freedom


CASES = [("week", 331, 5, 10), ("week", 225, 3, 10), ("week", 170, 2, 10), ("week", 100, 1, 5),
         ("month", 76, 5, 10), ("month", 52, 3, 10)]  # fmt: skip


@pytest.mark.parametrize(("step", "width", "years", "seasons"), CASES)
def test_what_each_period_is_compared_with(step: str, width: int, years: int, seasons: int) -> None:
    """Nothing, until the same season of the first year was seen whole."""
    panel, method = drawn("mentions", width, step), Farrington(years=years, seasons=seasons)
    begun = []
    for t in range(width):
        columns, levels = compared(panel, t, years, seasons)
        found = method.baseline(panel, t)
        if columns[0] < 0:
            assert found is None
            continue
        begun.append(columns[0])
        assert found is not None
        assert (found.columns.tolist(), found.level.tolist()) == (columns, levels)
    assert begun[0] == 0


def quantile(p: float, mean: float, phi: float) -> float:
    return stats.nbinom.ppf(p, mean / (phi - 1), 1 / phi) if phi > 1 else stats.poisson.ppf(p, mean)


@pytest.mark.parametrize(("step", "width", "years", "seasons"), CASES)
def test_farrington(step: str, width: int, years: int, seasons: int) -> None:
    panel = drawn("mentions", width, step)
    panel.values[0, width // 2 : width // 2 + 3] += 60  # an outbreak of the past
    panel.values[5] += np.arange(width) // 9
    panel.given[1, 30] = 0.0
    panel.values[1, 30] = NAN
    panel.values[6, -1] = panel.given[6, -1] = NAN
    panel.values[1, -2:] += 99
    first = width - 2
    detectors = {way: Farrington(method=way, years=years, seasons=seasons)  # type: ignore[arg-type]
                 for way in ("nbPlugin", "muan", "delta")}  # fmt: skip
    if (years, seasons) == (5, 10):
        detectors["nbPlugin"] = Farrington()
    found = {way: detector.bounds(panel, first) for way, detector in detectors.items()}
    z = 2.3263478740408408
    for t in range(first, width):
        for row in range(9):
            at = row, t - first
            value = panel.values[row, t]
            if not known(value) or np.nansum(panel.values[row, t - 3 : t + 1]) < 5:
                assert np.isnan([bounds.threshold[at] for bounds in found.values()]).all()
                continue
            mean, error, phi, _ = regressed(panel, row, t, years, seasons)
            bounds = {
                "nbPlugin": quantile(0.99, mean, phi),
                "muan": quantile(0.99, mean * math.exp(z * error), phi),
                "delta": mean * (1 + 2 / 3 * z * ((phi + mean * error**2) / mean) ** 0.5) ** 1.5,
            }
            for way, bound in bounds.items():
                assert found[way].expected[at] == pytest.approx(mean, rel=1e-5)
                assert found[way].threshold[at] == pytest.approx(bound, rel=1e-4)
                score = (value - mean) / (bound - mean)
                assert found[way].score[at] == pytest.approx(score, rel=1e-3, abs=1e-4)
                assert found[way].alarm[at] == (value > bound)
    assert found["nbPlugin"].alarm[1].all()


# --- the default, which is all of them


@pytest.mark.parametrize("control", ["budget", "rate", "fdr"])
@pytest.mark.parametrize(
    ("step", "width", "sums", "past"),
    [("week", 120, 4, 52), ("month", 52, 4, 24), ("year", 14, 1, 8)],
)
def test_default(step: str, width: int, sums: int, past: int, control: str) -> None:
    panel = drawn("mentions", width, step, seed=8)
    panel.values[0, -1] += 30
    panel.values[1, -2:] += 9
    panel.values[5] = 30.0 + np.arange(width) % 3
    first = width - 8
    year, half, least = {"week": (52, 3, 1), "month": (12, 1, 3), "year": (1, 0, 99)}[step]

    def history(row: int, t: int) -> int:
        y = panel.values[row]
        born = next(i for i, v in enumerate(y) if known(v))
        last = [v for v in y[max(0, t - year) : t] if known(v)]
        years = (t - born - half - 1) // year
        often = bool(last) and fmean(last) >= 1.25 * 52 / year
        return min(5, years) if often and years >= least else 0

    def judged(row: int, t: int, before: float) -> tuple[float, ...]:
        """Return method, expected, observed, carried, tail, and what the bound is worked out of."""
        value, years, freedom = panel.values[row, t], history(row, t), math.inf
        if years and known(value):
            seasons = 10 if years > 1 else 5
            mean, error, phi, _ = regressed(panel, row, t, years, seasons)
            columns, levels = compared(panel, t, years, seasons)
            there = sum(known(panel.values[row, c]) for c in columns)
            freedom = max(1.0, there - len(set(levels)) - (years >= 3))
            size = 1 / ((phi - 1) / mean + error**2 + 1e-9)
            spread = mean + mean**2 / size
            centre = mean + 0.4 * 0.5 * spread**0.5
            size = centre**2 / max(1e-9, spread * (1 + 0.34 * 0.25) - centre)
            counted, observed, enough = value + before, value, value > mean
        else:
            centre, size, observed = summed[t][row]
            mean, counted = centre, observed
            enough = counted >= 3 and value > 0
        if not known(centre, value):
            return years, mean, NAN, before, NAN, freedom, centre, size
        tail = betainc(max(counted, 1e-9), size, centre / (centre + size))
        if years:
            tail = stats.t.sf(stats.norm.isf(tail), freedom)
        if not (enough and counted > mean):
            tail = 1.0
        return years, mean, observed, before, tail, freedom, centre, size

    summed = {t: predicted(panel, t, sums, past) for t in range(first - 1, width)}
    found = Default(control=control).bounds(panel, first) if control != "budget" else (  # type: ignore[arg-type]
        Default().bounds(panel, first))  # fmt: skip
    carried = np.zeros(9)
    alarms = []
    for t in range(first - 1, width):
        cells = [judged(row, t, carried[row]) for row in range(9)]
        tails = sorted(cell[4] for cell in cells if known(cell[4]))
        limit = 0.0035
        if control == "budget":
            limit = min(limit, 0.03 / len(tails))
        if control == "fdr":
            passed = [p for i, p in enumerate(tails, 1) if p <= 0.1 * i / len(tails)]
            limit = min(limit, max(passed, default=0.0))
        for row, (years, mean, observed, before, tail, freedom, centre, size) in enumerate(cells):
            value = panel.values[row, t]
            carried[row] = 0.5 * max(0.0, value - mean) if years and known(value) else 0.0
            if t < first or not known(value):
                continue
            at = row, t - first
            p = limit if math.isinf(freedom) else stats.norm.sf(stats.t.isf(limit, freedom))
            bound = stats.nbinom.isf(p, *negative_binomial(centre, size)) + 1 - before * (years > 0)
            assert found.expected[at] == pytest.approx(mean, rel=1e-5)
            assert found.score[at] == pytest.approx(-math.log10(tail), rel=1e-4, abs=1e-6)
            assert found.threshold[at] == pytest.approx(bound, rel=1e-4, abs=1e-4)
            assert found.alarm[at] == (tail <= limit)
            assert found.observed is not None
            assert found.notes is not None
            assert found.observed[at] == observed
            if tail <= limit:
                alarms.append(years > 0)
                days = {"week": 7, "month": 31, "year": 366}[step]
                said = {"method": "farrington", "why": f"{years} years of history, not sparse"}
                said |= {"past": 365 * years + 4 * days}
                if not years:
                    why = f"sparse or less than a year of history: sum of {sums} {step}s"
                    said = {"method": "novelty", "window": sums, "why": why}
                    said |= {"past": days * (past + sums)}
                assert found.notes[at] == said
    assert set(alarms) == ({False} if step == "year" else {True, False})

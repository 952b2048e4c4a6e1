"""The arithmetic of equal work: bytes at equal score, and the setting of a peer that compares fairly with ours.

It imports the standard library only. test_equal_work.py tests it.
"""

import math
from typing import NamedTuple

# The search for a quality ends if the score differs from the wanted one by at most this.
CLOSE_ENOUGH = 0.25
# Two sizes count as equal if one is at most this many times the other.
AS_NEAR = 1.02
# A file with more than this many times our bytes is not equal work.
TOO_MANY = 1.05
# A ratio below this is not a lead, because the control of a run differs from 1 by a few per cent.
LEAD = 1.05


class Point(NamedTuple):
    """A variant at a whole quality, 1 to 100."""

    quality: int
    bytes: int
    score: float


class Cost(NamedTuple):
    """The cost of a peer's setting at our score, in milliseconds and bytes."""

    effort: str
    ms: float
    bytes: float


def next_quality(points, target, start):
    """The quality to try next in the search for the score `target`, or None if the search has ended. `start` is the
    first one."""
    if not points:
        return clamp(start)
    tried = {point.quality for point in points}
    below = max((point for point in points if point.score < target), default=None)
    above = min((point for point in points if point.score >= target), default=None)
    if len(points) > 1 and min(abs(point.score - target) for point in points) <= CLOSE_ENOUGH:
        return None
    if below and above:
        between = [quality for quality in range(below.quality + 1, above.quality) if quality not in tried]
        if not between:
            return None
        part = (target - below.score) / (above.score - below.score)
        wanted = below.quality + part * (above.quality - below.quality)
        return min(between, key=lambda quality: abs(quality - wanted))
    nearest = below or above
    step = max(1, round(abs(target - nearest.score) * qualities_per_point(points)))
    quality = clamp(nearest.quality + (step if below else -step))
    return None if quality in tried else quality


def qualities_per_point(points):
    """The number of quality steps for one point of score, estimated from the points, 0.5 to 4."""
    low, high = min(points), max(points)
    gained = high.score - low.score
    estimate = (high.quality - low.quality) / gained if gained > 0 else 1
    return min(4, max(0.5, estimate))


def clamp(quality):
    return min(100, max(1, quality))


def bytes_at(points, target):
    """The bytes for the score `target`, interpolated or extrapolated from the two nearest points (…, bytes, score), in
    logarithms of bytes. None if no point comes within 1 of the score and none lies on each side of it."""
    points = sorted(((score, size) for *_, size, score in points))
    if not points or (points[-1][0] < target - 1 or points[0][0] > target + 1):
        return None
    after = next((at for at, (score, _) in enumerate(points) if score >= target), len(points) - 1)
    if len(points) == 1:
        return float(points[0][1])
    (low_score, low), (high_score, high) = points[max(after, 1) - 1], points[max(after, 1)]
    if high_score == low_score:
        return math.sqrt(low * high)
    part = (target - low_score) / (high_score - low_score)
    return math.exp(math.log(low) + part * (math.log(high) - math.log(low)))


def nearest_quality(points, target):
    """The quality whose score is nearest to `target`."""
    return min(points, key=lambda point: abs(point.score - target)).quality


def unbeaten(costs):
    """The costs that no other beats in both time and bytes, by time."""
    front = []
    for cost in sorted(costs, key=lambda cost: (cost.ms, cost.bytes)):
        if not front or cost.bytes < front[-1].bytes:
            front.append(cost)
    return front


def equal_cost(costs, our_bytes, default):
    """The peer's cost to compare with ours: the fastest of the unbeaten costs that are nearest to our bytes. Those that
    differ by at most AS_NEAR count as equally near. If all take over TOO_MANY times our bytes, no effort does equal work, and
    the peer's effort `default` is used, and not its slowest one."""
    front = unbeaten(costs)
    if not front:
        return None
    if min(cost.bytes for cost in front) > TOO_MANY * our_bytes:
        return next((cost for cost in costs if cost.effort == default), front[0])
    distance = lambda cost: abs(math.log(cost.bytes / our_bytes))
    nearest = min(map(distance, front))
    return next(cost for cost in front if distance(cost) <= nearest + math.log(AS_NEAR))


def verdict(ratio):
    """A ratio of times as text, with a note if it is not a lead."""
    if ratio is None:
        return "–"
    text = f"{ratio:.1f}×" if ratio < 9.95 else f"{ratio:.0f}×"
    return text if ratio >= LEAD else f"{text} (no lead)"

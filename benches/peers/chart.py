"""The chart: bytes at equal SSIMULACRA2 over time, a panel for each encoder, in SVG."""

import math
from html import escape

import rows as tables
import settings
import workers
from equal_work import Cost

PANELS = [("webp", "WebP"), ("avif", "AVIF"), ("jpeg", "JPEG"), ("png", "PNG (lossless)")]
COLOURS = {workers.BASE: "#1f6feb", workers.OXIMG: "#b35900", workers.LIBVIPS: "#6e7781", workers.PILLOW: "#8250df"}
OURS = "#1a7f37"
PARITY = "#cf222e"

WIDTH, HEIGHT = 560, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 30, 62, 56
CHARACTER = 6.2

TIME_TICKS = [0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000]


def chart(run):
    found = tables.rows(run)
    panels = [
        (title, [row for row in found if row["format"] == format])
        for format, title in PANELS
        if any(row["format"] == format for row in found)
    ]
    columns = min(2, len(panels))
    width, height = columns * WIDTH, math.ceil(len(panels) / 2) * HEIGHT + 40
    date = run["machine"]["date"]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="sans-serif" font-size="11" fill="#1f2328">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        text(LEFT, 24, f"Bytes at equal SSIMULACRA2 over time, Tintype = 1, {date}", "start", 15),
    ]
    for number, (title, panel_rows) in enumerate(panels):
        left, top = number % 2 * WIDTH, 40 + number // 2 * HEIGHT
        parts.append(f'<g transform="translate({left} {top})">')
        parts += panel(title, panel_rows)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>"]) + "\n"


def panel(title, rows):
    curves = {peer: curve for peer in COLOURS if (curve := tables.curve(rows, peer))}
    costs = [cost for curve in curves.values() for cost in curve]
    scale = Scale([cost.ms for cost in costs] + [1], [cost.bytes for cost in costs] + [1])
    light = {"linear": ", equal in linear light", "gamma": ""}
    jobs = "1 job" if len(rows) == 1 else f"geometric mean of {len(rows)} jobs"
    parts = [text(LEFT, 30, title, "start", 13), text(LEFT, 48, f"{jobs}; left and below is better", "start")]
    parts += axes(scale)
    labels = Labels(scale)
    labels.taken += [(scale.x(cost.ms) - 4, scale.y(cost.bytes) - 4, 8, 8) for cost in [*costs, Cost("", 1, 1)]]
    for peer, curve in curves.items():
        colour = COLOURS[peer]
        rank = settings.efforts(peer, rows[0]["format"]).index
        for mode in dict.fromkeys(settings.mode(cost.effort) for cost in curve):
            points = sorted((cost for cost in curve if settings.mode(cost.effort) == mode), key=lambda cost: rank(cost.effort))
            places = " ".join(f"{scale.x(cost.ms):.1f},{scale.y(cost.bytes):.1f}" for cost in points)
            parts.append(f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-opacity="0.45"/>')
        for cost in curve:
            parts.append(f'<circle cx="{scale.x(cost.ms):.1f}" cy="{scale.y(cost.bytes):.1f}" r="3.5" fill="{colour}"/>')
    parts.append(labels.put(1, 1, "Tintype", OURS, bold=True))
    by_effort = [peer for peer, curve in curves.items() if len(curve) > 1]
    for number, peer in enumerate(by_effort):
        words = f"{peer}, by effort{light[settings.lights(peer)[0]]}"
        parts.append(text(WIDTH - RIGHT, 48 - 16 * number, words, "end", colour=COLOURS[peer]))
    for peer, curve in curves.items():
        for cost in curve:
            name = peer if len(curve) == 1 else cost.effort
            parts.append(labels.put(cost.ms, cost.bytes, name, COLOURS[peer]))
    x, y = scale.x(1), scale.y(1)
    parts.append(f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="{OURS}"/>')
    return parts


class Scale:
    """Converts ratios to the panel's pixels. Both axes are logarithmic, with a margin around every point."""

    def __init__(self, times, sizes):
        self.times = margin(times, 1.35)
        self.sizes = margin(sizes, 1.06)

    def x(self, time):
        return LEFT + place(time, self.times) * (WIDTH - LEFT - RIGHT)

    def y(self, size):
        return HEIGHT - BOTTOM - place(size, self.sizes) * (HEIGHT - TOP - BOTTOM)


def margin(values, factor):
    return min(values) / factor, max(values) * factor


def place(value, limits):
    return math.log(value / limits[0]) / math.log(limits[1] / limits[0])


def axes(scale):
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = [f'<rect x="{LEFT}" y="{TOP}" width="{right - LEFT}" height="{bottom - TOP}" fill="none" stroke="#d1d9e0"/>']
    last = -100
    for tick in TIME_TICKS:
        if scale.times[0] <= tick <= scale.times[1] and (scale.x(tick) - last > 34 or tick == 1):
            last = scale.x(tick)
            parts.append(f'<line x1="{last:.1f}" y1="{bottom}" x2="{last:.1f}" y2="{bottom + 4}" stroke="#59636e"/>')
            parts.append(text(last, bottom + 16, f"{tick:g}×", "middle"))
    for tick in size_ticks(scale.sizes):
        y = scale.y(tick)
        parts.append(f'<line x1="{LEFT - 4}" y1="{y:.1f}" x2="{LEFT}" y2="{y:.1f}" stroke="#59636e"/>')
        parts.append(text(LEFT - 8, y + 4, f"{tick:.2f}", "end"))
    parts.append(text((LEFT + right) / 2, bottom + 36, "time ÷ Tintype's", "middle"))
    middle = (TOP + bottom) / 2
    parts.append(f'<g transform="rotate(-90 18 {middle})">{text(18, middle, "bytes ÷ Tintype’s", "middle")}</g>')
    x, y = scale.x(1), scale.y(1)
    dashed = f'stroke="{PARITY}" stroke-dasharray="4 3"'
    parts.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}" {dashed}/>')
    parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" {dashed}/>')
    anchor, beside = ("start", x + 5) if x < WIDTH / 2 else ("end", x - 5)
    parts.append(text(beside, TOP + 12, "parity: the same time", anchor, colour=PARITY))
    parts.append(text(right - 4, y - 4, "parity: the same bytes", "end", colour=PARITY))
    return parts


def size_ticks(limits):
    span = limits[1] - limits[0]
    step = next(step for step in (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100) if span / step <= 8)
    first = math.ceil(limits[0] / step)
    return [number * step for number in range(first, int(limits[1] / step) + 1)]


class Labels:
    """Places the names of points so that none leaves the panel or covers another."""

    def __init__(self, scale):
        self.scale = scale
        # The line of equal bytes, and its label.
        self.taken = [
            (LEFT, scale.y(1) - 1, WIDTH - LEFT - RIGHT, 2),
            (WIDTH - RIGHT - 24 * CHARACTER, scale.y(1) - 14, 24 * CHARACTER, 12),
        ]

    def put(self, time, size, name, colour, bold=False):
        x, y = self.scale.x(time), self.scale.y(size)
        width = len(name) * CHARACTER
        for away in range(0, 120, 5):
            for left, top in ((left, top) for left in (x + 8, x - 8 - width) for top in (y - 6 - away, y - 6 + away)):
                box = (left, top, width, 12)
                if self.is_inside(box) and not any(overlap(box, other) for other in self.taken):
                    self.taken.append(box)
                    return text(left, top + 10, name, "start", colour=colour, bold=bold)
        return ""

    @staticmethod
    def is_inside(box):
        left, top, width, height = box
        return left > LEFT and left + width < WIDTH - 4 and top > TOP and top + height < HEIGHT - BOTTOM


def overlap(one, other):
    apart_across = one[0] + one[2] <= other[0] or other[0] + other[2] <= one[0]
    apart_down = one[1] + one[3] <= other[1] or other[1] + other[3] <= one[1]
    return not (apart_across or apart_down)


def text(x, y, words, anchor, size=None, colour=None, bold=False):
    attributes = f' font-size="{size}"' if size else ""
    attributes += f' fill="{colour}"' if colour else ""
    attributes += ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{attributes}>{escape(words)}</text>'

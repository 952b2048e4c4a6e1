"""The widths of a page's `srcset`: five variants of one photo that are asked for at once, compared with the largest alone."""

from pathlib import Path

import load

WIDTHS = [384, 640, 960, 1280, 1920]
FORMATS = ["jpeg", "webp", "avif"]
PHOTO = "photo-12mp.jpg"
SECONDS = 60


def measure(server, key, count):
    """A line for each round, format and choice of widths: the time until all have arrived, and the server's processor time."""
    path = lambda width, format: f"/{key}?w={width}&fm={format}"
    choices = {"largest": WIDTHS[-1:], "page": WIDTHS}
    for format in FORMATS:
        load.run(server.port, [path(width, format) for width in WIDTHS], len(WIDTHS), SECONDS)
    lines = []
    for round_ in range(count):
        for format in FORMATS:
            for name, widths in choices.items():
                before = processor_ms(server.process.pid)
                answers = load.run(server.port, [path(width, format) for width in widths], len(widths), SECONDS)
                if answers.failures:
                    raise SystemExit(f"error: a variant of a page failed: {answers.failures}")
                processor = processor_ms(server.process.pid) - before
                line = {"format": format, "widths": name, "round": round_, "ms": answers.seconds * 1e3}
                lines.append({**line, "processor_ms": processor})
    return lines


def processor_ms(pid):
    """The processor time of all threads of a process. They outlive the measurement."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e6

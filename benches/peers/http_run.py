"""Requests a second and their latency: photos of 2 MP (PNG: 0.7 MP) to 512 pixels, two clients, every server in turn. Then the widths
of a page, and memory."""

import io
import shutil
import time

from PIL import Image

import load
import page_run
import rows as tables
import serve_memory
import servers
import sources
import workers
from store import Store

CLIENTS = 2
PHOTOS = 100
WARM_REQUESTS = 6
WARM_SECONDS = 0.5
# The time limit of one measured job. Slower servers answer fewer photos in this time.
JOB_SECONDS = 2.0

# The source format for each requested format, as in imgproxy's own benchmark.
SOURCES = {"jpeg": "jpg", "png": "png", "webp": "jpg", "avif": "jpg"}


def measure(programs, found, options, deadline):
    """(lines, pages, memory): a line for each server, format and round, one for each page, and the memory of Tintype's server under
    load."""
    folder = sources.crowd(options.cache, options.photos)
    data = options.cache / "s3"
    shutil.rmtree(data, ignore_errors=True)
    s3 = Store(programs.tintype, data)
    running = {}
    try:
        keys = {suffix: s3.put(sorted(folder.glob(f"*.{suffix}"))[: options.photos]) for suffix in ("jpg", "png")}
        running = servers.start(programs, s3, equal_settings(found), options.cache)
        paths = {
            (name, format): [server.path(key, format) for key in keys[suffix]]
            for name, server in running.items()
            for format, suffix in SOURCES.items()
        }
        able = {pair for pair in paths if answers_rightly(running[pair[0]], pair[1], paths[pair])}
        lines = list(rounds(running, paths, able, options.rounds, deadline))
        pages = page_run.measure(running[workers.OURS], photo_key(s3, options), options.rounds)
        return lines, pages, None if options.no_memory else memory_under_load(programs, s3, paths, options)
    finally:
        for server in running.values():
            server.close()
        s3.close()


def photo_key(s3, options):
    return s3.put([sources.folder(options.cache) / page_run.PHOTO])[0]


def equal_settings(found):
    """sharp's {format: {"quality", "effort"}} for equal work with our defaults: those of the format's first measured job of
    about this width, or sharp's own defaults if none was measured."""
    settings = dict(servers.SHARP_DEFAULTS)
    distance = lambda row: abs(int(tables.width_of(row["job"])) - servers.WIDTH)
    for row in sorted(reversed(found), key=distance, reverse=True):
        sharp = row["peers"].get(workers.BASE)
        if sharp and sharp["equal"]:
            effort = sharp["equal"].effort
            quality = sharp["settings"][effort]["quality"]
            settings[row["format"]] = {"effort": effort, **({"quality": quality} if quality else {})}
    return settings


def memory_under_load(programs, s3, paths, options):
    server = servers.tintype(programs, s3, options.cache, options.cache / "memory.log")
    try:
        mixed = [path for four in zip(*(paths[workers.OURS, format] for format in SOURCES)) for path in four]
        return serve_memory.measure(server, mixed, options.load_seconds)
    finally:
        server.close()


def answers_rightly(server, format, paths):
    """True if the server can make this format and width. A server that can't is left out of the comparison."""
    answer = load.run(server.port, paths[:1], 1, 60)
    if answer.failures:
        return False
    image = Image.open(io.BytesIO(answer.last))
    return (image.format.lower(), image.width) == (format, servers.WIDTH)


def rounds(running, paths, able, count, deadline):
    longest = 0
    for round_ in range(count):
        begun = time.monotonic()
        if round_ and begun + longest > deadline:
            break
        for number, format in enumerate(SOURCES):
            names = [name for name in running if (name, format) in able]
            first = (round_ + number) % len(names)
            for name in names[first:] + names[:first]:
                yield {"server": name, "format": format, "round": round_, **job(running[name], paths[name, format])}
        longest = max(longest, time.monotonic() - begun)


def job(server, paths):
    load.run(server.port, paths[-WARM_REQUESTS:], CLIENTS, WARM_SECONDS)
    answers = load.run(server.port, paths, CLIENTS, JOB_SECONDS)
    return {
        "requests": len(answers.latencies),
        "seconds": answers.seconds,
        "mean_bytes": sum(answers.bytes) / max(1, len(answers.bytes)),
        "failures": answers.failures,
        "latencies": [round(latency, 2) for latency in answers.latencies],
    }

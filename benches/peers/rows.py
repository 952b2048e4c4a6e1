"""A run as it is stored, and the rows that its tables and chart show."""

import json
import statistics
from collections import defaultdict

import equal_work
import settings
import workers
from equal_work import Cost


def load(folder):
    """The files of a run by name, without their endings. A part that was not measured is empty."""
    lines = lambda name: [json.loads(line) for line in text(folder / name).splitlines()]
    value = lambda name: json.loads(text(folder / name) or "null")
    return {
        "machine": value("machine.json"),
        "timings": lines("raw.jsonl"),
        "sweep": lines("sweep.jsonl"),
        "http": lines("http.jsonl"),
        "pages": lines("pages.jsonl"),
        "memory": value("memory.json") or {},
    }


def text(path):
    return path.read_text() if path.exists() else ""


def rows(run):
    """A row for each job: {"job", "format", "ours", "peers": {peer: {"equal", "default", "costs", …}}}."""
    times = defaultdict(list)
    decoding = defaultdict(list)
    for line in run["timings"]:
        times[line["job"], line["peer"], line["effort"]].append(line["ms"])
        if "decode" in line.get("steps", {}):
            decoding[line["job"]].append(line["steps"]["decode"] / line["ms"])
    return [row(entry, times, decoding) for entry in run["sweep"] if (entry["job"], workers.OURS, "") in times]


def row(entry, times, decoding):
    job = entry["job"]
    ours_ms = statistics.median(times[job, workers.OURS, ""])
    ours = {"ms": ours_ms, "bytes": entry["ours"]["bytes"], "scores": entry["ours"]["scores"]}
    if decoding[job]:
        ours["decode"] = statistics.median(decoding[job])
    control = times.get((job, workers.CONTROL, ""))
    if control:
        ours["control"] = statistics.median(control) / ours_ms
    format = format_of(job)
    peers = {}
    for setting in entry["settings"]:
        measured = times.get((job, setting["peer"], setting["effort"]))
        if measured:
            peer = peers.setdefault(setting["peer"], {"costs": [], "settings": {}})
            peer["settings"][setting["effort"]] = setting
            if setting["bytes"] is not None:
                peer["costs"].append(Cost(setting["effort"], statistics.median(measured), setting["bytes"]))
    for name, peer in peers.items():
        by_effort = {cost.effort: cost for cost in peer["costs"]}
        default = settings.default_effort(name, format)
        peer["default"] = by_effort.get(default)
        peer["equal"] = equal_work.equal_cost(peer["costs"], ours["bytes"], default)
    return {"job": job, "format": format, "ours": ours, "peers": peers}


def format_of(job):
    """The output format in a job's name, such as "6 MP JPEG → webp 640"."""
    return job.split(" → ")[1].split(" ")[0]


def width_of(job):
    return job.rsplit(" ", 1)[1]


def ratio(row, peer, which="equal"):
    """(the peer's time ÷ ours, the peer's bytes ÷ ours) at equal work or at the peer's default effort."""
    cost = row["peers"].get(peer, {}).get(which)
    return (cost.ms / row["ours"]["ms"], cost.bytes / row["ours"]["bytes"]) if cost else (None, None)


def size_in(row, peer, light):
    """The peer's bytes ÷ ours at our score in a light, with the setting of equal work. None if it can't reach the score."""
    found = row["peers"].get(peer)
    if not found or not found["equal"]:
        return None
    size = found["settings"][found["equal"].effort].get("sizes", {}).get(light)
    return size / row["ours"]["bytes"] if size else None


def mean(values):
    values = [value for value in values if value is not None]
    return statistics.geometric_mean(values) if values else None


def curve(rows, peer):
    """[Cost] of a peer's efforts as ratios to ours: geometric means of the rows. Efforts that a row lacks are left out."""
    efforts = [set(cost.effort for cost in row["peers"].get(peer, {"costs": []})["costs"]) for row in rows]
    shared = set.intersection(*efforts) if efforts else set()
    found = []
    for effort in shared:
        costs = [(row, cost) for row in rows for cost in row["peers"][peer]["costs"] if cost.effort == effort]
        time = mean([cost.ms / row["ours"]["ms"] for row, cost in costs])
        size = mean([cost.bytes / row["ours"]["bytes"] for row, cost in costs])
        found.append(Cost(effort, time, size))
    return sorted(found, key=lambda cost: cost.ms)


def http_rows(run):
    """{format: {server: {"rate", "p50", "p99", "bytes", "rounds", "failures"}}}: medians of the rounds' rates, and
    percentiles over the requests of all rounds."""
    grouped = defaultdict(lambda: defaultdict(list))
    for line in run["http"]:
        grouped[line["format"]][line["server"]].append(line)
    return {
        format: {server: http_numbers(lines) for server, lines in servers.items()} for format, servers in grouped.items()
    }


def http_numbers(lines):
    latencies = sorted(latency for line in lines for latency in line["latencies"])
    at = lambda part: latencies[min(len(latencies) - 1, int(part * len(latencies)))] if latencies else None
    return {
        "rate": statistics.median(line["requests"] / line["seconds"] for line in lines),
        "p50": at(0.5),
        "p99": at(0.99),
        "bytes": statistics.median(line["mean_bytes"] for line in lines),
        "rounds": len(lines),
        "requests": len(latencies),
        "failures": sum(len(line["failures"]) for line in lines),
    }


def page_rows(run):
    """{format: {"largest_ms", "page_ms", "time", "processor"}}: medians, and the page ÷ the largest width alone."""
    values = defaultdict(list)
    for line in run["pages"]:
        for name in ("ms", "processor_ms"):
            values[line["format"], line["widths"], name].append(line[name])
    median = lambda *of: statistics.median(values[of])
    return {
        format: {
            "largest_ms": median(format, "largest", "ms"),
            "page_ms": median(format, "page", "ms"),
            "time": median(format, "page", "ms") / median(format, "largest", "ms"),
            "processor": median(format, "page", "processor_ms") / median(format, "largest", "processor_ms"),
        }
        for format in dict.fromkeys(line["format"] for line in run["pages"])
    }

"""Writes the figures of a run into README.md and docs/benchmarks.md, between the marks of a block. No figure there is typed by
hand."""

import re
import statistics
from pathlib import Path

import rows as tables
import settings
import summary
import workers
from equal_work import LEAD, verdict

REPOSITORY = Path(__file__).parent.parent.parent
TITLES = {"jpeg": "JPEG", "webp": "WebP", "avif": "AVIF", "png": "PNG"}
START, END = "<!-- figures of ./bench --publish -->", "<!-- end of the figures -->"


def publish(run, folder):
    for path, text in documents(run, folder).items():
        path.write_text(text)


def documents(run, folder):
    """{path: text} of the documents with the figures of the run in `folder`."""
    name = folder.resolve().relative_to(REPOSITORY)
    blocks = {"README.md": readme(run, name), "docs/benchmarks.md": page(run, Path("..") / name)}
    return {REPOSITORY / path: replaced((REPOSITORY / path).read_text(), lines) for path, lines in blocks.items()}


def published_folder():
    """The folder of the run whose figures the README shows, or None."""
    found = re.search(r"\(benches/runs/([^/)]+)/summary\.md\)", block((REPOSITORY / "README.md").read_text()))
    folder = REPOSITORY / "benches/runs" / found.group(1) if found else None
    return folder if folder and (folder / "sweep.jsonl").exists() else None


def block(text):
    """The text between the marks."""
    return text.split(START)[1].split(END)[0]


def replaced(text, lines):
    """The text with other lines between the marks."""
    before, rest = text.split(START)
    return "\n".join([before + START, "", *lines, "", END]) + rest.split(END)[1]


def readme(run, folder):
    """The short table: a line for each source and output format."""
    date = run["machine"]["date"]
    found = tables.rows(run)
    head = ["job", "sharp's time", "its effort", "sharp's bytes", "time at its default effort", "oximg's time"]
    head += ["oximg's bytes, linear / gamma"]
    return [
        f"Measured on {date}: [every job, all efforts, scores, machine, versions]({folder}/summary.md).",
        "",
        *summary.table(head, [group_line(name, group) for name, group in groups(found).items()]),
        "",
        summary.means(found) + " " + leads(found),
        "",
        f"[![Bytes at equal SSIMULACRA2 over time]({folder}/chart.svg)]({folder}/chart.svg)",
        "",
        *http_lines(run),
        *memory_lines(run),
    ]


def groups(found):
    """{"12 MP JPEG → WebP 320 / 640": rows}"""
    grouped = {}
    for row in found:
        role = row["job"].split(" → ")[0]
        grouped.setdefault((role, row["format"]), []).append(row)
    return {
        f"{role} → {TITLES[format]} " + " / ".join(tables.width_of(row["job"]) for row in rows): rows
        for (role, format), rows in grouped.items()
    }


def group_line(name, group):
    equal, default, oximg = (
        [tables.ratio(row, peer, which) for row in group]
        for peer, which in ((workers.BASE, "equal"), (workers.BASE, "default"), (workers.OXIMG, "equal"))
    )
    in_light = lambda light: tables.mean([tables.size_in(row, workers.OXIMG, light) for row in group])
    sizes = " / ".join(summary.number(in_light(light)) for light in settings.lights(workers.OXIMG))
    lead = "" if has_lead(equal) else " (no lead)"
    efforts = " / ".join(summary.label(row["peers"].get(workers.BASE, {}).get("equal")) for row in group)
    cells = [name, f"**{listed(equal, 0, '.1f')}**{lead}", efforts, listed(equal, 1, ".2f"), listed(default, 0, ".1f")]
    return [*cells, listed(oximg, 0, ".1f"), sizes]


def listed(ratios, at, form):
    return " / ".join("–" if ratio[at] is None else format(ratio[at], form) for ratio in ratios)


def has_lead(ratios):
    times = [time for time, _ in ratios if time is not None]
    return bool(times) and statistics.geometric_mean(times) >= LEAD


def leads(found):
    ratios = [(row["job"], *tables.ratio(row, workers.BASE)) for row in found]
    without = [job for job, time, _ in ratios if time is not None and time < LEAD]
    larger = [job for job, _, size in ratios if size is not None and size < 1 / LEAD]
    text = f"No lead in {len(without)} of {summary.jobs(len(found))}" + (f" ({'; '.join(without)})." if without else ".")
    return text + (f" sharp's file is more than 5 % smaller in {len(larger)} ({'; '.join(larger)})." if larger else "")


def http_lines(run):
    found = tables.http_rows(run)
    if not found:
        return []
    names = list(dict.fromkeys(name for servers in found.values() for name in servers if name != workers.CONTROL))
    cell = lambda numbers: f"{numbers['rate']:.0f} / {numbers['p99']:.0f}" if numbers else "–"
    lines = [[name, *(cell(servers.get(name)) for servers in found.values())] for name in names]
    return [
        "Over HTTP, requests a second / 99th percentile of the latency in ms, two clients on the same machine, photos of 2 MP"
        " (PNG: 0.7 MP) to 512 pixels, every server reading from the same local S3:",
        "",
        *summary.table(["server", *(TITLES[format] for format in found)], lines),
        "",
        http_sentence(found),
        "",
    ]


def http_sentence(found):
    """A sentence that says, for each format, which server is faster."""
    parts = []
    for format, servers in found.items():
        ours = servers.get(workers.OURS)
        others = {name: numbers for name, numbers in servers.items() if name not in (workers.OURS, workers.CONTROL)}
        if ours and others:
            best = max(others, key=lambda name: others[name]["rate"])
            parts.append(f"{TITLES[format]} {verdict(ours['rate'] / others[best]['rate'])} ({best})")
    controls = [
        servers[workers.CONTROL]["rate"] / servers[workers.OURS]["rate"]
        for servers in found.values()
        if workers.CONTROL in servers and workers.OURS in servers
    ]
    control = [f"The same server a second time answers {min(controls):.2f} to {max(controls):.2f} times as many."] if controls else []
    return " ".join([f"Tintype's rate ÷ that of the fastest other server: {'; '.join(parts)}.", *control])


def memory_lines(run):
    lines = []
    for job, peaks in run["memory"].get("single", {}).items():
        found = ", ".join(f"{peer} {peak[1] / 1024:.0f}" for peer, peak in peaks.items() if peak[1])
        lines += [f"Peak memory in MiB, {job}: {found}.", ""]
    load = run["memory"].get("serve")
    return [*lines, summary.serve_sentence(load), ""] if load else lines


def page(run, folder):
    text = summary.markdown(run).replace("](chart.svg)", f"]({folder}/chart.svg)").replace(summary.HOW, "")
    body = [line for line in text.splitlines() if not line.startswith("# ")]
    date = run["machine"]["date"]
    raw = f"The run of {date}: [summary]({folder}/summary.md), [raw times]({folder}/raw.jsonl), [machine]({folder}/machine.json)."
    return [raw, *["#" + line if line.startswith("## ") else line for line in body]]



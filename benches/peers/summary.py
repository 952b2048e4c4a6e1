"""The summary of a run in Markdown: every job at equal work, the efforts, the scores in both lights, HTTP, pages, memory."""

import rows as tables
import settings
import workers
from equal_work import verdict

OTHERS = (workers.OXIMG, workers.LIBVIPS, workers.PILLOW)
PEERS = (workers.BASE, *OTHERS)
HOW = " [docs/benchmarks.md](../../../docs/benchmarks.md) says how each figure is measured."


def markdown(run):
    found = tables.rows(run)
    sections = [head(run), equal_work(found, run["timings"]), efforts(found), scores(found), http(run), pages(run)]
    sections += [memory(run["memory"]), tail(run)]
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


def head(run):
    machine = run["machine"]
    return [
        f"# Side by side, {machine['date']}",
        "",
        f"{machine['cores']} cores ({machine['processor']}), {machine['system']}; Tintype at {machine['commit']}.{HOW}",
        "",
        "![Bytes at equal SSIMULACRA2 over time](chart.svg)",
    ]


def equal_work(found, timings):
    if not found:
        return []
    head = ["job", "ms", "kB", "sharp's setting", "sharp: time", "bytes", "at its default: time", "bytes"]
    head += ["oximg's setting", "oximg: time", "bytes, linear / gamma"]
    head += [f"{peer}: {what}" for peer in (workers.LIBVIPS, workers.PILLOW) for what in ("time", "bytes")] + ["decode"]
    return [
        "## Single jobs at equal work",
        "",
        "One image on one core. Times and bytes are the peer's ÷ Tintype's, at the quality where the peer's SSIMULACRA2"
        " equals Tintype's: above 1 is Tintype's lead. A peer's setting is, of those that none beats in both time"
        " and bytes, the one nearest to Tintype's bytes; its default, if all take over 5 % more. oximg resamples in linear light, so it is compared at equal score in"
        " linear light; its bytes at equal score in gamma stand beside it, or a dash if no quality reaches the score."
        f" Medians of {rounds_of(timings)}; settings slower than a second ran once.",
        "",
        *table(head, [equal_work_row(row) for row in found]),
        "",
        means(found),
        "",
        control(found),
    ]


def equal_work_row(row):
    ours = row["ours"]
    equal = row["peers"].get(workers.BASE, {}).get("equal")
    cells = [row["job"], f"{ours['ms']:.1f}", f"{ours['bytes'] / 1000:.1f}", label(equal)]
    cells += pair(row, workers.BASE, "equal", bold=True) + pair(row, workers.BASE, "default")
    cells.append(label(row["peers"].get(workers.OXIMG, {}).get("equal")))
    sizes = [number(tables.size_in(row, workers.OXIMG, light)) for light in settings.lights(workers.OXIMG)]
    cells += [pair(row, workers.OXIMG, "equal")[0], " / ".join(sizes)]
    for peer in (workers.LIBVIPS, workers.PILLOW):
        cells += pair(row, peer, "equal")
    return [*cells, f"{ours['decode']:.0%}" if "decode" in ours else "–"]


def number(value):
    return "–" if value is None else f"{value:.2f}"


def label(cost):
    return cost.effort if cost else "–"


def pair(row, peer, which, bold=False):
    time, size = tables.ratio(row, peer, which)
    if time is None:
        return ["–", "–"]
    time = verdict(time)
    return [f"**{time}**" if bold else time, f"{size:.2f}"]


def means(found):
    parts = []
    for format in dict.fromkeys(row["format"] for row in found):
        ratios = [tables.ratio(row, workers.BASE) for row in found if row["format"] == format]
        time, size = (tables.mean([ratio[at] for ratio in ratios]) for at in (0, 1))
        if time is not None:
            parts.append(f"{format} {verdict(time)} at {size:.2f} of the bytes ({jobs(len(ratios))})")
    return f"Geometric means against sharp at equal work: {'; '.join(parts)}."


def rounds_of(lines):
    count = 1 + max(line["round"] for line in lines)
    return "1 round" if count == 1 else f"{count} rounds"


def jobs(count):
    return "1 job" if count == 1 else f"{count} jobs"


def control(found):
    ratios = [row["ours"]["control"] for row in found if "control" in row["ours"]]
    if not ratios:
        return "No control was measured."
    worst = max(abs(ratio - 1) for ratio in ratios)
    return f"Control (Tintype against itself): {tables.mean(ratios):.3f}, at most {worst:.1%} off."


def efforts(found):
    lines = []
    for format in dict.fromkeys(row["format"] for row in found):
        of_format = [row for row in found if row["format"] == format]
        for peer in settings.EFFORTS:
            for cost in tables.curve(of_format, peer):
                is_default = cost.effort == settings.default_effort(peer, format)
                name = f"{cost.effort} (default)" if is_default else cost.effort
                lines.append([format, peer, name, f"{cost.ms:.2f}", f"{cost.bytes:.3f}"])
    if not lines:
        return []
    explanation = "Geometric means of the format's jobs, the peer's ÷ Tintype's at equal SSIMULACRA2."
    return ["## Efforts", "", explanation, "", *table(["format", "peer", "effort", "time", "bytes"], lines)]


def scores(found):
    if not found:
        return []
    head = ["job", "Tintype", *PEERS]
    lines = [
        [row["job"], both(row["ours"]["scores"]), *(both(scores_of(row, peer)) for peer in PEERS)] for row in found
    ]
    return [
        "## SSIMULACRA2 in both lights",
        "",
        "Against the source resampled by Lanczos in gamma / in linear light, at the quality of the table above. The peers'"
        " qualities are chosen for an equal score in gamma, oximg's for one in linear light.",
        "",
        *table(head, lines),
    ]


def scores_of(row, peer):
    found = row["peers"].get(peer)
    if not found:
        return None
    effort = found["equal"].effort if found["equal"] else settings.default_effort(peer, row["format"])
    return found["settings"].get(effort, {}).get("scores")


def both(scores):
    return f"{scores['gamma']:.1f} / {scores['linear']:.1f}" if scores else "–"


def http(run):
    found = tables.http_rows(run)
    if not found:
        return []
    names = list(dict.fromkeys(name for servers in found.values() for name in servers))
    lines = []
    for name in names:
        cells = [name]
        for servers in found.values():
            numbers = servers.get(name)
            if not numbers:
                cells.append("–")
                continue
            failed = f", {numbers['failures']} failed" if numbers["failures"] else ""
            kilobytes = numbers["bytes"] / 1000
            cells.append(f"{numbers['rate']:.1f} / s, {numbers['p99']:.0f} ms, {kilobytes:.1f} kB{failed}")
        lines.append(cells)
    return [
        "## Over HTTP",
        "",
        "Photos of 2 MP (PNG: 0.7 MP) to 512 pixels, two clients; requests a second (median of"
        f" {rounds_of(run['http'])}), 99th percentile of the latency (requests of all rounds), mean size of an answer. Every"
        " server reads from the same local S3.",
        "",
        *table(["server", *found], lines),
    ]


def pages(run):
    found = tables.page_rows(run)
    if not found:
        return []
    head = ["format", "largest: ms", "five: ms", "five ÷ largest: time", "processor time of the server"]
    lines = [
        [format, f"{row['largest_ms']:.0f}", f"{row['page_ms']:.0f}", f"{row['time']:.2f}", f"{row['processor']:.2f}"]
        for format, row in found.items()
    ]
    return [
        "## A page at once",
        "",
        "Five widths of the 12 MP JPEG (384 to 1920) that `tintype serve` is asked for at once, compared with the largest alone:"
        f" the time until the last has arrived, medians of {rounds_of(run['pages'])}.",
        "",
        *table(head, lines),
    ]


def memory(found):
    lines = []
    if peaks := found.get("single"):
        names = list(next(iter(peaks.values())))
        cell = lambda peak: f"{peak[1] / 1024:.0f} ({peak[0] / 1024:.0f})" if peak and peak[1] else "–"
        lines += ["Peak memory of a fresh process in MiB, in brackets before the job:", ""]
        lines += table(["job", *names], [[job, *(cell(peers[name]) for name in names)] for job, peers in peaks.items()])
    if load := found.get("serve"):
        lines += [""] if lines else []
        lines.append(serve_sentence(load))
    return ["## Memory", "", *lines] if lines else []


def serve_sentence(load):
    return (
        f"`tintype serve` under load ({load['clients']} clients, four for each place, mixed formats, {load['seconds']:.0f} s,"
        f" {load['requests']} requests, {load['failures']} failed): {load['idle_mib']:.0f} MiB before, {load['first_mib']:.0f}"
        f" MiB at the end of the first third, {load['last_mib']:.0f} MiB at the end, {load['peak_mib']:.0f} MiB at the peak."
    )


def tail(run):
    machine = run["machine"]
    return [
        "## Versions",
        "",
        ", ".join(sorted(set(machine["peers"].values()))) + f"; {machine['rust']}, Node.js {machine['node']}. Sources:"
        f" {machine['sources']}. The run took {machine['minutes']:.0f} minutes.",
    ]


def table(head, lines):
    return [
        "| " + " | ".join(head) + " |",
        "| --- |" + " ---: |" * (len(head) - 1),
        *("| " + " | ".join(cells) + " |" for cells in lines),
    ]

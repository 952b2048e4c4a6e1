"""The report of a run: a table in Markdown and a chart in SVG."""

import statistics
from html import escape

import workers


def table(jobs, results, scores, equal):
    """A row for each job: {"job", "equal", "peers": {peer: {"ms", "bytes", "score", …}}}. Ratios refer to the base peer."""
    rows = []
    for job in jobs:
        lines = [line for line in results if line["job"] == job["id"]]
        peers = {}
        for peer in dict.fromkeys(line["peer"] for line in lines):
            good = [line for line in lines if line["peer"] == peer and "error" not in line]
            if good:
                peers[peer] = {
                    "ms": statistics.median(line["ms"] for line in good),
                    "bytes": good[-1]["bytes"],
                    "score": scores.get((job["id"], peer)),
                    "decode": share_of_decode(good),
                }
        base = peers.get(workers.BASE)
        for numbers in peers.values():
            numbers["ratio"] = base["ms"] / numbers["ms"] if base else None
            numbers["size"] = numbers["bytes"] / base["bytes"] if base else None
        size = equal.get(job["id"])
        rows.append({"job": job["id"], "peers": peers, "equal": size / base["bytes"] if size and base else None})
    return rows


def share_of_decode(lines):
    shares = [line["steps"]["decode"] / line["ms"] for line in lines if "decode" in line.get("steps", {})]
    return statistics.median(shares) if shares else None


def markdown(rows, peaks, facts):
    others = [peer for peer in facts["peers"] if peer not in (workers.BASE, workers.OURS, workers.CONTROL)]
    head = ["job", "sharp ms", "Tintype ms", "**Tintype**", *others, "bytes", "SSIMULACRA2 sharp / Tintype", "bytes at equal SSIMULACRA2", "decode"]
    lines = [
        f"# Side by side, {facts['date']}",
        "",
        f"One image on one core ({facts['processor']}), medians of {facts['rounds']} rounds. Each job runs with every peer"
        " in turn. Ratios are sharp's time ÷ the peer's: above 1 is faster than sharp. \"Bytes\" is Tintype's bytes ÷ sharp's"
        " at the same quality setting, for AVIF at the setting that looks like sharp's. \"Bytes at equal SSIMULACRA2\" is the"
        " ratio at the quality that scores like sharp's, interpolated from six. SSIMULACRA2 compares with a full decode,"
        " resampled by Lanczos. \"Decode\" is the share of Tintype's time that decoding takes.",
        "",
        "| " + " | ".join(head) + " |",
        "| --- |" + " ---: |" * (len(head) - 1),
        *(row(entry, others) for entry in rows),
        "",
        *means(rows, others),
        *memory_lines(peaks),
        "Peers: " + ", ".join(sorted(set(facts["peers"].values()))) + f". Sources: {facts['sources']}. {facts['rust']}.",
    ]
    return "\n".join(lines) + "\n"


def row(entry, others):
    peers = entry["peers"]
    number = lambda peer, name, form: (
        format(peers[peer][name], form) if peer in peers and peers[peer][name] is not None else "–"
    )
    cells = [
        entry["job"],
        number(workers.BASE, "ms", ".1f"),
        number(workers.OURS, "ms", ".1f"),
        "**" + number(workers.OURS, "ratio", ".2f") + "**",
        *(number(peer, "ratio", ".2f") for peer in others),
        number(workers.OURS, "size", ".2f"),
        number(workers.BASE, "score", ".1f") + " / " + number(workers.OURS, "score", ".1f"),
        format(entry["equal"], ".2f") if entry["equal"] else "–",
        number(workers.OURS, "decode", ".0%"),
    ]
    return "| " + " | ".join(cells) + " |"


def means(rows, others):
    """Geometric means over the jobs that both peers completed. AVIF is excluded, since its encoders differ, not the
    pipelines."""
    parts = []
    for peer in [workers.OURS, *others]:
        ratios = [
            entry["peers"][peer]["ratio"]
            for entry in rows
            if "avif" not in entry["job"] and entry["peers"].get(peer, {}).get("ratio")
        ]
        if ratios:
            parts.append(f"{peer} {statistics.geometric_mean(ratios):.2f}")
    control = [
        entry["peers"][workers.CONTROL]["ms"] / entry["peers"][workers.OURS]["ms"]
        for entry in rows
        if workers.CONTROL in entry["peers"] and workers.OURS in entry["peers"]
    ]
    text = [f"Geometric mean without AVIF: {', '.join(parts)}.", ""] if parts else []
    if control:
        worst = max(abs(ratio - 1) for ratio in control)
        text += [
            f"Control (Tintype against itself): {statistics.geometric_mean(control):.3f}, at most {worst:.1%} off.",
            "",
        ]
    return text


def memory_lines(peaks):
    if not peaks:
        return []
    peers = list(next(iter(peaks.values())))
    mebibytes = lambda kib: f"{kib / 1024:.0f}" if kib else "–"
    cell = lambda found: f"{mebibytes(found[1])} ({mebibytes(found[0])})"
    return [
        "Peak memory of a fresh process in MiB, in brackets before the job:",
        "",
        "| job | " + " | ".join(peers) + " |",
        "| --- |" + " ---: |" * len(peers),
        *("| " + " | ".join([job, *(cell(found[peer]) for peer in peers)]) + " |" for job, found in peaks.items()),
        "",
    ]


def chart(rows):
    """A bar for each job's ratio, and a line at 1 for sharp."""
    bars = [
        (entry["job"], entry["peers"][workers.OURS]["ratio"])
        for entry in rows
        if entry["peers"].get(workers.OURS, {}).get("ratio")
    ]
    left, step, width = 260, 22, 860
    longest = max([ratio for _, ratio in bars if ratio < 8] or [1])
    scale = (width - left - 60) / longest
    height = step * len(bars) + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        '<text x="10" y="20" font-size="14" fill="#222">Times as fast as sharp, one image on one core</text>',
    ]
    for number, (job, ratio) in enumerate(bars):
        top = 34 + number * step
        length = min(ratio, longest) * scale
        parts.append(f'<text x="{left - 8}" y="{top + 12}" text-anchor="end" fill="#222">{escape(job)}</text>')
        parts.append(f'<rect x="{left}" y="{top}" width="{length:.1f}" height="16" fill="#3a7d6b"/>')
        parts.append(f'<text x="{left + length + 6:.1f}" y="{top + 12}" fill="#222">{ratio:.2f}</text>')
    parts.append(f'<line x1="{left + scale:.1f}" y1="30" x2="{left + scale:.1f}" y2="{height - 12}" stroke="#c33"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"

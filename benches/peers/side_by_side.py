"""Compares Tintype with its peers at equal work: equal bytes at equal score.

./bench calls this script after it has installed and built everything. It writes a run's files into a folder: machine.json,
sweep.jsonl (variants around our score by peer and effort), raw.jsonl (each measured time), http.jsonl, pages.jsonl, memory.json,
summary.md and chart.svg.
"""

import argparse
import json
import os
import re
import time
from pathlib import Path

import chart
import documents
import http_run
import machine
import memory
import rounds
import rows
import serve_memory
import sources
import summary
import sweep
import workers
from jobs import QUICK, jobs
from lane import Lane

# Two parts can end early: the measured rounds, and then HTTP. Each ends at the latest after this share of the whole
# time.
ROUNDS_END = 0.62
HTTP_END = 0.95


def main():
    options = parse()
    if not options.report:
        measure(options)
    report(options.report or options.out, options.publish)


def measure(options):
    """Measures the parts, and writes each when it is done. A part that is left out keeps the file of an earlier run."""
    begun = time.monotonic()
    end = lambda share: begun + share * options.minutes * 60
    folder = options.out
    folder.mkdir(parents=True, exist_ok=True)
    versions = {}
    if not options.no_jobs:
        entries, times, versions = single_jobs(options, end(ROUNDS_END))
        write_lines(folder / "sweep.jsonl", entries)
        write_lines(folder / "raw.jsonl", times)
    peaks = rows.load(folder)["memory"]
    if not options.no_memory:
        say("Memory of single jobs")
        peaks["single"] = memory.peaks(workers.commands(options), sources.folder(options.cache), options)
    if not options.no_http:
        say("Servers")
        found = rows.rows(rows.load(folder))
        lines, pages, under_load = http_run.measure(options, found, options, end(HTTP_END))
        write_lines(folder / "http.jsonl", lines)
        write_lines(folder / "pages.jsonl", pages)
        peaks["serve"] = under_load or peaks.get("serve")
    write(folder / "memory.json", peaks)
    known = (rows.load(folder)["machine"] or {}).get("peers", {})
    write(folder / "machine.json", machine.facts({**known, **versions}, options, (time.monotonic() - begun) / 60))


def write_lines(path, lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def write(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n")


def single_jobs(options, deadline):
    folder = sources.folder(options.cache)
    pattern = options.only or (QUICK if options.quick else "")
    selected = [job for job in jobs(folder) if re.search(pattern, job["id"])]
    if not selected:
        raise SystemExit(f"error: --only {options.only} matches no job")
    commands = workers.commands(options)
    peers = [name for name in commands if re.search(options.peers, name)]
    say(f"Sweep: the peers' qualities and efforts at our score, {len(selected)} jobs")
    lanes = [Lane(commands, options.scorer, core, options.cache) for core in range(os.cpu_count())]
    try:
        entries = sweep.sweep(selected, peers, lanes)
    finally:
        for lane in lanes:
            lane.close()
    say(f"Measured rounds: at most {options.rounds}")
    lane = Lane(commands, options.scorer, options.core, options.cache)
    try:
        lines = rounds.measure(selected, entries, lane, options.rounds, deadline)
        return entries, lines, lane.versions()
    finally:
        lane.close()


def report(folder, is_published):
    run = rows.load(folder)
    (folder / "summary.md").write_text(summary.markdown(run))
    if run["timings"]:
        (folder / "chart.svg").write_text(chart.chart(run))
    if is_published:
        documents.publish(run, folder)
    print((folder / "summary.md").read_text())


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def parse():
    parser = argparse.ArgumentParser(prog="./bench", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few jobs, 3 rounds: about two minutes")
    parser.add_argument("--publish", action="store_true", help="also write the figures into README.md and docs/benchmarks.md")
    parser.add_argument("--report", type=Path, help="measure nothing; write the report of the run in this folder again")
    parser.add_argument("--install", action="store_true", help="measure nothing: ./bench ends before it calls this script")
    parser.add_argument("--out", type=Path, help="folder for the results")
    parser.add_argument("--rounds", type=int, help="measured rounds, of which the median counts (7; with --quick 3)")
    parser.add_argument("--minutes", type=float, default=14, help="time after which no further round begins")
    parser.add_argument("--core", type=int, default=0, help="core to which every peer is pinned in single jobs")
    parser.add_argument("--only", default="", help="run only jobs whose name matches this regular expression")
    parser.add_argument("--peers", default="", help="run only peers whose name matches this regular expression")
    parser.add_argument("--no-jobs", action="store_true", help="skip single jobs")
    parser.add_argument("--no-http", action="store_true", help="skip the servers")
    parser.add_argument("--no-memory", action="store_true", help="skip memory")
    parser.add_argument("--photos", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--run-folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--cache", type=Path, required=True, help=argparse.SUPPRESS)
    for program in ("worker", "tintype", "oximg", "oximg-worker", "scorer", "thumbor"):
        parser.add_argument(f"--program-{program}", dest=program.replace("-", "_"), required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.rounds = options.rounds or (3 if options.quick else 7)
    options.photos = options.photos or (20 if options.quick else http_run.PHOTOS)
    options.load_seconds = 8 if options.quick else 30
    options.out = options.out or (options.cache / "quick" if options.quick else options.run_folder)
    return options


if __name__ == "__main__":
    main()

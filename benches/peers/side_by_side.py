"""Compares Tintype with its peers. Each job runs with every peer in turn, so that noise of the machine affects all alike.

./bench calls this script after it has installed the requirements. It writes raw.jsonl, summary.md, machine.json and
chart.svg.
"""

import argparse
import json
import re
from pathlib import Path

import equal_score
import machine
import memory
import report
import score
import sources
import workers
from jobs import jobs


def main():
    options = parse()
    folder = options.corpus / "bench" if options.corpus else sources.folder(options.cache)
    selected = [job for job in jobs(folder) if re.search(options.only, job["id"])]
    if not selected:
        raise SystemExit(f"error: no job: {folder} has no file that jobs.py names, or --only matches no job")
    peers = {
        name: command
        for name, command in workers.commands(options.tintype).items()
        if re.search(options.peers, name)
    }
    options.out.mkdir(parents=True, exist_ok=True)
    results, versions = measure(selected, peers, options)
    scores = {} if options.no_scores else score.all_scores(selected, results, options.cache)
    equal = equal_score.all_bytes(selected, scores, options)
    peaks = {} if options.no_memory else memory.peaks(peers, folder, options)
    (options.out / "raw.jsonl").write_text("".join(json.dumps(line) + "\n" for line in results))
    facts = machine.facts(versions, options)
    (options.out / "machine.json").write_text(json.dumps(facts, indent=2) + "\n")
    table = report.table(selected, results, scores, equal)
    (options.out / "summary.md").write_text(report.markdown(table, peaks, facts))
    (options.out / "chart.svg").write_text(report.chart(table))
    print((options.out / "summary.md").read_text())


def parse():
    parser = argparse.ArgumentParser(prog="./bench", description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, help="directory with the source pictures in its directory `bench`")
    parser.add_argument("--out", type=Path, required=True, help="directory for the results")
    parser.add_argument("--rounds", type=int, default=7, help="number of measured rounds, of which the median is reported")
    parser.add_argument("--core", type=int, default=0, help="core to which every peer is pinned")
    parser.add_argument("--only", default="", help="run only jobs whose name matches this regular expression")
    parser.add_argument("--peers", default="", help="run only peers whose name matches this regular expression")
    parser.add_argument("--no-scores", action="store_true", help="skip SSIMULACRA2, which takes minutes")
    parser.add_argument("--no-memory", action="store_true", help="skip peak memory")
    parser.add_argument("--tintype", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--cache", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(selected, peers, options):
    """Runs a warm-up round, which saves the variants of each peer, and then the measured rounds."""
    running = {name: workers.Worker(command, options.core) for name, command in peers.items()}
    versions = {name: worker.greeting["version"] for name, worker in running.items()}
    order = list(running)
    results = []
    outputs = options.cache / "outputs"
    outputs.mkdir(parents=True, exist_ok=True)
    for round_ in range(-1, options.rounds):
        for number, job in enumerate(selected):
            first = (round_ + number) % len(order)
            for name in order[first:] + order[:first]:
                save = {"save": str(output(outputs, job, name))} if round_ < 0 else {}
                answer = running[name].ask({**job, **save})
                if round_ >= 0:
                    results.append({"job": job["id"], "peer": name, "round": round_, **answer})
    for worker in running.values():
        worker.close()
    return results, versions


def output(folder, job, peer):
    return folder / score.file_name(job, peer)


if __name__ == "__main__":
    main()

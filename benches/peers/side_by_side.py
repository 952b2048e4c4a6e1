"""Tintype beside its peers: every job with every peer in turn, so that the machine's noise hits all alike.

Called by ./bench, which installs what is needed. Writes raw.jsonl, summary.md, machine.json and chart.svg.
"""

import argparse
import json
import re
from pathlib import Path

import equal_looks
import machine
import memory
import report
import score
import sources
import workers
from jobs import jobs


def main():
    options = parse()
    folder = options.corpus / "bench" if options.corpus else sources.made(options.cache)
    wanted = [job for job in jobs(folder) if re.search(options.only, job["id"])]
    if not wanted:
        raise SystemExit(f"no job: nothing in {folder} is called as jobs.py says, or --only matches none")
    peers = {
        name: command
        for name, command in workers.commands(options.tintype).items()
        if re.search(options.peers, name)
    }
    options.out.mkdir(parents=True, exist_ok=True)
    results, versions = measure(wanted, peers, options)
    scores = {} if options.no_scores else score.all_scores(wanted, results, options.cache)
    equal = equal_looks.all_bytes(wanted, scores, options)
    peaks = {} if options.no_memory else memory.peaks(peers, folder, options)
    (options.out / "raw.jsonl").write_text("".join(json.dumps(line) + "\n" for line in results))
    facts = machine.facts(versions, options)
    (options.out / "machine.json").write_text(json.dumps(facts, indent=2) + "\n")
    table = report.table(wanted, results, scores, equal)
    (options.out / "summary.md").write_text(report.markdown(table, peaks, facts))
    (options.out / "chart.svg").write_text(report.chart(table))
    print((options.out / "summary.md").read_text())


def parse():
    parser = argparse.ArgumentParser(prog="./bench", description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, help="folder whose folder `bench` holds the sources")
    parser.add_argument("--out", type=Path, required=True, help="folder for the results")
    parser.add_argument("--rounds", type=int, default=7, help="measured rounds; the median counts")
    parser.add_argument("--core", type=int, default=0, help="the core that every peer is pinned to")
    parser.add_argument("--only", default="", help="jobs whose name matches this pattern")
    parser.add_argument("--peers", default="", help="peers whose name matches this pattern")
    parser.add_argument("--no-scores", action="store_true", help="leave out SSIMULACRA2, which takes minutes")
    parser.add_argument("--no-memory", action="store_true", help="leave out the peaks of memory")
    parser.add_argument("--tintype", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--cache", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(wanted, peers, options):
    """One warm round, which saves what each peer makes, and then the rounds that count."""
    running = {name: workers.Worker(command, options.core) for name, command in peers.items()}
    versions = {name: worker.hello["version"] for name, worker in running.items()}
    order = list(running)
    results = []
    outputs = options.cache / "outputs"
    outputs.mkdir(parents=True, exist_ok=True)
    for round_ in range(-1, options.rounds):
        for number, job in enumerate(wanted):
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

#!/usr/bin/env python3
"""Simulates the delivery of variants: ./bench delivery [options]

The packaged resize function runs under a simulated Runtime API, and reads from an S3 with the latency and the bandwidth of
S3 (network.py names the measurements). It renders each kind of variant that a site's pages ask for (traffic.py), alternately
with DIT's way: fetch, sharp, Base64, nothing stored. The results are weighted with the misses of the pages' requests.

  --package FILE            the packaged function (default: that of ./package)
  --compare NAME=FILE       another packaged function of this project. NAME:lookup=FILE if the CDN asks the bucket of variants
                            first, as it did before misses went straight to the function
  --variable NAME=VALUE     an environment variable of the packaged functions
  --memories                also measures the packaged function with the share of a processor of each size of memory, which needs
                            root
  --rounds N                calls of each kind, of which the median counts (default 5)
  --kinds N                 measures only N kinds of variants, to see that it works
  --photos DIR              photos of the sources (default: those of ./bench, from Debian packages)
  --synthetic               noise instead of photos
  --cache DIR               folder for photos and sources
  --out FILE                file for the results, which deploy/cost.py reads (default: benches/delivery/results.json)
"""

import argparse
import collections
import datetime
import hashlib
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent / "peers"), str(HERE.parent / "lambda")]

import figures
import machine
import network
import photos
import traffic
from function import PEERS, Function, raise_priority
from quota import Quota

SIDES = {2: (1732, 1155), 6: (3000, 2000), 12: (4240, 2832), 24: (6000, 4000)}
QUALITY = 92
ID = "0190163d-8694-739b-aea5-966c26f8ad91"


def main():
    options = arguments()
    raise_priority()
    sources = make_sources(options)
    misses = traffic.misses()
    kinds = sorted({figures.kind_of(miss.variant) for miss in misses})
    if options.kinds:
        kinds = kinds[:: max(len(kinds) // options.kinds, 1)][: options.kinds]
        misses = [miss for miss in misses if figures.kind_of(miss.variant) in kinds]
    contenders = start(options, sources)
    try:
        measured = measure(contenders, kinds, options.rounds)
        memories = measure_memories(contenders["Tintype"][0], kinds, misses) if options.memories else None
    finally:
        for function, _ in contenders.values():
            function.stop()
    results = {
        "date": datetime.date.today().isoformat(),
        "processor": machine.processor(),
        "rounds": options.rounds,
        "network": {
            "first_byte_ms": network.FIRST_BYTE_S * 1e3,
            "write_ms": network.WRITE_S * 1e3,
            "connection_mb_a_second": network.CONNECTION_BYTES_A_SECOND / 1e6,
            "function_mb_a_second": network.FUNCTION_BYTES_A_SECOND / 1e6,
        },
        "traffic": {
            "requests": traffic.REQUESTS,
            "misses": len(misses),
            "variants": sum(miss.is_first for miss in misses),
            "source_bytes": {f"{mp} MP{', progressive' if scans else ''}": len(content) for (mp, scans), content in sources.items()},
        },
        "contenders": {
            name: figures.summary(*measured[name], misses, asks)
            for name, (_, asks) in contenders.items()
        },
    }
    if memories:
        results["contenders"]["Tintype"]["by_memory_mb"] = memories
    options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(table(results))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", type=pathlib.Path, required=True)
    parser.add_argument("--compare", action="append", default=[])
    parser.add_argument("--variable", action="append", default=[])
    parser.add_argument("--memories", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kinds", type=int)
    parser.add_argument("--photos", type=pathlib.Path)
    parser.add_argument("--synthetic", action="store_true")
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results.json")
    return parser.parse_args()


def make_sources(options):
    """The sources by megapixels and coding. They are made once, and again if their photos or settings change."""
    photo = None
    if not options.synthetic:
        folder = options.photos or photos.folder(options.cache)
        photo = str(max(folder.glob("*.jpg"), key=lambda file: (file.stat().st_size, file.name)).resolve())
    made = options.cache / "delivery"
    made.mkdir(parents=True, exist_ok=True)
    settings = hashlib.sha256(f"{photo}{QUALITY}{(HERE / 'sources.mjs').read_text(encoding='utf-8')}".encode()).hexdigest()[:8]
    jobs = [
        {
            "photo": photo, "width": width, "height": height, "quality": QUALITY, "progressive": scans,
            "file": str((made / f"{megapixels}{'p' if scans else 'b'}-{settings}.jpg").resolve()),
        }
        for megapixels, (width, height) in SIDES.items()
        for scans in (False, True)
    ]
    missing = [job for job in jobs if not pathlib.Path(job["file"]).exists()]
    if missing:
        (made / "jobs.json").write_text(json.dumps(missing), encoding="utf-8")
        run_node(HERE / "sources.mjs", (made / "jobs.json").resolve())
    keys = [(megapixels, scans) for megapixels in SIDES for scans in (False, True)]
    return {key: pathlib.Path(job["file"]).read_bytes() for key, job in zip(keys, jobs)}


def beside_sharp(script):
    """A copy of a script in the folder of packages, since Node.js searches packages in the folder of the file."""
    copy = PEERS / "node_modules" / f".delivery-{script.name}"
    copy.write_text(script.read_text(encoding="utf-8"), encoding="utf-8")
    return copy


def run_node(script, *arguments_):
    subprocess.run(["node", str(beside_sharp(script)), *map(str, arguments_)], check=True)


def key_of(megapixels, is_progressive):
    return f"files/{ID}/{megapixels}{'p' if is_progressive else 'b'}.jpg"


def start(options, sources):
    """The functions by name, each with `True` if the CDN asks the bucket of variants first."""
    objects = {key_of(*kind): (content, f'"{hashlib.md5(content).hexdigest()}"') for kind, content in sources.items()}
    variables = dict(variable.split("=", 1) for variable in options.variable)
    packages = {"Tintype": (options.package, False)}
    for compared in options.compare:
        name, _, file = compared.partition("=")
        name, _, look_up = name.partition(":")
        packages[name] = (pathlib.Path(file), look_up == "lookup")
    started = {
        name: (Function([str(file.resolve())], objects, variables), asks) for name, (file, asks) in packages.items()
    }
    started["DIT"] = (Function(["node", str(beside_sharp(HERE / "dit.mjs"))], objects), False)
    return started


def measure(contenders, kinds, rounds):
    """For each contender the medians of the calls that render each kind, and of those that find it stored."""
    rendered = {name: collections.defaultdict(list) for name in contenders}
    kept = {name: collections.defaultdict(list) for name in contenders}
    for number in range(rounds + 1):
        for kind in kinds:
            for name, (function, asks) in contenders.items():
                first = made(function, kind)
                later = function.call(path_of(kind)) if first["puts"] and not asks else None
                # The first round opens connections and fills caches of the machine.
                if number > 0:
                    rendered[name][kind].append(first)
                    if later:
                        kept[name][kind].append(later)
        print(f"round {number} of {rounds}", file=sys.stderr)
    median = lambda calls: {kind: figures.medians(of_kind) for kind, of_kind in calls.items()}
    return {name: (median(rendered[name]), median(kept[name])) for name in contenders}


def measure_memories(function, kinds, misses, rounds=3):
    """The figures by size of memory, of calls with that share of a processor. Every third kind is measured."""
    kinds = kinds[::3]
    misses = [miss for miss in misses if figures.kind_of(miss.variant) in kinds]
    quota, found = Quota(), {}
    try:
        quota.add(function.process.pid)
        for memory in figures.MEMORIES:
            if memory > figures.ONE_PROCESSOR_MB:
                found[str(memory)] = figures.of_memory(calls, misses, memory)
                continue
            quota.set(memory)
            rows = [{kind: made(function, kind) for kind in kinds} for _ in range(rounds)]
            calls = {kind: figures.medians([row[kind] for row in rows]) for kind in kinds}
            found[str(memory)] = figures.of_memory(calls, misses, memory)
            print(f"{memory} MB: {found[str(memory)]}", file=sys.stderr)
    finally:
        function.stop()
        quota.remove()
    return found


def made(function, kind):
    function.server.stored.clear()
    return function.call(path_of(kind))


def path_of(kind):
    return f"/{key_of(*kind[:2])}/w={kind[2]},fm=auto.{kind[3]}"


def table(results):
    lines = [
        "| | made, p50 ms | p99 ms | processor, ms | waiting, ms | GET | HEAD | PUT | MB read |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, one in results["contenders"].items():
        mean = one["mean_of_calls"]
        lines.append(
            f"| {name} | {one['made_ms']['p50']:.1f} | {one['made_ms']['p99']:.1f} | {mean['processor_ms']:.1f} |"
            f" {mean['waiting_ms']:.1f} | {mean['gets']:.2f} | {mean['heads']:.2f} | {mean['puts']:.2f} |"
            f" {mean['read_bytes'] / 1e6:.2f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()

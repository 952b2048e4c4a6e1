"""Facts about a run: date, machine, versions."""

import datetime
import os
import platform
import re
import subprocess
from pathlib import Path


def facts(versions, options):
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d"),
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "rust": output("rustc", "--version"),
        "node": output("node", "--version"),
        "commit": output("git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"),
        "sources": "the folder given by --corpus" if options.corpus else "synthetic (benches/peers/sources.py)",
        "rounds": options.rounds,
        "peers": versions,
    }


def processor():
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.*)", cpuinfo.read_text()) if cpuinfo.exists() else None
    return found.group(1) if found else platform.processor()


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"

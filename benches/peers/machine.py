"""Facts about a run: date, machine, versions."""

import datetime
import os
import platform
import re
import subprocess
from pathlib import Path

import photos


def facts(versions, options, minutes):
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d"),
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "rust": output("rustc", "--version"),
        "node": output("node", "--version"),
        "commit": output("git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"),
        "sources": f"photos of {', '.join(photos.versions(options.cache))}, and pictures by benches/peers/sources.py",
        "rounds": options.rounds,
        "minutes": minutes,
        "peers": {**versions, "thumbor": output(options.thumbor, "--version")},
    }


def processor():
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.*)", cpuinfo.read_text()) if cpuinfo.exists() else None
    return found.group(1) if found else platform.processor()


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"

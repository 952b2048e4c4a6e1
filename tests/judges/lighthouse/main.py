"""Lighthouse judges the page without files and with two hundred, on a phone and on a desktop."""

import concurrent.futures
import os
import pathlib
import subprocess
import sys

import files

FILES = 200

folder = pathlib.Path(os.environ["FOLDER"])
script = pathlib.Path(__file__).with_name("page.mjs")


def judged(state):
    """Runs Lighthouse over the page in a state. Its results are added to those of the other states."""
    if subprocess.run(["node", script, state], check=False).returncode != 0:
        sys.exit(f"Lighthouse fails on the page {state}")


(folder / "scores.json").unlink(missing_ok=True)
judged("without files")
# Photos of different content, so that each has its own placeholder and bytes.
photos = [
    files.made(folder, f"photo-{number}.jpg", f"mandelbrot=size=1600x1200:start_scale={3 / (number + 1)}", "-frames:v", "1")
    for number in range(8)
]
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    list(pool.map(lambda number: files.uploaded(photos[number % len(photos)], "image/jpeg"), range(FILES)))
judged(f"with {FILES} files")
sys.exit(subprocess.run(["node", script], check=False).returncode)

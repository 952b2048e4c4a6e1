"""axe-core judges the page with the cards of a picture, a video and a refused file, light and dark, wide and narrow."""

import os
import pathlib
import subprocess
import sys

import files

folder = os.environ["FOLDER"]
photo, clip = files.photo(folder), files.clip(folder, seconds=4)
page = pathlib.Path(folder) / "page.html"
page.write_text("<!DOCTYPE html><script>alert(1)</script>")
script = pathlib.Path(__file__).with_name("page.mjs")
sys.exit(subprocess.run(["node", script, photo, clip, page], check=False).returncode)

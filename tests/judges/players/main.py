"""Players in Chromium judge the renditions that the local MediaConvert makes of a clip."""

import json
import os
import pathlib
import subprocess
import sys

import files

clip = files.clip(os.environ["FOLDER"], seconds=20)
status = files.transcoded(files.uploaded(clip, "video/mp4"))
private = files.transcoded(files.uploaded(clip, "video/mp4", visibility="private"))["playback"]
passes = {name: files.with_pass(private[name]) for name in ("hls", "dash")}
script = pathlib.Path(__file__).with_name("players.mjs")
sys.exit(subprocess.run(["node", script, json.dumps(status), json.dumps(passes)], check=False).returncode)

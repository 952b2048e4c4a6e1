"""Players in Chromium judge the renditions that the local MediaConvert makes of a clip."""

import json
import os
import pathlib
import subprocess
import sys

import clips
import files

clip = files.clip(os.environ["FOLDER"], seconds=20)
status = files.transcoded(files.uploaded(clip, "video/mp4"))
private = files.transcoded(files.uploaded(clip, "video/mp4", visibility="private"))["playback"]
passes = {name: files.with_pass(private[name]) for name in ("hls", "dash")}
times = clips.transcoded(os.environ["FOLDER"])
script = pathlib.Path(__file__).with_name("players.mjs")
sys.exit(subprocess.run(["node", script, *map(json.dumps, [status, passes, times])], check=False).returncode)

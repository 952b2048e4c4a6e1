"""Players in Chromium and Firefox judge the renditions that the local MediaConvert makes of a clip."""

import json
import os
import pathlib
import subprocess
import sys

import clips
import files

clip = files.clip(os.environ["FOLDER"], seconds=20)
captions = pathlib.Path(os.environ["FOLDER"]) / "en.vtt"
captions.write_text("WEBVTT\n\n00:02.000 --> 00:05.000\nEarly\n\n00:12.000 --> 00:18.000\nLate\n")
key = files.uploaded(captions, "text/vtt")["key"]
status = files.transcoded(files.uploaded(clip, "video/mp4", metadata={"captions-en": key}))
private = files.transcoded(files.uploaded(clip, "video/mp4", visibility="private"))["playback"]
passes = {name: files.with_pass(private[name]) for name in ("hls", "dash")}
times = clips.transcoded(os.environ["FOLDER"])
script = pathlib.Path(__file__).with_name("players.mjs")
sys.exit(subprocess.run(["node", script, *map(json.dumps, [status, passes, times])], check=False).returncode)

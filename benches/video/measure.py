"""Transcodes three clips of different kinds on a local stack, and compares the estimate of each with what came out: bytes, minutes
of output, and SSIMULACRA2 of sampled frames.

    cargo build --release --package tintype
    python benches/video/measure.py target/release/tintype [--write]

It needs ffmpeg and the packages of benches/peers/requirements.txt. `--write` replaces the tables of docs/video.md.
"""

import argparse
import os
import re
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import mean
from urllib.request import urlopen

from ssimulacra2 import compute_ssimulacra2

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/judges/harness"))

import files  # noqa: E402
import stack  # noqa: E402

SECONDS, RATE, SIZE = 20, 30, "1280x720"

# One frame of every fourth second.
FRAMES = [RATE * second for second in range(2, SECONDS, 4)]

# The shortest duration of an output that is billed, in minutes.
MIN_BILLED_MINUTES = 10 / 60

NOISE = "noise=alls=14:allf=t+u"
CLIPS = {
    "still": f"color=0xf4f4f0:size={SIZE}:rate={RATE}:duration={SECONDS},"
    "drawgrid=w=64:h=40:color=0x303040@0.8,drawbox=x='40+20*floor(t)':y=200:w=300:h=160:color=0x2060c0:t=fill",
    "zoom": f"mandelbrot=size={SIZE}:rate={RATE}:end_pts=600:end_scale=0.02,trim=duration={SECONDS}",
    "grain": f"gradients=size={SIZE}:rate={RATE}:duration={SECONDS}:speed=0.02:n=4:seed=3,{NOISE}",
}
KINDS = {
    "still": "lines and one moving shape, as in a recording of a screen",
    "zoom": "fine detail that moves everywhere",
    "grain": "soft colours under noise, as from a camera in the dark",
}


def ffmpeg(*arguments):
    files.run("ffmpeg", "-nostdin", "-v", "error", "-y", *arguments)


def made(folder, name):
    path = Path(folder) / f"{name}.mp4"
    sources = ["-f", "lavfi", "-i", CLIPS[name], "-f", "lavfi", "-i", f"sine=frequency=440:duration={SECONDS}"]
    codecs = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "12", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    ffmpeg(*sources, *codecs, "-t", str(SECONDS), path)
    return path


def frames(video, folder, size):
    """The sampled frames of a video as PNGs of a size."""
    folder.mkdir()
    chosen = "+".join(f"eq(n\\,{number})" for number in FRAMES)
    filters = f"select='{chosen}',scale={size[0]}:{size[1]}"
    ffmpeg("-i", video, "-vf", filters, "-fps_mode", "passthrough", folder / "%02d.png")
    return sorted(folder.iterdir())


def rendition(playlist_url):
    """The bytes of a rendition: those of its initialisation segment and of its segments, as players append them."""
    with urlopen(playlist_url, timeout=60) as response:
        playlist = response.read().decode()
    names = re.findall(r'URI="([^"]+)"', playlist) + [line for line in playlist.split() if not line.startswith("#")]
    names = [name for name in names if re.search(r"\.cmf[va]$", name)]
    base = playlist_url.rsplit("/", 1)[0]
    return b"".join(urlopen(f"{base}/{name}", timeout=60).read() for name in names)


def score(pair):
    return compute_ssimulacra2(*map(str, pair))


def measured(name, folder, pool):
    """The rows of a clip in both tables."""
    clip = made(folder, name)
    status = files.transcoded(files.uploaded(clip, "video/mp4"))
    base = os.environ["EDGE"] + status["playback"]["hls"].rsplit("/", 1)[0]
    rungs, total = [], len(rendition(f"{base}/index_audio.m3u8"))
    for rung in status["renditions"]:
        content = rendition(f"{base}/index_{rung['name']}.m3u8")
        total += len(content)
        video = Path(folder) / f"{name}-{rung['name']}.mp4"
        video.write_bytes(content)
        size = rung["width"], rung["height"]
        originals = frames(clip, Path(folder) / f"{name}-{rung['name']}-original", size)
        results = frames(video, Path(folder) / f"{name}-{rung['name']}-result", size)
        scores = list(pool.map(score, zip(originals, results, strict=True)))
        rate = len(content) * 8 / status["durationSeconds"]
        share = f"{100 * rate / rung['maxBitrate']:.0f} %"
        rungs.append((name, rung["name"], f"{len(content):,}", f"{rate / 1000:.0f}", share, f"{mean(scores):.0f}", f"{min(scores):.0f}"))
    # Each rung, the sound and the MP4.
    minutes = (len(rungs) + 2) * max(MIN_BILLED_MINUTES, status["durationSeconds"] / 60)
    estimate = status["cost"]
    row = (name, KINDS[name], f"{clip.stat().st_size:,}", f"{total:,}", f"{estimate['outputMinutes']:.2f}", f"{minutes:.2f}")
    return (*row, f"${estimate['estimate']:.4f}"), rungs


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with (
        stack.local_stack(options.program) as environment,
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor() as pool,
    ):
        os.environ.update(environment)
        clips, rungs = [], []
        for name in CLIPS:
            row, rows = measured(name, folder, pool)
            clips.append(row)
            rungs.extend(rows)
    heads = (
        ["clip", "content", "bytes", "bytes of HLS", "minutes, estimated", "minutes, made", "estimate"],
        ["clip", "rung", "bytes", "kbit/s", "of its maximum", "SSIMULACRA2, mean", "worst frame"],
    )
    text = table(heads[0], clips) + "\n" + table(heads[1], rungs)
    print(text)
    if options.write:
        document = ROOT / "docs/video.md"
        begin, end = "<!-- measured: begin -->\n", "<!-- measured: end -->"
        before, rest = document.read_text().split(begin)
        document.write_text(before + begin + text + end + rest.split(end, 1)[1])


if __name__ == "__main__":
    main()

"""Compares the quality scales of AVIF and WebP: bytes and SSIMULACRA2 of both at each quality, against the lossless
picture.

    python avif_quality.py TINTYPE_WORKER WIDTH PHOTO…
"""

import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from ssimulacra2 import compute_ssimulacra2

from equal_work import bytes_at

QUALITIES = [10, 30, 50, 60, 70, 76, 80, 85, 90, 95]


def main(command, width, photos):
    with subprocess.Popen([command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        print(json.loads(worker.stdout.readline())["version"], f"{len(photos)} photos at {width} pixels", sep=", ")
        print("| quality | SSIMULACRA2 of WebP | of AVIF | AVIF's bytes / WebP's | at equal SSIMULACRA2 |")
        print("| --- | --- | --- | --- | --- |")
        curves = [curve(worker, photo, width) for photo in photos]
        worker.stdin.close()
    for quality in QUALITIES:
        webp, avif = ([curve[format][quality] for curve in curves] for format in ("webp", "avif"))
        ratio = mean(math.log(ours[0] / theirs[0]) for ours, theirs in zip(avif, webp))
        equal = mean(math.log(bytes_at(curve["avif"].values(), theirs[1]) / theirs[0]) for curve, theirs in zip(curves, webp))
        scores = [f"{mean(score for _, score in found):.1f}" for found in (webp, avif)]
        print(f"| {quality} | {scores[0]} | {scores[1]} | {math.exp(ratio):.2f} | {math.exp(equal):.2f} |")


def curve(worker, photo, width):
    """{format: {quality: (bytes, score)}}"""
    with tempfile.TemporaryDirectory() as folder:
        reference = Path(folder) / "reference.png"
        render(worker, {"input": photo, "width": width, "format": "png", "save": str(reference)})
        return {
            format: {quality: measure(worker, photo, width, format, quality, reference) for quality in QUALITIES}
            for format in ("webp", "avif")
        }


def measure(worker, photo, width, format, quality, reference):
    variant = reference.with_name(f"variant.{format}")
    job = {"input": photo, "width": width, "format": format, "quality": quality, "save": str(variant)}
    size = render(worker, job)["bytes"]
    decoded = reference.with_name("decoded.png")
    Image.open(variant).convert("RGB").save(decoded, compress_level=1)
    return size, compute_ssimulacra2(str(reference), str(decoded))


def render(worker, job):
    worker.stdin.write(json.dumps(job) + "\n")
    worker.stdin.flush()
    answer = json.loads(worker.stdout.readline())
    if "error" in answer:
        sys.exit(f"{job['input']}: {answer['error']}")
    return answer


def mean(numbers):
    numbers = list(numbers)
    return sum(numbers) / len(numbers)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])

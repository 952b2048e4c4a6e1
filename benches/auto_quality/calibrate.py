"""Fits the model of `q=auto` (resize/src/encode/auto_quality/model.rs) to photos, and reports how well it predicts
the qualities that they need.

    cargo build --release --package benches --example worker --example features
    python benches/auto_quality/calibrate.py --programs target/release/examples --cache target/auto-quality PHOTO…

It needs the packages of benches/peers/requirements.txt. Each PHOTO is a file or a directory of files; this repository has
none. Each photo is resized to several widths and encoded at several qualities, and SSIMULACRA2 compares the results with
the same picture as PNG. For the reported errors each photo is left out of the fit in turn, in all its sizes. The photos
after `--held-out` are left out of every fit.
"""

import argparse
import json
import subprocess
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image
from ssimulacra2 import compute_ssimulacra2

import pictures

# The score that the metric's author calls high quality.
TARGET = 70.0
# A picture's aim is the target, or the format's best score minus this margin if that is lower. Small pictures with fine
# colours, which 4:2:0 loses, cannot reach the target: a higher quality would cost many bytes for little gain.
MARGIN = 8.0
LEAST, MOST = 40, 90
WIDTHS = [256, 512, 900]
QUALITIES = [25, 45, 60, 70, 80, 88, 94]
FORMATS = ["jpeg", "webp", "avif"]
FEATURES = ["light", "dark", "saturation", "chroma", "coarse", "curvature"]
# The strength of the ridge regularisation of the standardised weights, which is needed because there are few photos.
RIDGE = 0.004
# Weight of a drawing relative to a photo.
DRAWING_WEIGHT = 0.35


def main():
    options = parse()
    options.cache.mkdir(parents=True, exist_ok=True)
    photos = pictures.files(options.photos)
    groups = [photos + pictures.altered(photos, options.cache), pictures.drawings(options.cache), pictures.files(options.held_out)]
    with ProcessPoolExecutor(options.jobs) as pool:
        photos, drawings, held_out = (sum(pool.map(sizes, group, [options] * len(group)), []) for group in groups)
    print(f"SSIMULACRA2 {TARGET:g}; {len(photos)} pictures from photos, {len(drawings)} drawings, {len(held_out)} held out")
    for format in FORMATS:
        report(format, *([Sample(picture, format) for picture in group] for group in (photos, drawings, held_out)))


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=Path, required=True, help="directory with the built examples `worker` and `features`")
    parser.add_argument("--cache", type=Path, required=True, help="directory for measurements, which later runs reuse")
    parser.add_argument("--jobs", type=int, default=2, help="number of photos measured at a time")
    parser.add_argument("--held-out", type=Path, nargs="*", default=[], help="photos to report but not to fit")
    parser.add_argument("photos", type=Path, nargs="+")
    return parser.parse_args()


def sizes(photo, options):
    """Features of the photo at each width, and for each format its quality, bytes and score."""
    with Worker(options) as worker, tempfile.TemporaryDirectory() as folder:
        found = {}
        for width in WIDTHS:
            reference = Path(folder) / f"{width}.png"
            variant = worker({"input": str(photo), "width": width, "format": "png", "save": str(reference)})
            found.setdefault(variant["width"], reference)
        return [
            {
                "photo": photo.stem,
                "width": width,
                "features": features(reference, options),
                "curves": {format: curve(worker, photo, width, format, reference, options) for format in FORMATS},
            }
            for width, reference in found.items()
            # A smaller picture has too few pixels for the metric's coarse scales.
            if max(Image.open(reference).size) >= 240
        ]


class Worker:
    """The example `worker` as a process, called with one job at a time."""

    def __init__(self, options):
        self.process = subprocess.Popen([options.programs / "worker"], stdin=-1, stdout=-1, text=True)
        self.process.stdout.readline()

    def __enter__(self):
        return self

    def __call__(self, job):
        print(json.dumps(job), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(f"{job}: {answer['error']}")
        return answer

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def features(picture, options):
    answer = subprocess.run([options.programs / "features"], input=f"{picture}\n", capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


def curve(worker, photo, width, format, reference, options):
    cached = options.cache / f"{photo.name}-{width}.{format}.json"
    if not cached.exists():
        job = {"input": str(photo), "width": width, "format": format}
        cached.write_text(json.dumps([measure(worker, job, quality, reference) for quality in QUALITIES]))
    return json.loads(cached.read_text())


def measure(worker, job, quality, reference):
    file, decoded, opaque = (reference.with_name(name) for name in ("variant", "decoded.png", "opaque.png"))
    size = worker({**job, "quality": quality, "save": str(file)})["bytes"]
    Image.open(reference).convert("RGB").save(opaque, compress_level=1)
    Image.open(file).convert("RGB").save(decoded, compress_level=1)
    return quality, size, compute_ssimulacra2(str(opaque), str(decoded))


class Sample:
    """One picture in one format."""

    def __init__(self, picture, format):
        self.name, self.width = picture["photo"], picture["width"]
        # In cross-validation an altered photo is left out together with its original, and a drawing is left out alone.
        is_drawing = self.name.startswith("drawn ")
        self.photo = self.name if is_drawing else self.name.split("+")[0]
        self.terms = terms(picture["features"])
        qualities, sizes, scores = zip(*picture["curves"][format])
        self.qualities, self.scores, self.sizes = qualities, np.maximum.accumulate(scores), np.log(sizes)
        aim = min(TARGET, self.scores[-1] - MARGIN)
        reached = np.interp(aim, self.scores, qualities, left=LEAST, right=MOST)
        self.needed = float(np.clip(reached, LEAST, MOST))
        # The score's change per step of quality, so that errors are weighted by their effect on the score.
        slope = np.clip((self.score(self.needed + 4) - self.score(self.needed - 4)) / 8, 0.15, 1.5)
        self.weight = slope * (DRAWING_WEIGHT if is_drawing else 1)

    def score(self, quality):
        return float(np.interp(quality, self.qualities, self.scores))

    def size(self, quality):
        return float(np.exp(np.interp(quality, self.qualities, self.sizes)))


def terms(features):
    """The terms of the model: the features' fourth roots, and the flatness of the picture."""
    return np.array([*(features[name] ** 0.25 for name in FEATURES), 1 / (1 + features["coarse"])])


def report(format, photos, drawings, held_out):
    samples = photos + drawings
    base, weights = model = fit(samples)
    names = [*FEATURES, "flat"]
    print(f"\n{format}: base {base:.2f}, " + ", ".join(f"{name} {weight:.2f}" for name, weight in zip(names, weights)))
    without = {
        left_out: fit([sample for sample in samples if sample.photo != left_out])
        for left_out in {sample.photo for sample in samples}
    }
    constant = min(range(LEAST, MOST + 1), key=lambda q: np.mean(np.abs(errors(photos, [q] * len(photos)))))
    for title, group, predicted in (
        ("photos, each left out", photos, [predict(without[sample.photo], sample) for sample in photos]),
        ("drawings, each left out", drawings, [predict(without[sample.photo], sample) for sample in drawings]),
        ("held out", held_out, [predict(model, sample) for sample in held_out]),
    ):
        if group:
            print(f"  {title}, with the model: {summary(group, predicted)}")
            print(f"  {title}, with q={constant} for all: {summary(group, [constant] * len(group))}")
            for missed, sample, quality in sorted(zip(errors(group, predicted), group, predicted), key=lambda row: row[0]):
                row = f"predicted {quality}, needed {sample.needed:.0f}, scores {sample.score(quality):.1f} ({missed:+.1f})"
                print(f"    {sample.name[:24]:24} {sample.width:4} {row}")


def fit(samples):
    """Base and weights of the terms, by least squares of the score. All sizes of a photo together count as one."""
    values = np.array([sample.terms for sample in samples])
    mean, spread = values.mean(0), values.std(0) + 1e-9
    photos = [sample.photo for sample in samples]
    share = np.array([sample.weight / photos.count(sample.photo) ** 0.5 for sample in samples])
    columns = np.c_[np.ones(len(samples)), (values - mean) / spread] * share[:, None]
    ridge = RIDGE * len(samples) * np.diag([0] + [1] * len(mean)) * np.mean(share**2)
    needed = share * np.array([sample.needed for sample in samples])
    found = np.linalg.solve(columns.T @ columns + ridge, columns.T @ needed)
    weights = found[1:] / spread
    return found[0] - weights @ mean, weights


def predict(model, sample):
    base, weights = model
    return round(float(np.clip(base + weights @ sample.terms, LEAST, MOST)))


def errors(samples, qualities):
    """The score of each sample minus the score that it needs."""
    return np.array([sample.score(q) - sample.score(sample.needed) for sample, q in zip(samples, qualities)])


def summary(samples, qualities):
    missed = errors(samples, qualities)
    near = np.mean(np.abs(missed) <= 5)
    size = np.exp(np.mean([np.log(sample.size(q) / sample.size(sample.needed)) for sample, q in zip(samples, qualities)]))
    scores = np.array([sample.score(q) for sample, q in zip(samples, qualities)])
    missing = f"mean error {np.mean(np.abs(missed)):.1f}, {near:.0%} within 5, {missed.min():.1f} to {missed.max():+.1f}"
    plain = f"mean distance from {TARGET:g} {np.mean(np.abs(scores - TARGET)):.1f}, {scores.min():.1f} to {scores.max():.1f}"
    return f"{missing}; {plain}; {size - 1:+.0%} bytes"


if __name__ == "__main__":
    main()

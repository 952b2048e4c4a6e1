"""Fits the model of `q=auto` (resize/src/encode/auto_quality/model.rs) to photos, and says how well it tells their qualities.

    cargo build --release --package benches --example worker --example features
    python benches/auto_quality/calibrate.py --programs target/release/examples --cache target/auto-quality PHOTO…

with the packages of benches/peers/requirements.txt. A photo is a file or a folder of them; none of them is in this
repository. Each is shown at some widths and encoded at some qualities, and SSIMULACRA2 compares that with the same
picture as a PNG. The errors are of photos that a model was not fitted to: each is left out in turn, in all sizes.
Those behind `--held-out` are left out always.
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

# What the metric's author calls high quality.
TARGET = 70.0
# Where a format's best is less than this above the target, as with fine colours in small pictures, which 4:2:0 can't
# keep, a picture needs what comes within this of the best: more quality would be bytes for little.
MARGIN = 8.0
LEAST, MOST = 40, 90
WIDTHS = [256, 512, 900]
QUALITIES = [25, 45, 60, 70, 80, 88, 94]
FORMATS = ["jpeg", "webp", "avif"]
FEATURES = ["light", "dark", "saturation", "chroma", "coarse", "curvature"]
# Standardised weights are held back by this much: photos are few.
RIDGE = 0.004
# A drawn picture counts as so much of a photo.
DRAWN = 0.35


def main():
    options = parse()
    options.cache.mkdir(parents=True, exist_ok=True)
    photos = pictures.files(options.photos)
    chosen = [photos + pictures.varied(photos, options.cache), pictures.drawn(options.cache), pictures.files(options.held_out)]
    with ProcessPoolExecutor(options.jobs) as pool:
        photos, drawn, held_out = (sum(pool.map(shown, group, [options] * len(group)), []) for group in chosen)
    print(f"SSIMULACRA2 {TARGET:g}; {len(photos)} pictures of photos, {len(drawn)} drawn, {len(held_out)} held out")
    for format in FORMATS:
        report(format, *([Sample(picture, format) for picture in group] for group in (photos, drawn, held_out)))


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=Path, required=True, help="folder of the examples `worker` and `features`")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what was measured already")
    parser.add_argument("--jobs", type=int, default=2, help="photos at a time")
    parser.add_argument("--held-out", type=Path, nargs="*", default=[], help="photos to report on alone")
    parser.add_argument("photos", type=Path, nargs="+")
    return parser.parse_args()


def shown(photo, options):
    """The photo at each width: features, and for each format quality, bytes and score."""
    with Maker(options) as make, tempfile.TemporaryDirectory() as folder:
        found = {}
        for width in WIDTHS:
            reference = Path(folder) / f"{width}.png"
            made = make({"input": str(photo), "width": width, "format": "png", "save": str(reference)})
            found.setdefault(made["width"], reference)
        return [
            {
                "photo": photo.stem,
                "width": width,
                "features": features(reference, options),
                "curves": {format: curve(make, photo, width, format, reference, options) for format in FORMATS},
            }
            for width, reference in found.items()
            # A smaller one has too few pixels for the metric's coarse scales.
            if max(Image.open(reference).size) >= 240
        ]


class Maker:
    """The worker, one job at a time."""

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
    told = subprocess.run([options.programs / "features"], input=f"{picture}\n", capture_output=True, text=True, check=True)
    return json.loads(told.stdout)


def curve(make, photo, width, format, reference, options):
    cached = options.cache / f"{photo.name}-{width}.{format}.json"
    if not cached.exists():
        job = {"input": str(photo), "width": width, "format": format}
        cached.write_text(json.dumps([measured(make, job, quality, reference) for quality in QUALITIES]))
    return json.loads(cached.read_text())


def measured(make, job, quality, reference):
    file, decoded, opaque = (reference.with_name(name) for name in ("made", "decoded.png", "opaque.png"))
    size = make({**job, "quality": quality, "save": str(file)})["bytes"]
    Image.open(reference).convert("RGB").save(opaque, compress_level=1)
    Image.open(file).convert("RGB").save(decoded, compress_level=1)
    return quality, size, compute_ssimulacra2(str(opaque), str(decoded))


class Sample:
    """One picture in one format."""

    def __init__(self, picture, format):
        self.name, self.width = picture["photo"], picture["width"]
        # A changed photo is left out together with its own; each drawn one by itself.
        is_drawn = self.name.startswith("drawn ")
        self.photo = self.name if is_drawn else self.name.split("+")[0]
        self.terms = terms(picture["features"])
        qualities, sizes, scores = zip(*picture["curves"][format])
        self.qualities, self.scores, self.sizes = qualities, np.maximum.accumulate(scores), np.log(sizes)
        aim = min(TARGET, self.scores[-1] - MARGIN)
        reached = np.interp(aim, self.scores, qualities, left=LEAST, right=MOST)
        self.needed = float(np.clip(reached, LEAST, MOST))
        # What one step of quality is worth: an error counts by what it does to the score.
        slope = np.clip((self.score(self.needed + 4) - self.score(self.needed - 4)) / 8, 0.15, 1.5)
        self.weight = slope * (DRAWN if is_drawn else 1)

    def score(self, quality):
        return float(np.interp(quality, self.qualities, self.scores))

    def size(self, quality):
        return float(np.exp(np.interp(quality, self.qualities, self.sizes)))


def terms(features):
    """What the model weights: the features' fourth roots, and how flat the picture is."""
    return np.array([*(features[name] ** 0.25 for name in FEATURES), 1 / (1 + features["coarse"])])


def report(format, photos, drawn, held_out):
    samples = photos + drawn
    base, weights = model = fit(samples)
    names = [*FEATURES, "flat"]
    print(f"\n{format}: base {base:.2f}, " + ", ".join(f"{name} {weight:.2f}" for name, weight in zip(names, weights)))
    without = {
        left_out: fit([sample for sample in samples if sample.photo != left_out])
        for left_out in {sample.photo for sample in samples}
    }
    constant = min(range(LEAST, MOST + 1), key=lambda q: np.mean(np.abs(errors(photos, [q] * len(photos)))))
    for title, chosen, told in (
        ("photos, each left out", photos, [tell(without[sample.photo], sample) for sample in photos]),
        ("drawn, each left out", drawn, [tell(without[sample.photo], sample) for sample in drawn]),
        ("held out", held_out, [tell(model, sample) for sample in held_out]),
    ):
        if chosen:
            print(f"  {title}, by the model: {summary(chosen, told)}")
            print(f"  {title}, by q={constant} for all: {summary(chosen, [constant] * len(chosen))}")
            for missed, sample, quality in sorted(zip(errors(chosen, told), chosen, told), key=lambda row: row[0]):
                row = f"told {quality}, needed {sample.needed:.0f}, scores {sample.score(quality):.1f} ({missed:+.1f})"
                print(f"    {sample.name[:24]:24} {sample.width:4} {row}")


def fit(samples):
    """Base and weights of the terms, by least squares of the score; a photo counts once in all its sizes."""
    values = np.array([sample.terms for sample in samples])
    mean, spread = values.mean(0), values.std(0) + 1e-9
    photos = [sample.photo for sample in samples]
    share = np.array([sample.weight / photos.count(sample.photo) ** 0.5 for sample in samples])
    columns = np.c_[np.ones(len(samples)), (values - mean) / spread] * share[:, None]
    held = RIDGE * len(samples) * np.diag([0] + [1] * len(mean)) * np.mean(share**2)
    wanted = share * np.array([sample.needed for sample in samples])
    found = np.linalg.solve(columns.T @ columns + held, columns.T @ wanted)
    weights = found[1:] / spread
    return found[0] - weights @ mean, weights


def tell(model, sample):
    base, weights = model
    return round(float(np.clip(base + weights @ sample.terms, LEAST, MOST)))


def errors(samples, qualities):
    """By how much each misses the score that it needs."""
    return np.array([sample.score(q) - sample.score(sample.needed) for sample, q in zip(samples, qualities)])


def summary(samples, qualities):
    missed = errors(samples, qualities)
    near = np.mean(np.abs(missed) <= 5)
    size = np.exp(np.mean([np.log(sample.size(q) / sample.size(sample.needed)) for sample, q in zip(samples, qualities)]))
    scores = np.array([sample.score(q) for sample, q in zip(samples, qualities)])
    missing = f"off by {np.mean(np.abs(missed)):.1f} in the mean, {near:.0%} within 5, {missed.min():.1f} to {missed.max():+.1f}"
    plain = f"from {TARGET:g} by {np.mean(np.abs(scores - TARGET)):.1f}, {scores.min():.1f} to {scores.max():.1f}"
    return f"{missing}; {plain}; {size - 1:+.0%} bytes"


if __name__ == "__main__":
    main()

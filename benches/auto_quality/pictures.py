"""The pictures to which `calibrate.py` fits the model: photos, altered photos, and drawings."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

# Photos of which noisy and blurred copies are made, by their names in scikit-image and scikit-learn.
ALTERED = {"astronaut", "chelsea", "coffee", "china"}


def files(paths):
    return sorted(file for path in paths for file in ([path] if path.is_file() else path.iterdir()))


def altered(photos, folder):
    """Noisy and blurred copies of some photos."""
    copies = []
    for photo in photos:
        if photo.stem in ALTERED:
            noisy, blurred = (folder / f"{photo.stem}+{how}.png" for how in ("noise", "blur"))
            image = Image.open(photo).convert("RGB")
            noise = np.random.default_rng(1).normal(0, 8, (image.height, image.width, 3))
            save(np.asarray(image) + noise, noisy)
            image.filter(ImageFilter.GaussianBlur(2)).save(blurred)
            copies += [noisy, blurred]
    return copies


def drawings(folder):
    """Pictures unlike photos: only soft light, only hard edges, and both with noise."""
    height, width = 384, 512
    y, x = np.mgrid[0:height, 0:width].astype(float)
    random = np.random.default_rng(0)
    soft = {
        "dusk": np.stack([120 + x / 8, 150 + y / 8, 140 + (x + y) / 16], -1),
        "ramp": np.repeat((x * 255 / width)[..., None], 3, 2),
        "sky": np.stack([90 + y / 5, 140 + y / 6, 230 - y / 12], -1),
        "night": np.stack([20 + x / 24, 20 + y / 24, 25 + (x + y) / 48], -1),
        "shapes": shapes(width, height),
    }
    noisy = {
        "dusk+noise": soft["dusk"] + random.normal(0, 12, (height, width, 3)),
        "sky+grain": soft["sky"] + random.normal(0, 8, (height, width, 1)),
        "night+grain": soft["night"] + random.normal(0, 5, (height, width, 1)),
        "shapes+noise": soft["shapes"] * 0.8 + 20 + random.normal(0, 6, (height, width, 3)),
    }
    paths = {folder / f"drawn {name}.png": samples for name, samples in {**soft, **noisy}.items()}
    for path, samples in paths.items():
        save(samples, path)
    return list(paths)


def shapes(width, height):
    image = Image.new("RGB", (width, height), (245, 246, 248))
    draw = ImageDraw.Draw(image)
    for n in range(14):
        draw.ellipse([34 * n, 24 * n, 34 * n + 80, 24 * n + 60], fill=(18 * n, 200 - 10 * n, 80 + 10 * n))
    return np.asarray(image).astype(float)


def save(samples, path):
    Image.fromarray(samples.clip(0, 255).round().astype(np.uint8)).save(path)

"""The source pictures of the jobs, made from the photos and by script: the same on every machine."""

import functools
import io

import numpy as np
from PIL import Image, ImageCms, ImageDraw

import photos

# This number is increased when a picture changes, so that older pictures are made again.
VERSION = 1


def folder(cache):
    """The folder of the pictures. They are made in the first run."""
    target = cache / f"sources-{VERSION}"
    if not (target / "complete").exists():
        target.mkdir(parents=True, exist_ok=True)
        make_pictures(target, photos.folder(cache))
        (target / "complete").touch()
    return target


def make_pictures(folder, originals):
    photo = functools.partial(opened, originals)
    six = photo("life_by_Aitzol_Berasategi.jpg")
    twelve = photo("Dragonfly_by_Bolly.jpg").resize((4000, 3000), Image.LANCZOS)
    phone = photo("sunset_by_Aitzol_Berasategi.jpg").resize((4000, 2667), Image.LANCZOS)
    six.save(folder / "photo-6mp.jpg", quality=90)
    six.save(folder / "photo-6mp.webp", quality=85)
    twelve.save(folder / "photo-12mp.jpg", quality=90)
    twelve.save(folder / "photo-12mp-444.jpg", quality=90, subsampling="4:4:4")
    twelve.save(folder / "photo-12mp-progressive.jpg", quality=90, progressive=True)
    photo("Kleiber_by_Lukas_Baubkus.jpg").save(folder / "photo-20mp.jpg", quality=90)
    exif = Image.Exif()
    exif[274] = 6
    phone.save(folder / "photo-12mp-phone.jpg", quality=90, exif=exif, icc_profile=wide_profile())
    mountain = photo("picosdeeuropa_by_Aitzol_Berasategi.jpg").resize((2000, 1500), Image.LANCZOS)
    with_alpha(mountain).save(folder / "alpha-3mp.png")
    screenshot(2880, 1800).save(folder / "screenshot-5mp.png")


def opened(folder, name):
    Image.MAX_IMAGE_PIXELS = None
    return Image.open(folder / name).convert("RGB")


def crowd(cache, count):
    """The folder of `count` photos of 2 MP (JPEG) and of 0.7 MP (PNG): parts of the photos at different scales."""
    target = cache / f"crowd-{VERSION}"
    target.mkdir(parents=True, exist_ok=True)
    if not all((target / f"{number:03}.png").exists() for number in range(count)):
        originals = [opened(photos.folder(cache), name) for name in photos.NAMES]
        large_enough = [photo for photo in originals if photo.width >= 1632 and photo.height >= 1224]
        for number in range(count):
            random = np.random.default_rng(number)
            photo = large_enough[number % len(large_enough)]
            part(photo, (1632, 1224), random).save(target / f"{number:03}.jpg", quality=88)
            part(photo, (1000, 700), random).save(target / f"{number:03}.png", compress_level=6)
    return target


def part(photo, size, random):
    """A part of the photo, made smaller to `size`."""
    scale = random.uniform(1, min(photo.width / size[0], photo.height / size[1]))
    width, height = size[0] * scale, size[1] * scale
    left, top = random.uniform(0, photo.width - width), random.uniform(0, photo.height - height)
    return photo.resize(size, Image.LANCZOS, box=(left, top, left + width, top + height))


def with_alpha(image):
    alpha = Image.new("L", image.size)
    draw = ImageDraw.Draw(alpha)
    draw.ellipse([0, 0, *image.size], fill=255)
    draw.rectangle([0, 0, image.width // 3, image.height // 3], fill=120)
    image.putalpha(alpha)
    return image


def screenshot(width, height):
    """A drawn screenshot: windows, rules and lines of text."""
    random = np.random.default_rng(height)
    image = Image.new("RGB", (width, height), (245, 246, 248))
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 0, width // 5, height], fill=(36, 41, 51))
    for row in range(20, height, 30):
        words = " ".join("lorem ipsum dolor sit amet"[: random.integers(4, 26)] for _ in range(8))
        draw.text((width // 5 + 30, row), words, fill=(30, 32, 36), font_size=20)
        draw.text((30, row), f"item {row}", fill=(200, 205, 215), font_size=18)
    draw.rectangle([width // 2, height // 2, width - 80, height - 80], fill=(255, 255, 255), outline=(208, 212, 220))
    draw.line([width // 2, height - 120, width - 120, height // 2 + 40], fill=(48, 112, 240), width=5)
    return image


def wide_profile():
    """An ICC profile with the primaries of Display P3 and a gamma of 2.2. Pillow cannot make one."""
    names = {b"rXYZ": (0.51512, 0.24120, -0.00105), b"gXYZ": (0.29198, 0.69225, 0.04189), b"bXYZ": (0.15710, 0.06657, 0.78407)}
    fixed = lambda value: int(round(value * 65536)).to_bytes(4, "big", signed=True)
    xyz = lambda values: b"XYZ \0\0\0\0" + b"".join(fixed(value) for value in values)
    description = b"desc\0\0\0\0" + (10).to_bytes(4, "big") + b"Wide gamut"[:9] + b"\0" + bytes(78)
    curve = b"curv\0\0\0\0" + (1).to_bytes(4, "big") + (int(2.2 * 256)).to_bytes(2, "big") + bytes(2)
    tags = {b"desc": description, b"wtpt": xyz((0.9642, 1.0, 0.82491)), **{name: xyz(value) for name, value in names.items()}}
    tags |= {name: curve for name in (b"rTRC", b"gTRC", b"bTRC")}
    table, data = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, body in tags.items():
        body += bytes(-len(body) % 4)
        table += name + (start + len(data)).to_bytes(4, "big") + len(body).to_bytes(4, "big")
        data += body
    header = bytes(4) + b"\0\0\0\0" + bytes((2, 0x40, 0, 0)) + b"mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28)
    header += fixed(0.9642) + fixed(1.0) + fixed(0.82491)
    header += bytes(128 - len(header))
    profile = header + len(tags).to_bytes(4, "big") + table + data
    profile = len(profile).to_bytes(4, "big") + profile[4:]
    ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return profile

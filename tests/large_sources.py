"""Writes pictures of 100 megapixels in several formats, and documents with large ones, into a directory: large_sources.py DIRECTORY

A test measures the memory that rendering them takes.
"""

import pathlib
import sys
import zlib

import pyvips

sys.path.insert(0, str(pathlib.Path(__file__).parent / "fuzz"))
from documents import stream, with_table

SIDE = 10_000

xy = pyvips.Image.xyz(SIDE, SIDE)
waves = ((xy * 0.05).sin() * 100 + 128).cast("uchar")
picture = waves.bandjoin(xy[0] * (255 / SIDE)).cast("uchar").copy(interpretation="srgb")
folder = sys.argv[1]
picture.jpegsave(f"{folder}/baseline.jpg", Q=75)
picture.jpegsave(f"{folder}/every-sample.jpg", Q=75, subsample_mode="off")
picture.jpegsave(f"{folder}/progressive.jpg", Q=75, interlace=True)
picture.pngsave(f"{folder}/rows.png", compression=1, filter="none")
picture.pngsave(f"{folder}/interlaced.png", compression=1, filter="none", interlace=True)
picture.bandjoin(xy[1] * (255 / SIDE)).cast("uchar").pngsave(f"{folder}/alpha.png", compression=1, filter="none")
picture.tiffsave(f"{folder}/strips.tif", compression="deflate")


def document(name, picture, filter, data, space):
    """A page of 200 × 200 points that shows the picture."""
    size = f"/Width {picture.width}/Height {picture.height}/BitsPerComponent 8/ColorSpace/{space}"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>>>",
        stream("", b"200 0 0 200 0 0 cm /P Do"),
        stream(f"/Type/XObject/Subtype/Image{size}/Filter/{filter}", data),
    ]
    pathlib.Path(folder, f"{name}.pdf").write_bytes(with_table(objects))


part = picture.crop(0, 0, 4000, 4000)
document("flate", part, "FlateDecode", zlib.compress(part.write_to_memory(), 1), "DeviceRGB")
document("jpeg", part, "DCTDecode", part.jpegsave_buffer(Q=75), "DeviceRGB")
inks = part.bandjoin(part[0]).copy(interpretation="cmyk")
document("inks", inks, "FlateDecode", zlib.compress(inks.write_to_memory(), 1), "DeviceCMYK")
gray = part.extract_band(0)
document("gray", gray, "FlateDecode", zlib.compress(gray.write_to_memory(), 1), "DeviceGray")

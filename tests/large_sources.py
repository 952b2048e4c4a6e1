"""Writes pictures of 100 megapixels in several formats, and documents with large ones, into a directory: large_sources.py DIRECTORY

A test measures the memory that rendering them takes.
"""

import sys
import zlib

import pyvips

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
    image = f"<</Type/XObject/Subtype/Image{size}/Filter/{filter}/Length {len(data)}>>stream\n".encode() + data + b"\nendstream"
    content = b"200 0 0 200 0 0 cm /P Do"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        image,
    ]
    with open(f"{folder}/{name}.pdf", "wb") as file:
        file.write(b"%PDF-1.7\n")
        places = []
        for number, content in enumerate(objects, 1):
            places.append(file.tell())
            file.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        start = file.tell()
        table = "".join(f"{place:010} 00000 n \n" for place in places)
        file.write(f"xref\n0 6\n0000000000 65535 f \n{table}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode())


part = picture.crop(0, 0, 4000, 4000)
document("flate", part, "FlateDecode", zlib.compress(part.write_to_memory(), 1), "DeviceRGB")
document("jpeg", part, "DCTDecode", part.jpegsave_buffer(Q=75), "DeviceRGB")
inks = part.bandjoin(part[0]).copy(interpretation="cmyk")
document("inks", inks, "FlateDecode", zlib.compress(inks.write_to_memory(), 1), "DeviceCMYK")
gray = part.extract_band(0)
document("gray", gray, "FlateDecode", zlib.compress(gray.write_to_memory(), 1), "DeviceGray")

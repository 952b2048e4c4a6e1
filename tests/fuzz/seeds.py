"""Small pictures of each format, in as many kinds as its writer has: the files that are damaged."""

import pathlib
import struct
import subprocess

import pyvips

from documents import documents

WIDTH, HEIGHT = 40, 24

FORMATS = ("jpeg", "png", "webp", "gif", "tiff", "jxl", "avif", "heic", "bmp", "ico", "svg", "pdf")


def seeds(format):
    """The files of a format."""
    return {"svg": drawings, "bmp": bitmaps, "ico": icons, "jxl": jpeg_xls, "heic": photos, "pdf": lambda: documents(picture())}.get(format, lambda: written(format))()


def picture():
    xy = pyvips.Image.xyz(WIDTH, HEIGHT)
    waves = ((xy * 30).sin() * 100 + 128).cast("uchar")
    return waves.bandjoin(xy[0] * (255 / WIDTH)).cast("uchar").copy(interpretation="srgb")


def with_alpha(image):
    return image.bandjoin(pyvips.Image.xyz(WIDTH, HEIGHT)[1] * (255 / HEIGHT)).cast("uchar")


def animation(image):
    frames = pyvips.Image.arrayjoin([with_alpha(image), with_alpha(image.invert()), with_alpha(image.flip("horizontal"))], across=1)
    frames = frames.copy()
    frames.set_type(pyvips.GValue.gint_type, "page-height", HEIGHT)
    frames.set_type(pyvips.GValue.array_int_type, "delay", [50, 50, 50])
    return frames


def written(format):
    image = picture()
    gray, clear = image.extract_band(0).copy(interpretation="b-w"), with_alpha(image)
    deep = (image.cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16")
    moving = animation(image)
    kinds = {
        "jpeg": [
            (image, {}), (image, {"interlace": True}), (image, {"subsample_mode": "off", "restart_interval": 2}), (gray, {}),
            (image, {"optimize_coding": True, "Q": 30}), (image.colourspace("cmyk"), {}),
        ],
        "png": [
            (image, {}), (clear, {}), (gray, {}), (deep, {}), (image, {"interlace": True}), (image, {"palette": True}),
            (clear, {"palette": True, "bitdepth": 2}), (gray, {"bitdepth": 1}), (deep, {"filter": "all"}),
        ],
        "webp": [(image, {}), (clear, {}), (clear, {"lossless": True}), (moving, {"page_height": HEIGHT}), (image, {"near_lossless": True})],
        "gif": [(image, {}), (clear, {}), (moving, {"page_height": HEIGHT}), (image, {"interlace": True}), (gray, {"bitdepth": 2})],
        "tiff": [
            (image, {"compression": compression, **more})
            for compression in ("none", "jpeg", "deflate", "packbits", "lzw")
            for more in ({}, {"tile": True, "tile_width": 16, "tile_height": 16}, {"bigtiff": True})
        ]
        + [(gray, {"compression": "ccittfax4", "bitdepth": 1}), (deep, {"compression": "lzw", "predictor": "horizontal"}), (clear, {})],
        "avif": [(image, {}), (clear, {}), (gray, {}), (image, {"lossless": True}), (deep, {"bitdepth": 10})],
    }
    suffix = {"jpeg": ".jpg", "tiff": ".tif"}.get(format, f".{format}")
    return [image.write_to_buffer(suffix, **options) for image, options in kinds[format]]


def jpeg_xls():
    """JPEG XLs of ffmpeg, since libvips' packages can't write them: of blocks and modular, with and without loss, of each depth."""
    kinds = [(pixels, way) for pixels in ("rgb24", "rgba", "gray", "rgb48le", "ya16le", "grayf32le") for way in ("1", "0")]
    command = ["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=size={WIDTH}x{HEIGHT}", "-frames:v", "1", "-c:v", "libjxl"]
    options = {"1": ["-distance", "1"], "0": ["-distance", "0", "-modular", "1"]}
    return [
        subprocess.run([*command, *options[way], "-pix_fmt", pixels, "-f", "image2pipe", "-"], check=True, capture_output=True).stdout
        for pixels, way in kinds
    ]


def photos():
    """The committed HEICs (scripts/make-heic-fixtures), since no package of Python or Debian writes them."""
    folder = pathlib.Path(__file__).parents[2] / "codecs/fixtures"
    return [file.read_bytes() for file in sorted(folder.glob("*.heic"))]


def bitmaps():
    """BMPs with 1, 4, 8, 16, 24 and 32 bits, from the top and from the bottom, and one of runs."""
    files = [bitmap(bits, height) for bits in (1, 4, 8, 16, 24, 32) for height in (16, -16)]
    runs = b"".join(bytes([16, row, 0, 0]) for row in range(15)) + bytes([0, 4, 1, 2, 3, 4, 12, 5, 0, 1])
    return [*files, with_header(8, 16, 1, palette(256), runs)]


def bitmap(bits, height):
    row = bytes((16 * bits + 31) // 32 * 4)
    pixels = bytes(number % 251 for number in range(len(row) * 16))
    return with_header(bits, height, 0, palette(1 << bits) if bits <= 8 else b"", pixels)


def palette(colors):
    return b"".join(bytes([color % 256, color * 7 % 256, color * 13 % 256, 0]) for color in range(colors))


def with_header(bits, height, compression, colors, pixels):
    start = 14 + 40 + len(colors)
    info = struct.pack("<IiiHHIIiiII", 40, 16, height, 1, bits, compression, len(pixels), 2835, 2835, 0, 0)
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + info + colors + pixels


def icons():
    """Icons of bitmaps with a mask, of a PNG, and of both."""
    mask = bytes(4 * 16)
    drawn = [bitmap(bits, 32)[14:] + mask for bits in (1, 4, 8, 24, 32)]
    inside = with_alpha(picture()).write_to_buffer(".png")
    return [icon([image]) for image in drawn] + [icon([inside]), icon([drawn[2], inside])]


def icon(images):
    place, entries = 6 + 16 * len(images), b""
    for image in images:
        entries += struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(image), place)
        place += len(image)
    return struct.pack("<HHH", 0, 1, len(images)) + entries + b"".join(images)


DRAWINGS = [
    """<path d="M0 0L9 9Q5 5 9 0A3 3 0 0 1 2 2z" fill="red" stroke="blue" stroke-width="2" stroke-dasharray="1 2"/>""",
    """<defs><g id="a"><circle cx="4" cy="4" r="3"/></g></defs><use href="#a" x="3"/><use href="#a" transform="rotate(30) scale(2)"/>""",
    """<style>g > rect.b:first-child, #c { fill: #0f0; opacity: .5 } rect { stroke: black }</style><g><rect class="b" width="5" height="5"/><rect id="c" x="2" width="9" height="9"/></g>""",
    """<linearGradient id="l"><stop offset="0" stop-color="red"/><stop offset="1" stop-color="hsl(200,50%,50%)"/></linearGradient><radialGradient id="r" href="#l" r="50%"/><rect width="20" height="20" fill="url(#r)" stroke="url('#l')"/>""",
    """<pattern id="p" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="2" height="2" fill="url(#q)"/></pattern><pattern id="q" width="1" height="1"/><rect width="30" height="20" fill="url(#p)"/>""",
    """<filter id="f" x="-10%" width="120%"><feGaussianBlur stdDeviation="1" result="b"/><feOffset in="b" dx="2"/><feTurbulence numOctaves="2"/><feMerge><feMergeNode in="b"/></feMerge></filter><g filter="url(#f) blur(1px)"><rect width="9" height="9"/></g>""",
    """<mask id="m"><rect width="5" height="5" fill="#fff"/></mask><clipPath id="c"><circle r="9"/></clipPath><g mask="url(#m)" clip-path="url(#c)"><rect width="20" height="20"/></g>""",
    """<marker id="e" markerWidth="4" markerHeight="4"><path d="M0 0L4 4"/></marker><path d="M0 0L5 5L9 0" marker-start="url(#e)" marker-mid="url(#e)" style="marker-end:url(#e)"/>""",
    """<text x="2" y="12" font-size="9" font-family="serif">Text <tspan dy="3">more</tspan></text><switch><g systemLanguage="de"/><g/></switch>""",
    """<image width="9" height="9" href="data:image/svg+xml;utf8,&lt;svg xmlns='http://www.w3.org/2000/svg'/&gt;"/><symbol id="s" viewBox="0 0 9 9"><rect width="9" height="9"/></symbol><use href="#s" width="20" height="20"/>""",
]


def drawings():
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 24" width="40" height="24">'
    return [f"{head}{content}</svg>".encode() for content in [*DRAWINGS, "".join(DRAWINGS)]]

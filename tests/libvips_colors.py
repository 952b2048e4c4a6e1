"""How far pictures are from what libvips makes of the same sources.

Reads lines of JSON from standard input, {"source": path, "ours": path of a PNG}, and answers each with a line,
{"mean": CIEDE2000 averaged over the pixels} or {"refused": why libvips can't read the source}.
"""

import json
import sys

import pyvips


def answer(row):
    ours = pyvips.Image.new_from_file(row["ours"])
    try:
        is_cmyk = pyvips.Image.new_from_file(row["source"]).interpretation == "cmyk"
        # Without its fallback for profiles named, libvips leaves out black point compensation for CMYK.
        fallback = {"input_profile": "cmyk"} if is_cmyk else {}
        theirs = pyvips.Image.thumbnail(
            row["source"], ours.width, height=ours.height, size="force",
            output_profile="srgb", intent="perceptual", **fallback,
        ).copy_memory()
    except pyvips.Error as error:
        return {"refused": str(error)}
    return {"mean": lab(ours).dE00(lab(theirs)).avg()}


def lab(picture):
    """In CIELAB, over white where it is transparent."""
    if picture.hasalpha():
        picture = picture.flatten(background=255 if picture.format == "uchar" else 65535)
    return picture.colourspace("srgb").colourspace("lab")


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))

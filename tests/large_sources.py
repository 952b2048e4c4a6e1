"""Writes pictures of 100 megapixels in several formats into a directory: large_sources.py DIRECTORY

A test measures the memory that rendering them takes.
"""

import sys

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

"""Camera photos of two Debian packages, which are fetched by apt and unpacked, not installed.

lomiri-wallpapers-16.04 and -20.04 hold photos at the size of the camera, under CC-BY, CC-BY-SA and CC0. Nothing of them is
in this repository.
"""

import shutil
import subprocess
from pathlib import Path

PACKAGES = ["lomiri-wallpapers-16.04", "lomiri-wallpapers-20.04"]

# The photos of the packages; their other pictures are drawings and patterns.
NAMES = [
    "Bridge_by_Sander_Klootwijk.jpg",
    "Dragonfly_by_Bolly.jpg",
    "Fossa_by_Jasper_Roks.jpg",
    "Kleiber_by_Lukas_Baubkus.jpg",
    "Picture_0B_by_freespace.jpg",
    "Picture_1A_by_freespace.jpg",
    "aitzgorri_by_Aitzol_Berasategi.jpg",
    "free_by_Peter_Nerlich.jpg",
    "friends_by_Aitzol_Berasategi.jpg",
    "greentock_by_Peter_Nerlich.jpg",
    "life_by_Aitzol_Berasategi.jpg",
    "picosdeeuropa_by_Aitzol_Berasategi.jpg",
    "seeding_by_Clements_Engelhardt.jpg",
    "sunset_by_Aitzol_Berasategi.jpg",
]


def folder(cache):
    """The folder of the photos. Fetched in the first run."""
    target = cache / "photos"
    if not all((target / name).exists() for name in NAMES):
        fetch(target)
    return target


def fetch(target):
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise SystemExit(
            f"error: the photos come from the Debian packages {' and '.join(PACKAGES)}, and this machine has no apt-get:"
            f" unpack the packages elsewhere and copy usr/share/backgrounds/*.jpg to {target}"
        )
    target.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        done = subprocess.run(
            ["apt-get", "--quiet=2", "download", package], cwd=target, capture_output=True, text=True, check=False
        )
        found = sorted(target.glob(f"{package}_*.deb"))
        if not found:
            raise SystemExit(f"error: apt-get could not download {package}; 'apt-get update' may help: {done.stderr}")
        subprocess.run(["dpkg-deb", "--extract", str(found[-1]), str(target / "unpacked")], check=True)
    for name in NAMES:
        shutil.copy(target / "unpacked/usr/share/backgrounds" / name, target / name)
    shutil.rmtree(target / "unpacked")


def versions(cache):
    """The names and versions of the packages, taken from the names of their files."""
    return [Path(path).stem.removesuffix("_all").replace("_", " ") for path in sorted((cache / "photos").glob("*.deb"))]

"""Writes the licence texts of everything that is linked into the program or part of it, each text once.

notices.py TARGET, in the repository.
"""

import re
import sys
from pathlib import Path

from crates import crates, folders

NAMES = re.compile(r"^(licen[cs]e|copying|copyright|notice|patents|unlicense)", re.IGNORECASE)
SOURCES = {".c", ".h", ".rs", ".py", ".cmake", ".html"}
LINE = "=" * 100


def texts(folder: Path) -> dict[str, str]:
    """The licence files of a crate and of the C libraries in it, by their paths."""
    files = (file for file in folder.rglob("*") if NAMES.match(file.name) and file.suffix not in SOURCES)
    return {
        str(file.relative_to(folder)): "\n".join(line.rstrip() for line in file.read_text("utf-8", "replace").splitlines()).strip()
        for file in sorted(files)
        if file.is_file() and not {"target", "node_modules"} & set(file.relative_to(folder).parts)
    }


def main(target: str) -> None:
    places = folders()
    users: dict[str, list[str]] = {}
    print("Tintype links these crates. Their licence texts follow.\n")
    for crate in crates(target):
        folder = places[crate.name, crate.version]
        # The workspace's own crates have the licence of the program, but fonts and a model in them have others.
        if "registry" in folder.parts:
            print(f"{crate.name} {crate.version}: {crate.licence}")
        for file, text in texts(folder).items():
            users.setdefault(text, []).append(f"{crate.name} {crate.version}: {file}")
    for text, files in users.items():
        print(f"\n{LINE}\n" + "\n".join(files) + f"\n{LINE}\n\n{text}")


if __name__ == "__main__":
    main(*sys.argv[1:])

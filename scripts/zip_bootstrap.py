"""Zips the program of a Lambda function. The same program always gives the same bytes.

zip_bootstrap.py PROGRAM ZIP
"""

import sys
import zipfile

# The earliest time that a zip can store. Every file gets this time, because the build time must not change the package.
TIME = (1980, 1, 1, 0, 0, 0)
UNIX = 3
EXECUTABLE_FILE = 0o100755


def main(program: str, target: str) -> None:
    entry = zipfile.ZipInfo("bootstrap", TIME)
    entry.create_system = UNIX
    entry.external_attr = EXECUTABLE_FILE << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    with open(program, "rb") as file:
        content = file.read()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, content, compresslevel=9)


if __name__ == "__main__":
    main(*sys.argv[1:])

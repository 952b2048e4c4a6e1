"""The dated table of the runs, one row for each format: tests/judges/fuzz.md."""

import fcntl
import pathlib
import time

FILE = pathlib.Path(__file__).parents[1] / "judges/fuzz.md"

COLUMNS = ("format", "date", "seconds", "files", "statuses", "late", "panics", "processor s", "s", "MiB", "failures", "seed")

HEAD = """# fuzz

- Judge: `tests/fuzz`, which damages pictures of each format and asks `tintype serve` for variants of them, one after the other
- Again: `scripts/fuzz FORMAT 3600 --record`

A failure is a request without an answer, a status of 500 or more, an answer after the deadline of 20 s, more than 2 s of processor
time, for a document 3.5 s, and 10 ns for each byte of predicted memory, or a worker with a quarter more memory than predicted, for a
drawing with 128 MB more. 415 and 400 are the right answers for most damaged files. `panics` counts defects of a decoder that its worker
catches and answers with 415; one of JPEG or PNG, which the server decodes itself, is a failure. `late` counts files whose answer came
after the deadline or with 504, because the machine had other work, and which were answered in time when they were asked for again at the
end. `processor s` is the most processor time that a file took in the server and its worker together, `s` the longest time until an
answer, `MiB` the most memory that one file added to a worker.

The hour of SVG ran before drawings were allowed the 128 MB, before caught panics had a column, and before
[decision 055](../../docs/decisions/055-bounds-of-drawings.md). By the rules of that day it had 14 failures: five drawings with dashes
that took 32 to 70 MiB more than predicted, and nine panics of tiny-skia, whose fixed-point numbers overflow where shapes, strokes,
pictures or filters reach thousands of millions of units away. Dashes count now before a drawing is drawn, and such shapes are refused
(`resize/src/decode/svg/tests.rs: shapes_that_reach_far_beyond_the_picture_are_refused`). Asked for again on 1 December 2026, thirteen of
the files get 415 or a picture, without a panic, with at most 0.28 s of processor time and 57 MiB.

The hour of PDF ran beside builds and tests. An hour before it had 44 documents that took 33 to 124 MiB, for objects, fonts and masks, which
weren't predicted then. 128 MiB of a document's working memory are predicted now, and its largest picture
([decision 058](../../docs/decisions/058-pdf.md)). Files that state a huge picture are refused with 400 for it. The six late files were
answered in time when they were asked for again.
"""


def record(row):
    """Writes the row of a format, a dictionary with the columns, in place of its older one."""
    FILE.touch()
    with FILE.open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        lines = [line.strip("| \n").split(" | ") for line in file if line.startswith("| ")]
        rows = {cells[0]: cells for cells in lines if cells[0] not in (COLUMNS[0], "---")}
        row = {"date": time.strftime("%Y-%m-%d"), **row}
        rows[row["format"]] = [str(row[name]) for name in COLUMNS]
        table = [COLUMNS, ["---"] * len(COLUMNS), *(cells for _, cells in sorted(rows.items()))]
        text = HEAD + "\n" + "".join(f"| {' | '.join(cells)} |\n" for cells in table)
        file.seek(0)
        file.truncate()
        file.write(text)

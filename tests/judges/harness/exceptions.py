"""The exceptions of a judge: a file in which each `# reason` stands above the names of the findings that it explains.

A name may contain `*`, which stands for any text.
"""

import fnmatch
import pathlib


def read(path):
    """Pairs of a name and its reason. A file that doesn't exist has none."""
    path = pathlib.Path(path)
    pairs, reason, is_complete = [], [], False
    for line in path.read_text().splitlines() if path.exists() else []:
        line = line.strip()
        if line.startswith("#"):
            if is_complete:
                reason, is_complete = [], False
            reason.append(line.removeprefix("#").strip())
        elif line:
            if not reason:
                raise ValueError(f"{path}: '{line}' has no reason above it")
            is_complete = True
            pairs.append((line, " ".join(reason)))
    return pairs


def explained(findings, pairs):
    """The reason of each finding that an exception explains, and the names of exceptions that explain none."""
    reasons, used = {}, set()
    for finding in findings:
        for name, reason in pairs:
            if matches(finding, name):
                reasons.setdefault(finding, reason)
                used.add(name)
    return reasons, [name for name, _ in pairs if name not in used]


def matches(finding, name):
    """Whether an exception's name covers a finding. Only `*` is special."""
    return fnmatch.fnmatchcase(finding, name.replace("[", "[[]").replace("?", "[?]"))

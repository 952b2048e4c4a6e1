"""The dated table of a judge."""

import datetime


def text(name, judged, reasons):
    """The table in Markdown. `judged` is what a judge reports, `reasons` explains the findings that are exceptions."""
    results = judged["results"]
    groups = list(dict.fromkeys(result["group"] for result in results))
    rows = [(group, *counts([one for one in results if one["group"] == group], reasons)) for group in groups]
    if len(rows) > 1:
        rows.append(("**all**", *counts(results, reasons)))
    lines = [
        f"# {name}",
        "",
        f"- Date: {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}",
        f"- Judge: {judged['judge']}",
        f"- Tried: {judged['tried']}",
        f"- Again: `./judge {name}`",
        "",
        "| | tried | passed | excepted | failed |",
        "| --- | --- | --- | --- | --- |",
        *(f"| {cell(group)} | {tried} | {passed} | {excepted} | {failed} |" for group, tried, passed, excepted, failed in rows),
    ]
    failures = [one for one in results if one["failure"] and one["name"] not in reasons]
    if failures:
        lines += ["", "## Failed", "", *(f"- `{one['name']}`: {cell(one['failure'])}" for one in failures)]
    if reasons:
        lines += ["", "## Exceptions"]
    for reason in dict.fromkeys(reasons.values()):
        names = [finding for finding, its in reasons.items() if its == reason]
        lines += ["", reason, "", *(f"- `{finding}`" for finding in names)]
    return "\n".join(lines) + "\n"


def counts(results, reasons):
    """How many were tried, have passed, are excepted, have failed."""
    passed = sum(not one["failure"] for one in results)
    excepted = sum(bool(one["failure"]) and one["name"] in reasons for one in results)
    return len(results), passed, excepted, len(results) - passed - excepted


def cell(content):
    return " ".join(content.split()).replace("|", "\\|")

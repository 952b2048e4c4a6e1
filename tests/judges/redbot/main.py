"""REDbot judges every kind of response of the edge, of the resize service (`tintype serve`) and of the signer.

A finding is `KIND: NOTE`: the kind of response from `kinds.py`, and REDbot's identifier of a bad or warning note.
"""

import configparser

import redbot
import thor
from httplint.field.parsers.date import MAX_CLOCK_SKEW
from httplint.note import levels
from redbot.resource import HttpResource

import files
from kinds import kinds

CONFIG = configparser.ConfigParser()
CONFIG.read_dict({"redbot": {"enable_local_access": "True"}})


def checked(kinds_to_check):
    """REDbot's view of each kind of response, one after the other in one run of its event loop."""
    resources = []

    def check_next():
        if len(resources) == len(kinds_to_check):
            thor.stop()
            return
        kind = kinds_to_check[len(resources)]
        resource = HttpResource(CONFIG["redbot"])
        resources.append(resource)
        resource.set_request(kind.url, kind.method, list(kind.headers.items()), kind.body)
        # REDbot's own programs don't tell the response of which request it is, so they take no response for a preflight's.
        resource.response.request = resource.request
        resource.once("check_done", lambda: thor.schedule(0, check_next))
        resource.check()

    thor.schedule(0, check_next)
    thor.run()
    return resources


def results(kind, resource):
    """The findings of a kind, or one result without a failure."""
    response = resource.response
    status = response.status_code
    wrong = None
    if resource.fetch_error:
        wrong = f"no response: {resource.fetch_error.desc} {resource.fetch_error.detail or ''}"
    elif status != kind.status:
        wrong = f"the status is {status}, not {kind.status}"
    if wrong:
        return [(kind.group, f"{kind.name}: response", wrong)]
    notes = [note for top in response.notes for note in [top, *top.subnotes]]
    found = {type(note).__name__: note for note in notes if note.level in (levels.BAD, levels.WARN)}
    if is_explained_by_age(response):
        found.pop("DATE_INCORRECT", None)
    failures = [
        (kind.group, f"{kind.name}: {name}", f"{note.level.value}: {note.summary}") for name, note in sorted(found.items())
    ]
    return failures or [(kind.group, kind.name, None)]


def is_explained_by_age(response):
    """Whether `Date` and `Age` together are the present time. REDbot overlooks an `Age` that stands behind `Date`."""
    date, age = (response.headers.parsed.get(name) for name in ("date", "age"))
    return bool(age) and abs(date + age - response.start_time) <= MAX_CLOCK_SKEW


def main():
    with kinds() as found:
        every = [result for pair in zip(found, checked(found)) for result in results(*pair)]
        tried = f"{len(found)} kinds of responses, each with REDbot's own requests for ranges, validation and encodings"
    files.report(f"REDbot {redbot.__version__} (PyPI)", tried, every)


main()

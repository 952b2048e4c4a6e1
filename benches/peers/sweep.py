"""The sweep: for each job and each effort of each peer, the variants around our score, so that bytes at equal score can be
interpolated. No time is measured here, so all cores are used."""

import queue
from concurrent.futures import ThreadPoolExecutor

import equal_work
import settings
import workers
from equal_work import Point

# If an effort takes this long, the higher efforts are left out: no service would use them.
SLOWEST_MS = 4_000
# The most variants that a search makes, and the most that it makes if the first takes longer than SLOW_MS.
TRIES, SLOW_TRIES, SLOW_MS = 5, 3, 1_000

# The first quality that is tried by peer and format. The scales differ.
START = {"avif": 55, "webp": 78, "jpeg": 80}


def sweep(jobs, peers, lanes):
    """One entry for each job: {"job", "ours": answer, "settings": [{"peer", "effort", "quality", "points", …}]}."""
    free = queue.SimpleQueue()
    for lane in lanes:
        free.put(lane)

    def one(job):
        lane = free.get()
        try:
            return entry(job, peers, lane)
        finally:
            free.put(lane)

    # The longest jobs run first, so that all lanes end at about the same time.
    longest_first = sorted(jobs, key=lambda job: (job["format"] != "avif", -job["width"]))
    with ThreadPoolExecutor(len(lanes)) as pool:
        found = dict(zip((job["id"] for job in longest_first), pool.map(one, longest_first)))
    return [found[job["id"]] for job in jobs]


def entry(job, peers, lane):
    ours = lane.measured(workers.OURS, job)
    if "error" in ours:
        raise SystemExit(f"error: {job['id']}: {ours['error']}")
    found = []
    for peer in peers:
        if peer in (workers.OURS, workers.CONTROL):
            continue
        start = START.get(job["format"])
        for effort in settings.efforts(peer, job["format"]):
            setting = at_our_score(job, peer, effort, ours["scores"], start, lane)
            if setting is None:
                continue
            found.append(setting)
            start = setting["quality"] or start
            if setting["first_ms"] > SLOWEST_MS:
                break
    return {"job": job["id"], "ours": ours, "settings": found}


def at_our_score(job, peer, effort, wanted, start, lane):
    """A peer's effort with the quality that scores like ours in its light, or None if the peer can't do the job."""
    answers = {}
    if "quality" not in job:
        answers[None] = lane.measured(peer, {**job, "effort": effort})
    else:
        for light in settings.lights(peer):
            search(answers, light, wanted[light], start, {**job, "effort": effort}, peer, lane)
    if any("error" in answer for answer in answers.values()):
        return None
    return {"peer": peer, "effort": effort, **chosen(answers, wanted, settings.lights(peer)), "points": listed(answers)}


def search(answers, light, wanted, start, job, peer, lane):
    """Adds the answers at the qualities that a search for the score `wanted` in a light asks for."""
    for number in range(TRIES):
        if any("error" in answer or (number >= SLOW_TRIES and answer["ms"] > SLOW_MS) for answer in answers.values()):
            return
        points = [point(quality, answer, light) for quality, answer in answers.items()]
        quality = equal_work.next_quality(points, wanted, start)
        if quality is None:
            return
        answers[quality] = lane.measured(peer, {**job, "quality": quality})


def chosen(answers, wanted, lights):
    """The quality nearest to our score in the first of the peer's lights, and the bytes at equal score in each."""
    first = next(iter(answers.values()))
    if None in answers:
        sizes = dict.fromkeys(lights, first["bytes"])
        return {"quality": None, "bytes": first["bytes"], "sizes": sizes, "scores": first["scores"], "first_ms": first["ms"]}
    points = {light: [point(quality, answer, light) for quality, answer in answers.items()] for light in lights}
    sizes = {light: equal_work.bytes_at(points[light], wanted[light]) for light in lights}
    quality = equal_work.nearest_quality(points[lights[0]], wanted[lights[0]])
    return {
        "quality": quality,
        "bytes": sizes[lights[0]],
        "sizes": sizes,
        "scores": answers[quality]["scores"],
        "first_ms": first["ms"],
    }


def point(quality, answer, light):
    return Point(quality, answer["bytes"], answer["scores"][light])


def listed(answers):
    return [
        {"quality": quality, "bytes": answer["bytes"], **answer["scores"]}
        for quality, answer in sorted(answers.items(), key=lambda item: item[0] or 0)
    ]

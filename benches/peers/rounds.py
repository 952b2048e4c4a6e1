"""The measured rounds: each job runs with every peer and effort in turn, so that noise of the machine affects all equally."""

import time

import workers

# A setting that takes longer than this runs in the first round only.
SLOW_MS = 1_000


def measure(jobs, entries, lane, rounds, deadline):
    """One line for each variant: {"job", "peer", "effort", "quality", "round", "ms", …}. Every round is complete: none is
    begun that would end after `deadline` (of time.monotonic), except the first."""
    runs = [(job, contestants(job, entry)) for job, entry in zip(jobs, entries)]
    lines, slow, longest = [], set(), 0
    for round_ in range(rounds):
        begun = time.monotonic()
        if round_ > 1 and begun + longest > deadline:
            break
        for number, (job, all_contestants) in enumerate(runs):
            first = (round_ + number) % len(all_contestants)
            for name, variant in all_contestants[first:] + all_contestants[:first]:
                if (job["id"], *name) in slow:
                    continue
                answer = lane.ask(name[0], variant)
                if "error" in answer:
                    raise SystemExit(f"error: {job['id']}, {' '.join(name)}: {answer['error']}")
                if answer["ms"] > SLOW_MS:
                    slow.add((job["id"], *name))
                quality = variant.get("quality")
                lines.append({"job": job["id"], "peer": name[0], "effort": name[1], "quality": quality, "round": round_, **answer})
        # Settings that were slow in the first round are not measured again.
        longest = time.monotonic() - begun if round_ else 0
    return lines


def contestants(job, entry):
    """The jobs to measure for one entry of the sweep, as [((peer, effort), job)]."""
    ours = [((peer, ""), job) for peer in (workers.OURS, workers.CONTROL)]
    theirs = [
        ((setting["peer"], setting["effort"]), {**job, **quality_of(setting), "effort": setting["effort"]})
        for setting in entry["settings"]
    ]
    return ours + theirs


def quality_of(setting):
    return {} if setting["quality"] is None else {"quality": setting["quality"]}

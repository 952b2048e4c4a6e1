"""Figures of the measured calls, weighted with the misses of the traffic."""

import statistics

from network import CONNECTION_BYTES_A_SECOND, FIRST_BYTE_S

# Megabytes of a Lambda function with one processor. A function has a share of processors that is proportional to its memory.
ONE_PROCESSOR_MB = 1769
MEMORIES = [256, 384, 512, 640, 768, 1024, 1280, 1536, 1769, 2048, 3008]
GB_SECOND = {"x86_64": 0.0000166667, "arm64": 0.0000133334}
LAMBDA_REQUEST = 0.20e-6


def medians(rounds):
    """The median of each measured value over the rounds of a call."""
    return {name: statistics.median(call[name] for call in rounds) for name in rounds[0]}


def summary(calls, keeps, misses, asks_bucket_first):
    """The figures of a contender. `calls` has the call that renders each kind of variant, and `keeps` the later call of those
    that were stored. With `asks_bucket_first`, the CDN asks the bucket of variants before the function."""
    answers = [answer(calls, keeps, miss, asks_bucket_first) for miss in misses]
    made = [one for one in answers if one["is_made"]]
    called = [one for one in answers if one["is_called"]]
    memories = {str(memory): at_memory(answers, called, memory) for memory in MEMORIES}
    mean = lambda name, of: round(statistics.fmean(one[name] for one in of), 3)
    return {
        "misses": len(answers),
        "made": len(made),
        "calls": len(called),
        "mean_of_calls": {
            name: mean(name, called)
            for name in ["processor_ms", "waiting_ms", "billed_ms", "gets", "heads", "puts", "read_bytes", "answer_bytes"]
        },
        "made_ms": percentiles([one["viewer_ms"] for one in made]),
        "miss_ms": percentiles([one["viewer_ms"] for one in answers]),
        "by_memory_mb": memories,
    }


def answer(calls, keeps, miss, asks_bucket_first):
    """The answer to a miss: by the function, or by the bucket of variants."""
    kind = kind_of(miss.variant)
    call, look_up = calls[kind], FIRST_BYTE_S * 1e3 if asks_bucket_first else 0
    is_kept = call["puts"] > 0 and not miss.is_first
    if is_kept and asks_bucket_first:
        transfer = call["answer_bytes"] / CONNECTION_BYTES_A_SECOND * 1e3
        return {"is_made": False, "is_called": False, "viewer_ms": look_up + transfer, "processor_ms": 0}
    if is_kept:
        call = keeps.get(kind, call)
    waiting = max(call["billed_ms"] - call["processor_ms"], 0)
    return {
        **call,
        "viewer_ms": look_up + call["viewer_ms"],
        "waiting_ms": waiting,
        "is_made": not is_kept,
        "is_called": True,
    }


def kind_of(variant):
    return (variant.megapixels, variant.is_progressive, variant.width, variant.accept)


def at_memory(answers, called, memory):
    """The figures with another size of memory: waiting stays, processor time grows as the share of a processor falls."""
    slower = max(ONE_PROCESSOR_MB / memory, 1)
    billed = statistics.fmean(one["waiting_ms"] + one["processor_ms"] * slower for one in called)
    viewer = [one["viewer_ms"] + one["processor_ms"] * (slower - 1) for one in answers if one["is_made"]]
    return entry(billed, viewer, memory)


def of_memory(calls, misses, memory):
    """The same figures of calls that were measured with this size of memory. Misses of variants that are stored aren't told
    apart."""
    of_misses = [calls[kind_of(miss.variant)] for miss in misses]
    billed = statistics.fmean(one["billed_ms"] for one in of_misses)
    return entry(billed, [one["viewer_ms"] for one in of_misses], memory)


def entry(billed, viewer, memory):
    dollars = {
        architecture: round(1e6 * (billed / 1e3 * memory / 1024 * price + LAMBDA_REQUEST), 2)
        for architecture, price in GB_SECOND.items()
    }
    return {"billed_ms": round(billed, 1), "made_ms": percentiles(viewer), "dollars_a_million_calls": dollars}


def percentiles(values):
    values = sorted(values)
    at = lambda share: round(values[min(int(share * len(values)), len(values) - 1)], 1)
    return {"p50": at(0.50), "p99": at(0.99)}

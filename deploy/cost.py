#!/usr/bin/env python3
"""Computes the costs of Tintype on AWS: deploy/cost.py [NAME=VALUE…] prints the tables of docs/cost.md.

--check fails unless docs/cost.md has exactly the tables for the inputs below. --write writes them there.
"""

import json
import pathlib
import sys

# List prices of us-east-1 in US dollars, without free tiers. Look them up before you rely on them.
PRICES = {
    "lambda_gb_second": 0.0000166667,
    "lambda_request": 0.20e-6,
    "s3_put": 0.005e-3,
    "s3_get": 0.0004e-3,
    "s3_gb_month": 0.023,
    "s3_tag_month": 0.01e-4,
    "cdn_request": 1.00e-6,
    "cdn_gb": 0.085,
    "cdn_function": 0.10e-6,
    "kvs_read": 0.03e-6,
    "http_api": 1.00e-6,
    "rest_api": 3.50e-6,
    "eventbridge_s3_event": 1.00e-6,
    "sqs_request": 0.40e-6,
    "logs_gb": 0.50,
    "secret_month": 0.40,
    "alarm_month": 0.10,
    "metric_month": 0.30,
    "dashboard_month": 3.00,
    "waf_month": 7.00,
    "waf_request": 0.60e-6,
    "fargate_vcpu_hour": 0.04048,
    "fargate_gb_hour": 0.004445,
    "alb_hour": 0.0225,
    "cloudflare_transformation": 0.50e-3,
    "mediaconvert_sd_minute": 0.0075,
    "mediaconvert_hd_minute": 0.0150,
}

# The calls of an upload, which a test records (tests/costs.rs).
CALLS = json.loads((pathlib.Path(__file__).parent / "calls.json").read_text(encoding="utf-8"))

# Assumptions about usage. Times are for one processor: a Lambda function with 1,769 MB has one.
INPUTS = {
    # Time to make a WebP 640 wide from a JPEG of 12 MP, in milliseconds: this project's and sharp's, measured alternately on
    # one core (benches/runs/2026-11-22/summary.md, "12 MP JPEG → webp 640").
    "tintype_ms": 22.5,
    "sharp_ms": 50.0,
    # Time to fetch the original from S3, and to store the variant, in milliseconds. Storing includes a check before and after
    # that the original is still the same.
    "fetch_ms": 40,
    "store_ms": 60,
    "memory_mb": 1769,
    # DIT's template gives its function 1,024 MB. Processing power is proportional to memory.
    "dit_memory_mb": 1024,
    # Misses of the CDN for each variant in a month: one in each regional cache that gets requests, and one after each
    # eviction. Tintype renders a variant once and stores it. The others render it at every miss.
    "misses": 3,
    "variant_kb": 60,
    "log_line_bytes": 600,
    # Duration of a call that checks an upload, and of one that compares its version, in milliseconds, and the memory of these
    # functions.
    "check_ms": 100,
    "upkeep_ms": 40,
    "small_memory_mb": 256,
    # Requests to SQS for each message: EventBridge sends it, Lambda receives and deletes it. Batches need fewer.
    "sqs_requests": 3,
    # Lambda polls an idle queue with this number of connections, each of which waits 20 seconds for a message.
    "pollers": 5,
    "queues": 4,
    "alarms": 21,
    "secrets": 3,
    "metrics": 12,
    # DIT on ECS: at least two tasks with one processor and two gigabytes each.
    "ecs_tasks": 2,
    "ecs_vcpus": 1,
    "ecs_gb": 2,
}

HOURS_A_MONTH = 730
MILLION = 1_000_000


def variants(p, i):
    """A million new variants, and their later misses in the month."""
    gigabytes = i["memory_mb"] / 1024
    seconds = (i["tintype_ms"] + i["fetch_ms"] + i["store_ms"]) / 1000
    later = i["misses"] - 1
    return [
        ("Lambda, time", MILLION * seconds * gigabytes * p["lambda_gb_second"]),
        ("Lambda, requests", MILLION * p["lambda_request"]),
        # CloudFront asks the bucket of variants. The function reads the original, and checks before and after it stores the
        # variant that the original is still the same.
        ("S3: look up the variant, read the original", MILLION * 4 * p["s3_get"]),
        ("S3: store the variant", MILLION * p["s3_put"]),
        ("S3: read the variant at later misses", MILLION * later * p["s3_get"]),
        ("S3: storage for a month", MILLION * i["variant_kb"] / 1e6 * p["s3_gb_month"]),
        ("Logs", MILLION * i["log_line_bytes"] / 1e9 * p["logs_gb"]),
    ]


def sharp_on_lambda(p, i):
    """A million new variants with DIT's architecture on Lambda: API Gateway, Base64, variants stored only in the CDN."""
    gigabytes = i["dit_memory_mb"] / 1024
    slower = 1769 / i["dit_memory_mb"]
    seconds = (i["sharp_ms"] * slower + i["fetch_ms"]) / 1000
    calls = MILLION * i["misses"]
    return [
        ("Lambda, time", calls * seconds * gigabytes * p["lambda_gb_second"]),
        ("Lambda, requests", calls * p["lambda_request"]),
        ("API Gateway (REST)", calls * p["rest_api"]),
        ("S3: read the original", calls * p["s3_get"]),
        ("Logs", calls * i["log_line_bytes"] / 1e9 * p["logs_gb"]),
    ]


def views(p, i):
    """A million views from the CDN's cache."""
    return [
        ("CloudFront, requests", MILLION * p["cdn_request"]),
        ("CloudFront, edge functions (two)", MILLION * 2 * p["cdn_function"]),
        ("Key-value store (one read)", MILLION * p["kvs_read"]),
        ("CloudFront, bytes", MILLION * i["variant_kb"] / 1e6 * p["cdn_gb"]),
    ]


def uploads(p, i):
    """A million pictures that are signed, sent and checked, with the recorded calls."""
    small = i["small_memory_mb"] / 1024 * p["lambda_gb_second"]
    signing = 0.005 * small + p["lambda_request"] + p["http_api"]
    messages = {name: CALLS["messages"].get(name, 0) for name in ("finalizer", "upkeep", "trigger")}
    time = {"finalizer": i["check_ms"], "upkeep": i["upkeep_ms"], "trigger": i["check_ms"]}
    calls = sum(number * (time[name] / 1000 * small + p["lambda_request"]) for name, number in messages.items())

    def s3(name):
        requests = CALLS["requests"][name]
        return requests.get("reads", 0) * p["s3_get"] + requests.get("writes", 0) * p["s3_put"]

    return [
        ("API Gateway and Lambda: sign", MILLION * signing),
        ("S3: store the file", MILLION * p["s3_put"]),
        ("EventBridge: stored, tagged", MILLION * CALLS["events"] * p["eventbridge_s3_event"]),
        ("SQS", MILLION * sum(messages.values()) * i["sqs_requests"] * p["sqs_request"]),
        ("Lambda: check, and compare the version", MILLION * calls),
        ("S3: check and tag", MILLION * s3("finalizer")),
        ("S3: note the version, and compare it", MILLION * s3("upkeep")),
        ("S3: two tags for a month", MILLION * 2 * p["s3_tag_month"]),
        ("Logs", MILLION * (1 + sum(messages.values())) * i["log_line_bytes"] / 1e9 * p["logs_gb"]),
    ]


def idle(p, i):
    """A month without any request."""
    return [
        ("Secrets", i["secrets"] * p["secret_month"]),
        ("Alarms", i["alarms"] * p["alarm_month"]),
        ("Metrics from the log, if there are variants", i["metrics"] * p["metric_month"]),
        ("Dashboard", p["dashboard_month"]),
        ("SQS: polls of idle queues", i["queues"] * polls(i) * p["sqs_request"]),
    ]


def polls(i):
    """The requests in a month that ask an idle queue for messages."""
    return i["pollers"] * HOURS_A_MONTH * 3600 / 20


def video(p, _):
    """A minute of a 1080p video in the basic tier: 270, 360 and 540 lines as SD; 720, 1080 and the MP4 of 720 lines as HD."""
    return [
        ("MediaConvert: three SD outputs", 3 * p["mediaconvert_sd_minute"]),
        ("MediaConvert: three HD outputs", 3 * p["mediaconvert_hd_minute"]),
    ]


def total(rows):
    return sum(dollars for _, dollars in rows)


def table(caption, rows):
    lines = [f"| {caption} | US dollars |", "| --- | ---: |"]
    lines += [f"| {name} | {dollars:,.2f} |" for name, dollars in [*rows, ("**total**", total(rows))]]
    return "\n".join(lines)


def comparison(p, i):
    ecs = i["ecs_tasks"] * (i["ecs_vcpus"] * p["fargate_vcpu_hour"] + i["ecs_gb"] * p["fargate_gb_hour"])
    ecs_month = HOURS_A_MONTH * (ecs + p["alb_hour"])
    once = {**i, "misses": 1}
    rows = [
        ("Tintype", *parts(variants(p, i)), picture(p, i), total(idle(p, i))),
        ("DIT on Lambda", *parts(sharp_on_lambda(p, i)), dit_picture(p, i), 0),
        ("Tintype, one miss for each variant", *parts(variants(p, once)), picture(p, once), total(idle(p, i))),
        ("DIT on Lambda, one miss for each variant", *parts(sharp_on_lambda(p, once)), dit_picture(p, once), 0),
        ("DIT on ECS, servers only", ecs_month, None, None, ecs_month),
        ("Cloudflare Images, list price", MILLION * p["cloudflare_transformation"], None, None, 0),
    ]
    lines = [
        "| | a million new variants | Lambda only | making the picture only | a month without requests |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, *columns in rows:
        lines.append(f"| {name} | {' | '.join('' if one is None else f'{one:,.2f}' for one in columns)} |")
    ours, theirs = rows[0][1:4], rows[1][1:4]
    ratios = " | ".join(f"**{mine / other:.2f}**" for mine, other in zip(ours, theirs))
    lines.insert(4, f"| **Tintype / DIT** | {ratios} | |")
    return "\n".join(lines)


def parts(rows):
    """The total, and Lambda's part of it."""
    return total(rows), sum(dollars for name, dollars in rows if name.startswith("Lambda"))


def picture(p, i):
    """The cost of Lambda's time for decoding, resizing and encoding a million variants, each of them once."""
    return MILLION * i["tintype_ms"] / 1000 * i["memory_mb"] / 1024 * p["lambda_gb_second"]


def dit_picture(p, i):
    """The same cost of DIT, which renders at every miss, with the fraction of a processor that its memory has."""
    slower = 1769 / i["dit_memory_mb"]
    return MILLION * i["misses"] * i["sharp_ms"] * slower / 1000 * i["dit_memory_mb"] / 1024 * p["lambda_gb_second"]


def inputs(i):
    return "\n".join(["| input | value |", "| --- | ---: |", *(f"| `{name}` | {value:,} |" for name, value in i.items())])


def report(p, i):
    return "\n\n".join(
        [
            comparison(p, i),
            table("a million new variants", variants(p, i)),
            table("a million new variants with DIT on Lambda", sharp_on_lambda(p, i)),
            table("a million views from the cache", views(p, i)),
            table("a million uploads", uploads(p, i)),
            table("a minute of 1080p video", video(p, i)),
            table("a month without requests", idle(p, i)),
            inputs(i),
        ]
    )


def main(arguments):
    flags = [argument for argument in arguments if argument.startswith("--")]
    prices, assumed = dict(PRICES), dict(INPUTS)
    for argument in arguments:
        if argument in flags:
            continue
        name, _, value = argument.partition("=")
        known = prices if name in prices else assumed
        if name not in known:
            sys.exit(f"error: {name} is not an input; the known ones are {', '.join([*INPUTS, *PRICES])}")
        known[name] = float(value)
    text = report(prices, assumed)
    if not flags:
        print(text)
        return
    page = pathlib.Path(__file__).parent.parent / "docs/cost.md"
    before = page.read_text(encoding="utf-8")
    head, rest = before.split("<!-- tables: begin -->\n", 1)
    _, tail = rest.split("<!-- tables: end -->", 1)
    after = f"{head}<!-- tables: begin -->\n{text}\n<!-- tables: end -->{tail}"
    if flags == ["--write"]:
        page.write_text(after, encoding="utf-8")
    elif flags != ["--check"]:
        sys.exit(f"error: {' '.join(flags)}: use --check or --write")
    elif before != after:
        sys.exit("error: docs/cost.md is out of date: deploy/cost.py --write updates its tables")


if __name__ == "__main__":
    main(sys.argv[1:])

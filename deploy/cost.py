#!/usr/bin/env python3
"""Computes the costs of Tintype on AWS: deploy/cost.py [NAME=VALUE…] prints the tables of docs/cost.md.

--check fails unless docs/cost.md has exactly the tables for the inputs below. --write writes them there.
"""

import json
import math
import pathlib
import sys

# List prices of us-east-1 in US dollars, without free tiers. Look them up before you rely on them.
PRICES = {
    "dynamodb_write": 0.625e-6,
    "dynamodb_read": 0.125e-6,
    "lambda_gb_second": 0.0000166667,
    "lambda_gb_second_arm64": 0.0000133334,
    "lambda_request": 0.20e-6,
    "s3_put": 0.005e-3,
    "s3_get": 0.0004e-3,
    "s3_gb_month": 0.023,
    "s3_tag_month": 0.01e-4,
    "cdn_request": 1.00e-6,
    "cdn_gb": 0.085,
    "cdn_function": 0.10e-6,
    "cdn_shield_request": 0.90e-6,
    "cdn_pro_month": 15.00,
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

DEPLOY = pathlib.Path(__file__).parent

# The calls of an upload, which a test records (tests/costs.rs).
CALLS = json.loads((DEPLOY / "calls.json").read_text(encoding="utf-8"))

# The shipped configuration.
CONFIG = json.loads((DEPLOY / "config.json").read_text(encoding="utf-8"))

# The results of `./bench delivery`, if there are any: the means of a call of the resize function and of DIT's function, for
# the misses of a site's pages.
SIMULATED = DEPLOY.parent / "benches/delivery/results.json"

# Assumptions about usage. Times are for one processor: a Lambda function with 1,769 MB has one.
INPUTS = {
    # Processor time to make a WebP 640 wide from a JPEG of 12 MP, in milliseconds: this project's and sharp's, measured
    # alternately on one core (benches/runs/2026-11-22/summary.md, "12 MP JPEG → webp 640").
    "tintype_ms": 22.5,
    "sharp_ms": 50.0,
    # Time for which a call waits for S3, in milliseconds: Tintype's and DIT's.
    "fetch_ms": 40,
    "dit_fetch_ms": 40,
    # Time to store a variant that is dear to make, with the checks before and after it that the original is the same.
    "store_ms": 60,
    # Reads from S3 for a miss.
    "reads": 1,
    # Share of the calls after which the variant is stored, because it is dear to make: by the predicted times of the pages'
    # requests in benches/delivery/traffic.py, AVIFs 1920 wide of 12 MP and everything of that width of 24 MP.
    "stores": 0.036,
    # The default of the resize function, and 1 if its processor is arm64.
    "memory_mb": 1769,
    "arm64": int(CONFIG["architecture"] == "arm64"),
    # DIT's template gives its function 1,024 MB. Processing power is proportional to memory.
    "dit_memory_mb": 1024,
    # Misses of the CDN for each variant in a month: one in each regional cache that gets requests, and one after each
    # eviction. With an origin shield, only those are calls of the function that the shield misses, too. Without one (0), each
    # is a call. CloudFront charges for the shield only requests from regional caches in other regions than the shield's
    # (developer guide, "Estimating Origin Shield costs"): with three regional caches, two thirds.
    "misses": 3,
    "shield_misses": 1,
    "shield_share": 0.67,
    "variant_kb": 60,
    "log_line_bytes": 600,
    # Duration of a call that checks an upload, and of one that compares its version, in milliseconds, and the memory of these
    # functions.
    "check_ms": 100,
    "upkeep_ms": 40,
    "small_memory_mb": 256,
    # Duration of a call that compares the library's record with a file, in milliseconds, without the picture's description.
    "keep_ms": 80,
    # Writes that DynamoDB bills for a change of a record below one kilobyte: the table and two indexes.
    "table_writes": 3,
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


def measured(results):
    """The inputs that the simulation of the delivery has measured."""
    ours, theirs = (results["contenders"][name]["mean_of_calls"] for name in ("Tintype", "DIT"))
    # Storing compares the original before and after. The model counts its calls and its time apart.
    store_ms = 2 * results["network"]["first_byte_ms"] + results["network"]["write_ms"]
    stores = ours["puts"]
    return {
        "tintype_ms": round(ours["processor_ms"], 1),
        "sharp_ms": round(theirs["processor_ms"], 1),
        "fetch_ms": round(ours["waiting_ms"] - stores * store_ms, 1),
        "dit_fetch_ms": round(theirs["waiting_ms"], 1),
        "store_ms": round(store_ms, 1),
        "reads": round(ours["gets"] + ours["heads"] - 2 * stores, 2),
        "variant_kb": round(ours["answer_bytes"] / 1000),
        # A program that stores every variant says nothing about those that are dear.
        **({"stores": round(stores, 3)} if stores < 1 else {}),
    }


def millisecond(p, i):
    """The price of a millisecond of the resize function."""
    price = p["lambda_gb_second_arm64"] if i["arm64"] else p["lambda_gb_second"]
    return i["memory_mb"] / 1024 * price / 1000


def holding(p, i):
    """The price of storing a variant, and of holding it for a month."""
    return p["s3_put"] + i["variant_kb"] / 1e6 * p["s3_gb_month"]


def call(p, i):
    """A miss that reaches the resize function."""
    return [
        ("Lambda, time", (i["tintype_ms"] + i["fetch_ms"]) * millisecond(p, i)),
        ("Lambda, requests", p["lambda_request"]),
        ("S3: read the original", i["reads"] * p["s3_get"]),
        ("Store what is dear to make, for a month", i["stores"] * sum(dollars for _, dollars in storing_parts(p, i))),
        ("Logs", i["log_line_bytes"] / 1e9 * p["logs_gb"]),
    ]


def variants(p, i):
    """A million new variants, and their later misses in the month."""
    calls = min(i["shield_misses"] or i["misses"], i["misses"])
    rows = [(name, MILLION * calls * dollars) for name, dollars in call(p, i)]
    shield = i["misses"] * i["shield_share"] * p["cdn_shield_request"] if i["shield_misses"] else 0
    return [*rows, ("CloudFront: origin shield", MILLION * shield)]


def storing_parts(p, i):
    """The cost of storing a variant."""
    return [
        ("S3: store the variant, and hold it for a month", holding(p, i)),
        ("Lambda: wait until it is stored", i["store_ms"] * millisecond(p, i)),
        ("S3: compare the original before and after", 2 * p["s3_get"]),
        ("S3: look it up at the first miss, in vain", p["s3_get"]),
    ]


def storing(p, i):
    """The parts of the decision to store a variant, and the milliseconds of processor time from which it pays."""
    store, look_up, later = storing_parts(p, i), p["s3_get"], i["misses"] - 1
    saved = sum(dollars for _, dollars in store) / later + look_up
    return store, look_up, saved, saved / millisecond(p, i)


def keep_from_milliseconds(p, i):
    """`delivery.keepFromMilliseconds` of the policy: the next twenty milliseconds."""
    return 20 * math.ceil(storing(p, i)[-1] / 20)


def storing_table(p, i):
    store, look_up, saved, milliseconds = storing(p, i)
    lines = ["| storing a million variants | US dollars |", "| --- | ---: |"]
    lines += [f"| {name} | {MILLION * dollars:,.2f} |" for name, dollars in store]
    later = i["misses"] - 1
    lines += [
        f"| a part of it for each of {later:g} later misses | {MILLION * (saved - look_up):,.2f} |",
        f"| S3: read it at a later miss | {MILLION * look_up:,.2f} |",
        f"| **must be saved at each later miss** | {MILLION * saved:,.2f} |",
        f"| a millisecond of Lambda | {MILLION * millisecond(p, i):.4f} |",
        f"| milliseconds from which storing pays | {milliseconds:,.1f} |",
        f"| **`delivery.keepFromMilliseconds`** | {keep_from_milliseconds(p, i)} |",
    ]
    return "\n".join(lines)


def shield_pays_from(p, i):
    """The misses for each variant from which the origin shield costs less than the calls that it saves."""
    one = sum(dollars for _, dollars in call(p, i))
    return i["shield_misses"] * one / (one - i["shield_share"] * p["cdn_shield_request"])


def shield_table(p, i):
    lines = ["| misses for each variant | with the origin shield | without |", "| ---: | ---: | ---: |"]
    for misses in (1, 2, 3, 5):
        shielded, open_ = ({**i, "misses": misses, "shield_misses": gathered} for gathered in (1, 0))
        lines.append(f"| {misses} | {total(variants(p, shielded)):,.2f} | {total(variants(p, open_)):,.2f} |")
    lines.append(f"| **it pays from** | **{shield_pays_from(p, i):,.1f}** misses | |")
    return "\n".join(lines)


def sharp_on_lambda(p, i):
    """A million new variants with DIT's architecture on Lambda: API Gateway, Base64, variants stored only in the CDN."""
    gigabytes = i["dit_memory_mb"] / 1024
    slower = 1769 / i["dit_memory_mb"]
    seconds = (i["sharp_ms"] * slower + i["dit_fetch_ms"]) / 1000
    calls = MILLION * i["misses"]
    return [
        ("Lambda, time", calls * seconds * gigabytes * p["lambda_gb_second"]),
        ("Lambda, requests", calls * p["lambda_request"]),
        ("API Gateway (REST)", calls * p["rest_api"]),
        ("S3: read the original", calls * p["s3_get"]),
        ("Logs", calls * i["log_line_bytes"] / 1e9 * p["logs_gb"]),
    ]


def flat_rate(p, i):
    """A million views in CloudFront's plan Pro, which has ten million requests and 50 TB a month."""
    return [("CloudFront, plan Pro: a tenth of its price", p["cdn_pro_month"] / 10)]


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


def library(p, i):
    """What the library adds to a million uploads: it keeps a record of each, and describes the picture."""
    messages = CALLS["messages"]["library"]
    s3, table = CALLS["requests"]["library"], CALLS["table"]
    seconds = (messages * i["keep_ms"] + i["fetch_ms"] + i["tintype_ms"]) / 1000
    time = seconds * i["memory_mb"] / 1024 * p["lambda_gb_second"]
    return [
        ("SQS", MILLION * messages * i["sqs_requests"] * p["sqs_request"]),
        ("Lambda: compare the record, describe the picture", MILLION * (time + messages * p["lambda_request"])),
        ("S3: look at the file and its tags, read the picture", MILLION * s3["reads"] * p["s3_get"]),
        ("DynamoDB: reads", MILLION * table["GetItem"] * p["dynamodb_read"]),
        ("DynamoDB: writes", MILLION * table["PutItem"] * i["table_writes"] * p["dynamodb_write"]),
        ("Logs", MILLION * messages * i["log_line_bytes"] / 1e9 * p["logs_gb"]),
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
    for line, (ours, theirs) in ((4, rows[0:2]), (7, rows[2:4])):
        ratios = " | ".join(f"**{mine / other:.2f}**" for mine, other in zip(ours[1:4], theirs[1:4]))
        lines.insert(line, f"| **Tintype / DIT** | {ratios} | |")
    return "\n".join(lines)


def parts(rows):
    """The total, and Lambda's part of it."""
    return total(rows), sum(dollars for name, dollars in rows if name.startswith("Lambda"))


def picture(p, i):
    """The cost of Lambda's time for decoding, resizing and encoding a million variants at each call."""
    calls = min(i["shield_misses"] or i["misses"], i["misses"])
    return MILLION * calls * i["tintype_ms"] * millisecond(p, i)


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
            storing_table(p, i),
            shield_table(p, i),
            table("a million views from the cache", views(p, i)),
            table("a million views in a flat-rate plan", flat_rate(p, i)),
            table("a million uploads", uploads(p, i)),
            table("a million uploads: the library adds", library(p, i)),
            table("a minute of 1080p video", video(p, i)),
            table("a month without requests", idle(p, i)),
            inputs(i),
        ]
    )


def main(arguments):
    flags = [argument for argument in arguments if argument.startswith("--")]
    prices, assumed = dict(PRICES), dict(INPUTS)
    if SIMULATED.exists():
        assumed.update(measured(json.loads(SIMULATED.read_text(encoding="utf-8"))))
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

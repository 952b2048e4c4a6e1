"""Grafana's dashboard and Prometheus' alerts: that they are read, when alerts fire, and that `tintype serve` exposes every metric."""

import contextlib
import itertools
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import unittest
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from pictures import bmp, png
from stack import get, local_stack, server, until, upload

PACKAGING = Path(__file__).parents[2] / "packaging"
DASHBOARD = json.loads((PACKAGING / "grafana/tintype.json").read_text())
RULES = PACKAGING / "prometheus/tintype.rules.yaml"
PROMTOOL = os.environ.get("PROMTOOL", "promtool")


def promtool(*arguments: object) -> None:
    done = subprocess.run([PROMTOOL, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def dashboard_queries() -> list[str]:
    return [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def metrics(text: str) -> set[str]:
    return set(re.findall(r"\btintype_[a-z_]+", text))


def lost(written, read, path: str = "dashboard") -> Iterator[str]:
    """The members of a document that aren't the same in another one, which may have more."""
    match written, read:
        case dict(), dict():
            for name, value in written.items():
                yield from lost(value, read.get(name), f"{path}.{name}")
        case list(), list() if len(written) == len(read):
            for number, pair in enumerate(zip(written, read)):
                yield from lost(*pair, f"{path}[{number}]")
        case _ if written != read:
            yield f"{path}: {written!r} is read as {read!r}"


def end_a_worker(address: str, pid: int, bitmap: str, delay: float) -> bool:
    """Asks for a large variant and ends the server's workers after the delay. Returns whether one of them was at work."""

    def ask() -> None:
        with contextlib.suppress(urllib.error.HTTPError):
            get(f"{address}{bitmap}?w=1600&fm=avif")

    request = threading.Thread(target=ask)
    request.start()
    request.join(delay)
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for worker in children.read_text().split():
            os.kill(int(worker), signal.SIGKILL)
    request.join()
    return "tintype_workers_ended_total{" in get(f"{address}/metrics").decode()


class Files(unittest.TestCase):
    def test_the_alerts_have_prometheus_syntax_and_fire_when_they_should(self):
        promtool("check", "rules", RULES)
        promtool("test", "rules", PACKAGING / "prometheus/tintype.rules.test.yaml")

    def test_the_queries_of_the_dashboard_have_prometheus_syntax(self):
        queries = [query.replace("$__rate_interval", "5m") for query in dashboard_queries()]
        rules = [{"record": f"panel:{number}", "expr": query} for number, query in enumerate(queries)]
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}, file)
            file.flush()
            promtool("check", "rules", file.name)

    def test_grafanas_types_read_every_member_of_the_dashboard(self):
        register_default_plugins()
        read = json.loads(JSONEncoder().encode(Dashboard.from_json(DASHBOARD)))
        self.assertEqual(list(lost(DASHBOARD, read)), [])

    def test_no_panel_covers_another_and_each_has_an_id_of_its_own(self):
        cells = set()
        for panel in DASHBOARD["panels"]:
            place = panel["gridPos"]
            taken = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
            self.assertFalse(cells & taken, panel["title"])
            cells |= taken
        ids = [panel["id"] for panel in DASHBOARD["panels"]]
        self.assertEqual(len(ids), len(set(ids)))


class Metrics(unittest.TestCase):
    def test_a_server_exposes_every_metric_of_the_dashboard_and_of_the_alerts(self):
        rules = yaml.safe_load(RULES.read_text())["groups"][0]["rules"]
        queries = [variable["query"] for variable in DASHBOARD["templating"]["list"]]
        variables = [query["query"] for query in queries if isinstance(query, dict)]
        named = metrics("\n".join(dashboard_queries() + variables + [rule["expr"] for rule in rules]))
        self.assertGreater(len(named), 6)
        with tempfile.TemporaryDirectory() as folder, local_stack(Path(folder, "data")) as stack, server(stack["s3"]) as found:
            address, pid = found
            for name, content in [("a.png", png(800, 600)), ("b.bmp", bmp(1600, 1200))]:
                Path(folder, name).write_bytes(content)
            photo, bitmap = (upload(stack["edge"], Path(folder, name)) for name in ["a.png", "b.bmp"])
            for path in [photo, bitmap]:
                get(f"{address}{path}?w=160&fm=png")
            # A worker that ends before it has read its job isn't counted.
            delays = itertools.cycle([0.1, 0.2, 0.4, 0.8])
            until(lambda: end_a_worker(address, pid, bitmap, next(delays)), "a counted end of a worker")
            exposed = metrics(get(f"{address}/metrics").decode())
        self.assertLessEqual(named, exposed)


if __name__ == "__main__":
    unittest.main()

"""Checks that the published figures follow from the raw data: the script must make the same documents, summary and chart
from the files of the run."""

import unittest
from pathlib import Path
from xml.etree import ElementTree

import chart
import documents
import rows
import summary

RUNS = Path(__file__).parent.parent / "runs"


class Published(unittest.TestCase):
    def test_the_documents_show_what_the_script_makes_of_the_run(self):
        folder = documents.published_folder()
        if folder is None:
            self.assertIn("No run is published yet", (documents.REPOSITORY / "README.md").read_text())
            return
        for path, text in documents.documents(rows.load(folder), folder).items():
            self.assertEqual(path.read_text(), text, f"./bench --report {folder} --publish rewrites {path}")

    def test_summaries_and_charts_of_stored_runs_are_current(self):
        for folder in sorted(RUNS.iterdir()):
            if (folder / "sweep.jsonl").exists():
                run = rows.load(folder)
                self.assertEqual((folder / "summary.md").read_text(), summary.markdown(run), folder)
                self.assertEqual((folder / "chart.svg").read_text(), chart.chart(run), folder)


def run(theirs, ours_bytes=1000):
    """A run of one WebP job: `theirs` is {effort: (ms, bytes)} of sharp, ours takes 10 ms."""
    scores = {"gamma": 70.0, "linear": 60.0}
    job = "6 MP JPEG → webp 640"
    line = lambda peer, effort, ms: {"job": job, "peer": peer, "effort": effort, "round": 0, "ms": ms}
    timings = [line("tintype", "", 10.0), line("tintype again", "", 10.1)]
    timings += [line("sharp", effort, ms) for effort, (ms, _) in theirs.items()]
    found = [
        {"peer": "sharp", "effort": effort, "quality": 78, "bytes": size, "scores": scores}
        for effort, (_, size) in theirs.items()
    ]
    sweep = [{"job": job, "ours": {"bytes": ours_bytes, "scores": scores}, "settings": found}]
    machine = {"date": "2026-01-02", "cores": 2, "processor": "a processor", "system": "Linux", "commit": "abc"}
    machine |= {"peers": {"sharp": "sharp 1"}, "rust": "rustc 1", "node": "v1", "sources": "photos", "minutes": 1.0}
    return {"machine": machine, "timings": timings, "sweep": sweep, "http": [], "pages": [], "memory": {}}


class Reports(unittest.TestCase):
    def test_the_table_shows_the_effort_of_equal_work_and_says_what_is_no_lead(self):
        table = summary.markdown(run({"2": (10.2, 1010), "4": (26.0, 950)}))
        self.assertIn("| 6 MP JPEG → webp 640 | 10.0 | 1.0 | 2 | **1.0× (no lead)** | 1.01 | 2.6× | 0.95 |", table)

    def test_the_readme_names_the_jobs_without_a_lead_and_those_where_a_peer_has_fewer_bytes(self):
        text = "\n".join(documents.readme(run({"0": (8.0, 900)}), Path("benches/runs/2026-01-02")))
        self.assertIn("**0.8** (no lead)", text)
        self.assertIn("No lead in 1 of 1 job (6 MP JPEG → webp 640).", text)
        self.assertIn("sharp's file is more than 5 % smaller in 1 (6 MP JPEG → webp 640).", text)

    def test_the_median_of_the_rounds_counts(self):
        data = run({"4": (26.0, 1000)})
        data["timings"] += [{**data["timings"][0], "ms": ms} for ms in (12.0, 500.0)]
        self.assertEqual(rows.rows(data)[0]["ours"]["ms"], 12.0)

    def test_the_summary_says_how_many_rounds_were_measured(self):
        data = run({"4": (26.0, 1000)})
        data["timings"].append({**data["timings"][0], "round": 6})
        self.assertIn("Medians of 7 rounds;", summary.markdown(data))

    def test_a_setting_that_misses_the_score_is_not_compared(self):
        row = rows.rows(run({"0": (8.0, None), "4": (26.0, 1000)}))[0]
        self.assertEqual(row["peers"]["sharp"]["equal"].effort, "4")

    def test_every_point_and_label_of_the_chart_lies_inside_it(self):
        svg = ElementTree.fromstring(chart.chart(run({"0": (0.4, 300), "2": (9.8, 1001), "4": (10.2, 1000), "6": (4000.0, 90)})))
        width, height = float(svg.get("width")), float(svg.get("height"))
        space = "{http://www.w3.org/2000/svg}"
        self.assertEqual(len(svg.findall(f".//{space}circle")), 4)
        words = [text.text for text in svg.iter(f"{space}text")]
        self.assertIn("parity: the same time", words)
        self.assertIn("parity: the same bytes", words)
        for circle in svg.iter(f"{space}circle"):
            self.assertTrue(0 < float(circle.get("cx")) < width and 0 < float(circle.get("cy")) < height)
        for text in svg.iter(f"{space}text"):
            extent = len(text.text) * chart.CHARACTER
            start = float(text.get("x")) - {"start": 0, "middle": extent / 2, "end": extent}[text.get("text-anchor")]
            if text.text != "bytes ÷ Tintype’s":
                self.assertTrue(0 <= start and start + extent <= width, text.text)

    def test_http_rates_are_medians_and_percentiles_cover_all_rounds(self):
        line = {"server": "tintype", "format": "webp", "seconds": 2.0, "mean_bytes": 5.0, "failures": []}
        data = {"http": [
            {**line, "round": 0, "requests": 100, "latencies": [1.0] * 100},
            {**line, "round": 1, "requests": 50, "latencies": [9.0] * 50},
            {**line, "round": 2, "requests": 100, "latencies": [1.0] * 100},
        ]}
        numbers = rows.http_rows(data)["webp"]["tintype"]
        self.assertEqual((numbers["rate"], numbers["p50"], numbers["p99"]), (50.0, 1.0, 9.0))


if __name__ == "__main__":
    unittest.main()

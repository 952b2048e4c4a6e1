"""botocore's model of MediaConvert judges the jobs of a running stack, and cdk-nag and cfn-lint the templates of the deployment."""

import importlib.metadata
import json
import os
import pathlib
import subprocess
import sys

import boto3

import files

ROOT = pathlib.Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
FOLDER = pathlib.Path(os.environ["FOLDER"])
LINTER = pathlib.Path(os.environ["TARGET"]) / "deploy-venv/bin/cfn-lint"

# The clips whose jobs are judged: name, size, further options of ffmpeg.
CLIPS = [
    ("landscape with sound", "960x540", []),
    ("portrait", "360x640", []),
    ("without sound", "640x360", ["-an"]),
    ("1080p", "1920x1080", []),
]


def jobs():
    """The jobs that the trigger creates for the clips, as botocore's model of CreateJob sees them."""
    for number, (_, size, options) in enumerate(CLIPS):
        source = [f"testsrc2=size={size}:rate=25:duration=1", "sine=duration=1"]
        codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", *options]
        clip = files.made(FOLDER, f"clip{number}.mp4", source, *codecs)
        files.transcoded(files.uploaded(clip, "video/mp4"))
    client = boto3.client("mediaconvert", endpoint_url=os.environ["MEDIA_CONVERT"])
    found = client.list_jobs(MaxResults=20, Order="ASCENDING")["Jobs"]
    input_members = client.meta.service_model.operation_model("CreateJob").input_shape.members
    bodies = [wire({name: value for name, value in job.items() if name in input_members}) for job in found]
    model = [sys.executable, "-B", ROOT / "tests/create_job_model.py"]
    checked = subprocess.run(model, input=json.dumps(bodies), capture_output=True, text=True, check=True)
    reports = json.loads(checked.stdout)
    if len(reports) != len(CLIPS):
        raise AssertionError(f"{len(reports)} jobs for {len(CLIPS)} clips")
    return [("jobs", f"job: {name}", report or None) for (name, *_), report in zip(CLIPS, reports)]


def wire(value, is_map=False):
    """Member names as they are sent. Keys of maps stay as they are."""
    if isinstance(value, list):
        return [wire(item) for item in value]
    if not isinstance(value, dict):
        return value
    maps = ("UserMetadata", "AudioSelectors")
    return {name if is_map else name[0].lower() + name[1:]: wire(item, name in maps) for name, item in value.items()}


def nag():
    """The deployment's own tests, which synthesise many configurations: a finding of cdk-nag is an error there."""
    test = ["node", "--test", "--test-reporter=tap", *sorted(map(str, (DEPLOY / "dist/tests").glob("*.test.js")))]
    output = subprocess.run(test, cwd=DEPLOY, capture_output=True, text=True, check=False).stdout
    for line in output.splitlines():
        verdict, _, name = line.strip().partition(" - ")
        if verdict.startswith(("ok", "not ok")):
            yield "cdk-nag", f"cdk-nag: {name}", None if verdict.startswith("ok") else "not ok"


def lint():
    """cfn-lint's findings in the templates of the shipped configuration, and of those that the tests have synthesised."""
    out = FOLDER / "cdk.out"
    subprocess.run(["node", "dist/app.js"], cwd=DEPLOY, env=os.environ | {"CDK_OUTDIR": str(out)}, check=True)
    templates = sorted([*out.glob("*.template.json"), *DEPLOY.glob("dist/synthesised/*/*.template.json")])
    # In a folder without the deployment's settings, which ignore a rule.
    command = [LINTER, "--format", "json", "--template", *templates]
    found = json.loads(subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False).stdout or "[]")
    for template in templates:
        name = f"cfn-lint: {template.parent.name}, {template.name.removesuffix('.template.json')}"
        rules = {one["Rule"]["Id"]: one["Message"] for one in found if one["Filename"] == str(template)}
        yield from (("cfn-lint", f"{name}: {rule}", message) for rule, message in sorted(rules.items()))
        if not rules:
            yield "cfn-lint", name, None


def version(package):
    return json.loads((DEPLOY / f"node_modules/{package}/package.json").read_text())["version"]


results = [*jobs(), *nag(), *lint()]
linted = subprocess.run([LINTER, "--version"], capture_output=True, text=True, check=True)
judge = f"botocore {importlib.metadata.version('botocore')} and {linted.stdout.strip()} (PyPI), cdk-nag {version('cdk-nag')} (npm)"
files.report(judge, "the jobs of four clips, and the templates of the deployment's configurations", results)

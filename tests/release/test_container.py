"""The container image of scripts/container, the compose file and the manifests for Kubernetes."""

import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import tarfile
import tempfile
import unittest
from pathlib import Path

import kubernetes_validate
import yaml

from built import PROGRAM, ROOT, files, run

PACKAGING = ROOT / "packaging"
USER = "65532:65532"


def containerfile(name: str) -> list[tuple[str, str]]:
    """The instructions of the last stage."""
    text = (PACKAGING / "container" / name).read_text().replace("\\\n", "")
    lines = [line.split(" ", 1) for line in text.splitlines() if line and not line.startswith("#")]
    last = max(number for number, (word, _) in enumerate(lines) if word == "FROM")
    return [(word, rest.strip()) for word, rest in lines[last:]]


class Image(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        (archive,) = files().glob("*.tar.gz")
        cls.layout = folder / "layout"
        run(ROOT / "scripts/container", "--output", cls.layout, archive)
        cls.manifest = json.loads(cls.blob(json.loads((cls.layout / "index.json").read_text())["manifests"][0]))
        cls.config = json.loads(cls.blob(cls.manifest["config"]))
        cls.unpacked = folder / "unpacked"
        cls.tars = [gzip.decompress(cls.blob(layer)) for layer in cls.manifest["layers"]]
        cls.unpacked.mkdir()
        for content in cls.tars:
            subprocess.run(["tar", "--extract", "--directory", cls.unpacked], input=content, check=True)

    @classmethod
    def blob(cls, descriptor: dict) -> bytes:
        return (cls.layout / "blobs/sha256" / descriptor["digest"].removeprefix("sha256:")).read_bytes()

    def test_every_blob_has_its_digest_and_size(self):
        for descriptor in [self.manifest["config"], *self.manifest["layers"]]:
            content = self.blob(descriptor)
            self.assertEqual(f"sha256:{hashlib.sha256(content).hexdigest()}", descriptor["digest"])
            self.assertEqual(len(content), descriptor["size"])
        digests = [f"sha256:{hashlib.sha256(content).hexdigest()}" for content in self.tars]
        self.assertEqual(self.config["rootfs"]["diff_ids"], digests)

    def test_the_program_starts_with_the_libraries_of_the_image(self):
        (loader,) = self.unpacked.glob("usr/lib*/ld-linux-*.so.*") or self.unpacked.glob("usr/lib/*/ld-linux-*.so.*")
        libraries = self.unpacked / f"usr/lib/{os.uname().machine}-linux-gnu"
        real = libraries / loader.name
        printed = run(real, "--library-path", libraries, "--inhibit-cache", self.unpacked / "usr/bin/tintype", "--version")
        self.assertTrue(printed.startswith("tintype "), printed)

    def test_nothing_of_the_image_belongs_to_the_user_who_runs_it(self):
        self.assertEqual(self.config["config"]["User"], USER)
        for content in self.tars:
            with tarfile.open(fileobj=io.BytesIO(content)) as layer:
                self.assertEqual([member.name for member in layer if member.uid != 0 or member.mode & 0o002 and not member.issym()], [])

    def test_the_image_has_certificates_and_licences(self):
        bundle = (self.unpacked / "etc/ssl/certs/ca-certificates.crt").read_text()
        self.assertGreater(bundle.count("BEGIN CERTIFICATE"), 100)
        for paper in ["tintype/THIRD-PARTY.txt", "libc6/copyright", "busybox-static/copyright"]:
            self.assertTrue((self.unpacked / "usr/share/doc" / paper).exists(), paper)

    def test_the_containerfile_makes_the_same_configuration(self):
        instructions = dict(containerfile("Containerfile"))
        config = self.config["config"]
        self.assertEqual(instructions["USER"], config["User"])
        self.assertEqual(json.loads(instructions["ENTRYPOINT"]), config["Entrypoint"])
        self.assertEqual({f"{port}/tcp" for port in instructions["EXPOSE"].split()}, set(config["ExposedPorts"]))
        self.assertEqual(["CMD", *json.loads(instructions["HEALTHCHECK"].split("CMD ")[1])], config["Healthcheck"]["Test"])


class Files(unittest.TestCase):
    def test_every_containerfile_runs_the_program_as_another_user_than_root_and_checks_its_health(self):
        for name in ["Containerfile", "Containerfile.local"]:
            instructions = dict(containerfile(name))
            self.assertEqual(instructions["USER"], USER, name)
            self.assertIn("HEALTHCHECK", instructions, name)
            program, command, *arguments = json.loads(instructions["ENTRYPOINT"])
            self.assertEqual(program, "/usr/bin/tintype")
            options = {argument for argument in arguments if argument.startswith("--")}
            self.assertLessEqual(options, options_of(command), name)

    def test_the_manifests_conform_to_the_schemas_of_kubernetes(self):
        documents = list(yaml.safe_load_all((PACKAGING / "kubernetes/tintype.yaml").read_text()))
        kinds = [document["kind"] for document in documents]
        self.assertEqual(kinds, ["Secret", "Deployment", "Service", "PodDisruptionBudget", "HorizontalPodAutoscaler"])
        for document in documents:
            kubernetes_validate.validate(document, "1.33", strict=True)

    def test_pods_and_the_service_of_compose_have_no_privileges_and_a_read_only_root(self):
        documents = yaml.safe_load_all((PACKAGING / "kubernetes/tintype.yaml").read_text())
        pod = next(document for document in documents if document["kind"] == "Deployment")["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        self.assertTrue(pod["securityContext"]["runAsNonRoot"])
        self.assertEqual(container["securityContext"]["capabilities"], {"drop": ["ALL"]})
        self.assertTrue(container["securityContext"]["readOnlyRootFilesystem"])
        service = yaml.safe_load((PACKAGING / "container/compose.yaml").read_text())["services"]["tintype"]
        self.assertTrue(service["read_only"])
        self.assertEqual(service["cap_drop"], ["ALL"])
        for arguments in [container["args"], service["command"]]:
            self.assertLessEqual({argument for argument in arguments if argument.startswith("--")}, options_of("serve"))


def options_of(command: str) -> set[str]:
    return set(re.findall(r"--[a-z0-9-]+", run(PROGRAM, command, "--help")))


if __name__ == "__main__":
    unittest.main()

"""The files of scripts/release."""

import functools
import hashlib
import http.server
import json
import os
import subprocess
import tarfile
import tempfile
import threading
import tomllib
import unittest
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from built import PROGRAM, ROOT, files, release, run

WORKSPACE = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]
TRIPLE = f"{os.uname().machine}-unknown-linux-gnu"
NAME = f"tintype-{WORKSPACE['version']}-{TRIPLE}"


class Release(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.files = files()

    def test_the_archive_has_the_program_its_papers_and_nothing_else(self):
        with tarfile.open(self.files / f"{NAME}.tar.gz") as archive:
            members = {member.name.removeprefix(NAME).lstrip("/"): member for member in archive.getmembers()}
        papers = {"LICENSE-APACHE", "LICENSE-MIT", "README.md", "THIRD-PARTY.txt", "policy.json", "sbom.cdx.json", "tintype.1"}
        self.assertEqual(set(members), {"", "tintype"} | papers)
        self.assertEqual({name: oct(members[name].mode) for name in papers}, dict.fromkeys(papers, "0o644"))
        self.assertEqual(members["tintype"].mode, 0o755)
        self.assertEqual({member.uid for member in members.values()}, {0})

    def test_every_file_has_its_checksum(self):
        lines = (self.files / "SHA256SUMS").read_text().splitlines()
        sums = dict(reversed(line.split("  ")) for line in lines)
        self.assertEqual(set(sums) | {"SHA256SUMS"}, {file.name for file in self.files.iterdir()})
        for name, digest in sums.items():
            self.assertEqual(hashlib.sha256((self.files / name).read_bytes()).hexdigest(), digest, name)

    def test_the_installer_installs_from_the_archive_and_removes_it_again(self):
        prefix = self.folder / "prefix"
        archive = self.files / f"{NAME}.tar.gz"
        run(self.files / "install-tintype", "--prefix", prefix, archive)
        self.assertIn(WORKSPACE["version"], run(prefix / "bin/tintype", "--version"))
        self.assertTrue((prefix / "share/doc/tintype/THIRD-PARTY.txt").exists())
        run(self.files / "install-tintype", "--prefix", prefix, "--remove")
        self.assertEqual([file for file in prefix.rglob("*") if file.is_file()], [])

    def test_the_installer_installs_from_a_url(self):
        class Quiet(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_):
                pass

        prefix = self.folder / "from-url"
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=self.files)) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            run(self.files / "install-tintype", "--prefix", prefix, f"http://127.0.0.1:{server.server_port}/{NAME}.tar.gz")
            server.shutdown()
        self.assertIn(WORKSPACE["version"], run(prefix / "bin/tintype", "--version"))

    def test_the_installer_refuses_a_damaged_archive(self):
        folder = self.folder / "damaged"
        folder.mkdir()
        content = (self.files / f"{NAME}.tar.gz").read_bytes()
        (folder / f"{NAME}.tar.gz").write_bytes(content[:-1] + b"x")
        (folder / "SHA256SUMS").write_bytes((self.files / "SHA256SUMS").read_bytes())
        command = [self.files / "install-tintype", "--prefix", folder / "prefix", folder / f"{NAME}.tar.gz"]
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("another checksum", done.stderr)
        self.assertFalse((folder / "prefix").exists())

    def test_the_sbom_conforms_to_its_schema_and_lists_what_is_linked(self):
        text = (self.files / f"{NAME}.cdx.json").read_text()
        self.assertIsNone(JsonStrictValidator(SchemaVersion.V1_6).validate_str(text))
        document = json.loads(text)
        names = {component["name"] for component in document["components"]}
        self.assertLessEqual({"libaom-sys", "libwebp-sys", "turbojpeg-sys", "aws-sdk-s3", "rustls", "resize"}, names)
        # Of tests and of the build.
        self.assertFalse({"criterion", "proptest", "cmake", "cc"} & names)
        foreign = [component for component in document["components"] if "purl" in component]
        self.assertTrue(all(len(component["hashes"][0]["content"]) == 64 for component in foreign))

    def test_the_licence_texts_of_codecs_fonts_and_the_model_are_in_the_archive(self):
        with tarfile.open(self.files / f"{NAME}.tar.gz") as archive:
            text = archive.extractfile(f"{NAME}/THIRD-PARTY.txt").read().decode()
        for holder in ["Alliance for Open Media", "Google", "libjpeg-turbo Project", "Bitstream", "Vincent Mühler"]:
            self.assertIn(holder, text)

    def test_the_package_for_debian_has_the_program_its_service_and_its_configuration(self):
        (package,) = self.files.glob("*.deb")
        listing = run("dpkg-deb", "--contents", package)
        files = {line.split()[5].lstrip("."): line.split()[0] for line in listing.splitlines() if not line.startswith("d")}
        for file in [
            "/usr/bin/tintype",
            "/lib/systemd/system/tintype.service",
            "/etc/tintype/tintype.conf",
            "/usr/share/man/man1/tintype.1.gz",
            "/usr/share/doc/tintype/copyright",
            "/usr/share/doc/tintype/THIRD-PARTY.txt.gz",
        ]:
            self.assertIn(file, files)
        self.assertEqual(files["/etc/tintype/tintype.conf"], "-rw-------", "it may contain secrets")
        self.assertEqual(run("dpkg-deb", "--field", package, "Version").strip(), f"{WORKSPACE['version']}-1")
        control = self.folder / "control"
        run("dpkg-deb", "--control", package, control)
        self.assertEqual((control / "conffiles").read_text(), "/etc/tintype/tintype.conf\n")

    def test_cargo_binstall_finds_the_program_in_the_archive(self):
        package = tomllib.loads((ROOT / "tintype/Cargo.toml").read_text())["package"]
        metadata = package["metadata"]["binstall"]

        def expand(template: str) -> str:
            values = {"name": "tintype", "version": WORKSPACE["version"], "target": TRIPLE, "bin": "tintype", "binary-ext": ""}
            for name, value in values.items():
                template = template.replace(f"{{ {name} }}", value)
            return template

        self.assertEqual(expand(metadata["pkg-url"]).rsplit("/", 1)[1], f"{NAME}.tar.gz")
        with tarfile.open(self.files / f"{NAME}.tar.gz") as archive:
            self.assertIn(expand(metadata["bin-dir"]), archive.getnames())


class Reproduction(unittest.TestCase):
    def test_the_same_program_gives_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ["first", "second"]:
                # A small program, because only the packing is compared.
                release(Path(folder, name), "/bin/true")
            first, second = (Path(folder, name, "SHA256SUMS").read_text() for name in ["first", "second"])
            self.assertEqual(first, second)
            self.assertEqual(len(first.splitlines()), 4, first)


class Manual(unittest.TestCase):
    def test_the_manual_page_lists_every_command(self):
        page = (ROOT / "packaging/tintype.1").read_text()
        section = page.split(".SH COMMANDS")[1].split(".SH")[0]
        listed = [line[3:].replace("\\", "") for line in section.splitlines() if line.startswith(".B ")]
        printed = run(PROGRAM, "--help").split("Commands:\n")[1].split("\n\n")[0]
        commands = [line[2:].split(" ")[0] for line in printed.splitlines() if line[2:3] != " "]
        self.assertEqual(listed + ["help"], commands)


if __name__ == "__main__":
    unittest.main()

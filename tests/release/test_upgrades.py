"""Upgrades and backups, as docs/upgrade.md describes them."""

import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from built import PROGRAM, files, run
from pictures import png, png_size
from stack import answers, get, local_stack, running, upload


class Upgrades(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_a_copy_of_the_data_folder_is_a_backup_of_a_local_stack(self):
        picture = self.folder / "cat.png"
        picture.write_bytes(png(800, 600))
        with local_stack(self.folder / "data") as stack:
            path = upload(stack["edge"], picture)
            sign = [PROGRAM, "sign", f"{stack['edge']}{path}?w=333&fm=png", "--data", self.folder / "data"]
            link = run(*sign).strip().removeprefix(stack["edge"])
        shutil.copytree(self.folder / "data", self.folder / "copy")
        shutil.rmtree(self.folder / "data")
        with local_stack(self.folder / "copy") as stack:
            self.assertEqual(get(f"{stack['edge']}{path}"), picture.read_bytes())
            self.assertEqual(png_size(get(f"{stack['edge']}{path}?w=160&fm=png")), (256, 192))
            self.assertEqual(png_size(get(f"{stack['edge']}{link}")), (333, 250), "a link that was signed before")

    def test_the_installer_replaces_a_program_that_runs(self):
        prefix = self.folder / "prefix"
        (archive,) = files().glob("*.tar.gz")
        install = [files() / "install-tintype", "--prefix", prefix, archive]
        run(*install)
        program = prefix / "bin/tintype"
        before = program.stat().st_ino
        command = [program, "local", "--port", "0", "--data", self.folder / "data", "--json"]
        with running(*command, stdout=subprocess.PIPE, text=True) as process:
            edge = json.loads(process.stdout.readline())["edge"]
            run(*install)
            self.assertNotEqual(program.stat().st_ino, before)
            self.assertTrue(answers(f"{edge}/"), "the old program runs on")
        self.assertEqual([file.name for file in program.parent.iterdir()], ["tintype"])


if __name__ == "__main__":
    unittest.main()

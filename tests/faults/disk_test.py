"""A full disk: writes get RESOURCE_EXHAUSTED, reads go on, and writes go on when there is room, without a restart.

Needs a file system of its own, so it mounts a small tmpfs and is left out where that is not allowed.
"""
import contextlib
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

from support import SERVICES, CallError, check_everything, generate, services

# More than what the services keep for what is still in memory (128 MiB for the read model).
MEBIBYTES = 160


@contextlib.contextmanager
def small_disk():
    with tempfile.TemporaryDirectory(prefix="lagebild-disk-") as directory:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEBIBYTES}m", "tmpfs", directory],
                                 capture_output=True, text=True)
        if mounted.returncode != 0:
            raise unittest.SkipTest(f"no mount: {mounted.stderr.strip()}")
        try:
            yield pathlib.Path(directory)
        finally:
            subprocess.run(["umount", directory], check=True)


class DiskTest(unittest.TestCase):
    def ingest(self, system, number, acknowledged):
        document = generate.article(number)
        answer = system.call("ingest_service", "IngestDocument",
                             {"documentId": document["id"], "text": document["text"],
                              "metadata": {"published": document["published"], "outlet": document["outlet"]}})
        acknowledged.append((document, answer))

    def fill(self, disk):
        """Takes what is free; the file that takes it."""
        path = disk / "filler"
        with open(path, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"\0" * 4096)
        return path

    def reads_go_on(self, system, acknowledged):
        for document, answer in acknowledged[:3]:
            stored = system.call("ingest_service", "GetDocument", {"documentId": document["id"]})["document"]
            self.assertEqual(stored["text"], document["text"])
        system.call("extract_service", "GetExtraction", {"documentId": acknowledged[0][0]["id"]})
        self.assertTrue(system.call("query_service", "ListClaims", {"pageSize": 5})["claims"])

    def test_the_disk_of_each_service(self):
        for name in SERVICES:
            with self.subTest(name), small_disk() as disk, services(start=False) as system:
                data = disk / name
                data.mkdir()
                (system.directory / name).symlink_to(data)
                system.start_all()
                acknowledged = []
                for number in range(12):
                    self.ingest(system, number, acknowledged)
                system.wait_until_caught_up()
                before = [process.pid for process in system.processes.values()]

                filler = self.fill(disk)
                refused = 0
                if name == "ingest_service":
                    for number in range(100, 110):
                        try:
                            self.ingest(system, number, acknowledged)
                        except CallError as error:
                            self.assertIn("ResourceExhausted", error.output)
                            self.assertIn("DISK_FULL", error.output)
                            self.assertNotIn(str(disk), error.output)
                            refused += 1
                    self.assertGreater(refused, 0)
                else:
                    # Documents go on being taken; what is behind stands still and says why.
                    for number in range(100, 110):
                        self.ingest(system, number, acknowledged)
                    system.wait_for(lambda: "is full" in system.log(name), "a line in the log")
                self.reads_go_on(system, acknowledged)

                filler.unlink()
                for number in range(200, 203):
                    self.go_on(system, number, acknowledged)
                self.assertEqual([process.pid for process in system.processes.values()], before)
                self.assertTrue(all(process.poll() is None for process in system.processes.values()))
                counts = check_everything(system, acknowledged, certain=False)
                system.kill(name)  # What was written after the full disk is as durable as before.
                system.start(name)
                self.assertEqual(check_everything(system, acknowledged, certain=False), counts)
                print(f"{name}: {refused} refused, {counts}")

    def go_on(self, system, number, acknowledged):
        end = time.monotonic() + 20
        while True:
            try:
                return self.ingest(system, number, acknowledged)
            except CallError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)


if __name__ == "__main__":
    unittest.main()

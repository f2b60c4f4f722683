"""kill -9 of each service in the middle of an ingest run, again and again: nothing lost, nothing twice.

LAGEBILD_KILL_ROUNDS sets how many rounds (each kills every service once); 20 by default.
"""
import collections
import json
import os
import pathlib
import random
import subprocess
import tempfile
import threading
import time
import unittest

import generate
from harness import BINARIES, SERVICES, Lagebild

ROUNDS = int(os.environ.get("LAGEBILD_KILL_ROUNDS", "20"))
DOCUMENTS_PER_ROUND = 50


class Feed:
    """A run of `lagebild ingest` over generated documents that remembers every acknowledgement."""

    def __init__(self, system, path, edition):
        with open(path, "w", encoding="utf-8") as out:
            for i in range(ROUNDS * DOCUMENTS_PER_ROUND):
                document = generate.article(i)
                document["text"] += f" Fassung {edition}."
                out.write(json.dumps(document, ensure_ascii=False) + "\n")
        self.acknowledged = []
        self.process = subprocess.Popen(
            [str(BINARIES / "lagebild"), "ingest", "--format", "json", "--quiet", "--from-start", "--retry", "60",
             str(path)], env=system.environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.acknowledged.append(json.loads(line))

    def done(self):
        return self.process.poll() is not None

    def finish(self):
        """Waits for the run's end; its acknowledgements."""
        code = self.process.wait(300)
        self.reader.join()
        self.process.stdout.close()
        if code != 0:
            raise AssertionError(f"lagebild ingest ended with {code}")
        return self.acknowledged


class CrashTest(unittest.TestCase):
    def test_nothing_lost_nothing_twice(self):
        rng = random.Random(20311)
        with tempfile.TemporaryDirectory(prefix="lagebild-crash-") as directory:
            system = Lagebild(directory)
            try:
                system.start_all()
                path = pathlib.Path(directory) / "feed.jsonl"
                acknowledged = []
                feed = Feed(system, path, 0)
                for edition in range(1, ROUNDS + 1):
                    for name in rng.sample(SERVICES, len(SERVICES)):
                        time.sleep(rng.uniform(0.02, 0.3))
                        system.kill(name)
                        system.start(name)
                    if feed.done() and edition < ROUNDS:
                        # Every kill is to fall into a run: go on with new versions of the documents.
                        acknowledged += feed.finish()
                        feed = Feed(system, path, edition)
                acknowledged += feed.finish()
                self.check(system, acknowledged)
            finally:
                system.stop_all()

    def check(self, system, acknowledged):
        self.assertGreater(len(acknowledged), 0)
        system.wait_until_caught_up(300)
        documents = system.grpcurl("ingest_service", "ReadDocuments", {}, seconds=600)
        positions = [int(r["record"]["position"]) for r in documents]
        self.assertEqual(positions, sorted(set(positions)), "positions of the documents log repeat or run backwards")
        versions = collections.Counter()
        by_position = {}
        for r in documents:
            document = r["record"]["document"]
            key = document["id"], document["version"]
            versions[key] += 1
            by_position[int(r["record"]["position"])] = key
        self.assertEqual([k for k, n in versions.items() if n != 1], [], "versions stored twice")
        for answer in acknowledged:
            self.assertEqual(by_position.get(int(answer["position"])), (answer["documentId"], answer["version"]),
                             "an acknowledged document is lost or moved")

        extractions = system.grpcurl("extract_service", "ReadExtractions", {}, seconds=600)
        made_of = [int(r["record"]["documentPosition"]) for r in extractions]
        self.assertEqual(made_of, positions, "extractions are not one for each document, in order")
        newest = {}
        for r in extractions:
            record = r["record"]
            self.assertIn("extraction", record, record.get("failure"))
            newest[record["document"]["id"]] = record["extraction"]
        expected = sorted(f"{document}/{claim['id']}" for document, extraction in newest.items()
                          for claim in extraction.get("claims", []))
        self.assertGreater(len(expected), 0)
        listed = json.loads(system.cli("claims", "--all", "--fragments", "--format", "json").stdout)["claims"]
        got = sorted(f"{entry['document']['documentId']}/{entry['claim']['id']}" for entry in listed)
        self.assertEqual(got, expected, "claims of the read model are not those of the log")


if __name__ == "__main__":
    unittest.main()

"""Flipped bits, cut, emptied and missing files in each service's database: what is read is right or DATA_LOSS, or the
service refuses to start and names the way out. Never a wrong answer.

LAGEBILD_DAMAGES sets how many files of each kind are damaged in each way; 1 by default.
"""
import collections
import json
import os
import random
import shutil
import unittest

from support import SERVICES, CallError, Feed, Lagebild, services

DAMAGES = int(os.environ.get("LAGEBILD_DAMAGES", "1"))
SEED = int(os.environ.get("LAGEBILD_SEED", "20311"))
KINDS = {"write-ahead log": "*.log", "table": "*.sst", "manifest": "MANIFEST-*",
         "CURRENT": "CURRENT", "options": "OPTIONS-*", "head.lagebild": "head.lagebild"}
WAY_OUT = {"ingest_service": "restore it from a backup", "extract_service": "delete the directory",
           "query_service": "delete the directory"}


def flip(path, rng):
    content = bytearray(path.read_bytes())
    at = rng.randrange(len(content))
    content[at] ^= 1 << rng.randrange(8)
    path.write_bytes(content)
    return f"bit flipped at {at} of {len(content)}"


def cut(path, rng):
    size = rng.randrange(1, path.stat().st_size)
    at = f"cut to {size} of {path.stat().st_size}"
    os.truncate(path, size)
    return at


def empty(path, rng):
    os.truncate(path, 0)
    return "emptied"


def remove(path, rng):
    path.unlink()
    return "removed"


WAYS = (flip, cut, empty, remove)


class DamageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = services(start=False)
        cls.system = cls.stack.__enter__()
        for name in SERVICES:
            cls.start(name)
        for number in range(4):
            feed = Feed(cls.system, seed=number)
            feed.offer(30)
            feed.finish()
            cls.system.wait_until_caught_up()
            if number == 1:  # Some of the lines of the MANIFEST are of this start, some of its run.
                for name in SERVICES:
                    cls.system.kill(name)
                for name in SERVICES:
                    cls.start(name)
                cls.system.wait_until_caught_up()
            if number < 3:
                for name in SERVICES:  # Before a backup tables are made of all that is in memory.
                    cls.system.grpcurl(name, "CreateBackup", {}, service="AdminService")
        cls.truth = {name: cls.read(cls.system, name) for name in SERVICES}
        for name in SERVICES:
            cls.system.kill(name)

    @classmethod
    def start(cls, name):
        cls.system.start(name, ["--backup-dir", str(cls.system.directory / "backups" / name)])

    @classmethod
    def tearDownClass(cls):
        cls.stack.__exit__(None, None, None)

    @classmethod
    def read(cls, system, name):
        """All that a service answers, as a list."""
        if name == "ingest_service":
            records = [r["record"] for r in system.grpcurl(name, "ReadDocuments", {})]
            document = records[0]["document"]
            return [records, system.call(name, "ListDocuments", {"pageSize": 1000}),
                    system.call(name, "GetDocument", {"documentId": document["id"], "version": document["version"]})]
        if name == "extract_service":
            records = [r["record"] for r in system.grpcurl(name, "ReadExtractions", {})]
            return [records, system.call(name, "GetExtraction", {"documentId": records[0]["document"]["id"]})]
        listed = system.cli("claims", "--all", "--fragments", "--format", "json", check=False)
        if listed.returncode != 0:
            raise CallError(listed.stderr.decode())
        claims = json.loads(listed.stdout)["claims"]
        documents = sorted({claim["document"]["documentId"] for claim in claims})
        # What only a document's own page needs lies in a family of its own.
        return [claims, *(system.call(name, "GetDocument", {"documentId": document}) for document in documents[::12])]

    def outcome(self, name, directory):
        """Starts a service over a damaged copy: what comes of it."""
        system = Lagebild(directory)
        try:
            system.start(name, wait=False)
            if name == "query_service":
                # It may know less than before and read the rest again.
                shutil.copytree(self.system.directory / "extract_service", directory / "extract_service")
                system.start("extract_service")
            try:
                system.wait_for(lambda: system.answers(name), "listening")
            except AssertionError:
                self.assertEqual(system.processes[name].returncode, 1, system.log(name))
                line = system.log(name).splitlines()[-1]
                self.assertIn(str(directory / name), line)
                self.assertTrue(WAY_OUT[name] in line or "delete this file" in line, line)
                self.assertNotIn("terminate", line)
                return "refuses to start", line
            try:
                if name == "query_service":
                    system.wait_for(lambda: system.input(name) == len(self.truth["extract_service"][0]), "the end", 10)
                answers = self.read(system, name)
            except CallError as error:
                self.assertIn("DataLoss" if "Code:" in error.output else "damaged", error.output)
                return "DATA_LOSS", error.output
            except AssertionError as error:
                self.assertIn("DATA_LOSS", system.log(name), str(error))
                return "DATA_LOSS", system.log(name)
            self.assertEqual(answers, self.truth[name], "a wrong answer")
            return "all answers right", ""
        finally:
            system.stop_all()
            for service in SERVICES:
                shutil.rmtree(directory / service, ignore_errors=True)

    def test_damage(self):
        rng = random.Random(SEED)
        table = collections.defaultdict(collections.Counter)
        failures = []
        for name in SERVICES:
            original = self.system.directory / name
            for kind, pattern in KINDS.items():
                files = sorted(original.glob(pattern))
                files = [path for path in files if path.stat().st_size > 1]
                for way in WAYS if files else ():
                    for _ in range(DAMAGES):
                        directory = self.system.directory / "damaged"
                        directory.mkdir(exist_ok=True)
                        shutil.copytree(original, directory / name)
                        path = rng.choice(files)
                        what = way(directory / name / path.name, rng)
                        try:
                            outcome, said = self.outcome(name, directory)
                        except AssertionError as error:
                            outcome, said = "FAILED", str(error)[:1500]
                            failures.append(f"{name}, {path.name} {what}: {said}")
                        finally:
                            (directory / f"{name}.log").unlink(missing_ok=True)
                        table[name, kind, way.__name__][outcome] += 1
        for row, outcomes in table.items():
            print("|", " | ".join(row), "|", ", ".join(f"{count} {what}" for what, count in outcomes.items()), "|")
        self.assertEqual(failures, [], "\n".join(failures))


if __name__ == "__main__":
    unittest.main()

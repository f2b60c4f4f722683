"""What the fault tests share: a feed that remembers every acknowledgement, and the check of everything afterwards."""
import collections
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import generate  # noqa: E402
from harness import BINARIES, GRPCURL, SERVICES, SOURCE, CallError, Lagebild, free_port  # noqa: E402,F401

TOXIPROXY = os.environ.get("TOXIPROXY", str(SOURCE / "build/tools/bin/toxiproxy"))
LOSSY_FILES = pathlib.Path(os.environ.get("LAGEBILD_LOSSY_FILES", BINARIES.parent / "tests/liblossy_file_system.so"))


class Feed:
    """A running `lagebild ingest -`: what it was given, what was acknowledged.

    Of ten documents one is a new version of an earlier one and one is an earlier one again, which must not be stored
    twice. Earlier ones have been acknowledged: of two versions that are both without an answer when a connection
    breaks both are sent again, and the older one is then newer than the newer one. Answers come in the order of the
    documents.
    """

    def __init__(self, system, seed=0, retry=120, ingest=None):
        self.seed, self.number = seed, 0
        self.offered, self.acknowledged = [], []
        self.process = subprocess.Popen(
            [str(BINARIES / "lagebild"), "ingest", "--format", "json", "--quiet", "--retry", str(retry), "-"],
            env={**system.environment(), **({"LAGEBILD_INGEST": ingest} if ingest else {})}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        system.feeds.append(self.process)
        self.errors = ""
        self.threads = [threading.Thread(target=self._read), threading.Thread(target=self._read_errors)]
        for thread in self.threads:
            thread.start()

    def _read(self):
        for line in self.process.stdout:
            self.acknowledged.append(json.loads(line))

    def _read_errors(self):
        self.errors = self.process.stderr.read()

    def offer(self, count, articles=1, padding=""):
        """Gives it more documents; `articles` makes them that many times as long, `padding` is text behind them."""
        for _ in range(count):
            self.number += 1
            earlier = self.number - 7
            if not 0 < earlier <= len(self.acknowledged):
                document = generate.article(self.number, self.seed)
            elif self.number % 10 == 0:
                document = generate.article(earlier, self.seed)
                document["text"] += f"\n\nDie Stadt teilte mit, es sei Fassung {self.number}."
            elif self.number % 10 == 5:
                document = generate.article(earlier, self.seed)
            else:
                document = generate.article(self.number, self.seed)
            for i in range(1, articles):
                document["text"] += "\n\n" + generate.article(i, self.number)["text"]
            document["text"] += padding
            self.offered.append(document)
            try:
                self.process.stdin.write(json.dumps(document, ensure_ascii=False) + "\n")
                self.process.stdin.flush()
            except BrokenPipeError as error:
                self.process.wait()
                self.threads[1].join()
                raise AssertionError(f"lagebild ingest ended with {self.process.returncode}: {self.errors[-2000:]}") from error

    def finish(self, seconds=600):
        """Waits until all has been answered; pairs of document and answer."""
        self.process.stdin.close()
        code = self.process.wait(seconds)
        for thread in self.threads:
            thread.join()
        self.process.stdout.close()
        self.process.stderr.close()
        if code != 0 or len(self.acknowledged) != len(self.offered):
            raise AssertionError(f"lagebild ingest ended with {code}, {len(self.acknowledged)} of {len(self.offered)} "
                                 f"acknowledged: {self.errors[-2000:]}")
        return list(zip(self.offered, self.acknowledged))


def check_everything(system, acknowledged, certain=True, seconds=300):
    """Checks that all that was acknowledged is there once, in order and unchanged, in all three services; counts.

    `acknowledged` holds pairs of the document and the answer to it. With `certain` nothing else may be stored; without,
    documents whose answer got lost may.
    """
    system.wait_until_caught_up(seconds)
    records = [r["record"] for r in system.grpcurl("ingest_service", "ReadDocuments", {}, seconds=600)]
    positions = [int(record["position"]) for record in records]
    assert positions == sorted(set(positions)), "positions of the documents log repeat or run backwards"
    times = [instant(record["recordedAt"]) for record in records]
    assert times == sorted(times), "recording times run backwards"
    by_position = {position: record["document"] for position, record in zip(positions, records)}
    versions = collections.defaultdict(list)
    for position in positions:
        versions[by_position[position]["id"]].append(int(by_position[position]["version"]))
    for document, numbers in versions.items():
        assert numbers == list(range(1, len(numbers) + 1)), f"versions of {document}: {numbers}"
    for document, answer in acknowledged:
        stored = by_position.get(int(answer["position"]))
        assert stored is not None, f"{answer} is lost"
        assert (stored["id"], stored["version"]) == (answer["documentId"], answer["version"]), f"{answer} has moved"
        assert (stored["id"], stored["text"]) == (document["id"], document["text"]), f"{answer} is another document"
    if certain:
        answered = {int(answer["position"]) for _, answer in acknowledged}
        assert set(positions) == answered, f"stored without need: {sorted(set(positions) - answered)[:10]}"

    extractions = [r["record"] for r in system.grpcurl("extract_service", "ReadExtractions", {}, seconds=600)]
    made_of = [int(record["documentPosition"]) for record in extractions]
    assert made_of == positions, "extractions are not one for each document, in order"
    newest = {}
    for record in extractions:
        assert "extraction" in record, record.get("failure")
        assert record["document"]["text"] == by_position[int(record["documentPosition"])]["text"]
        newest[record["document"]["id"]] = record["extraction"]
    expected = sorted(f"{document}/{claim['id']}" for document, extraction in newest.items()
                      for claim in extraction.get("claims", []))
    assert expected or not positions, "no claims at all"
    listed = json.loads(system.cli("claims", "--all", "--fragments", "--format", "json", timeout=600).stdout)["claims"]
    got = sorted(f"{entry['document']['documentId']}/{entry['claim']['id']}" for entry in listed)
    assert got == expected, "claims of the read model are not those of the log"
    return {"documents": len(positions), "claims": len(got)}


def instant(text):
    """A google.protobuf.Timestamp in JSON as something that sorts: its fraction has 0, 3, 6 or 9 digits."""
    seconds, _, fraction = text.rstrip("Z").partition(".")
    return seconds, fraction.ljust(9, "0")


def lossy(system, name, torn=False):
    """Makes a service lose what it has not synced when it dies."""
    directory = system.directory / f"{name}.unsynced"
    directory.mkdir(exist_ok=True)
    system.service_environment[name] = {"LD_PRELOAD": str(LOSSY_FILES), "LAGEBILD_LOSSY_DIRECTORY": str(directory),
                                        **({"LAGEBILD_LOSSY_TORN": "1"} if torn else {})}


@contextlib.contextmanager
def services(start=True, directory=None, **flags):
    """Three services over a fresh directory, running unless told otherwise."""
    with tempfile.TemporaryDirectory(prefix="lagebild-faults-", dir=directory) as fresh:
        system = Lagebild(fresh, **flags)
        system.feeds = []
        try:
            if start:
                system.start_all()
            yield system
        finally:
            for process in system.feeds:
                process.kill()
            system.stop_all()

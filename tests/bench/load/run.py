#!/usr/bin/env python3
"""Loads the built services and measures the bare limits beside them, in the same run.

usage: tests/bench/load/run.py [BUILD_DIR] [--rows ROW,ROW…] [--claims N] [--hours N] [--pairs N] [--keep FILE]

Real processes on loopback with their shipped options, free ports and fresh directories. Comparisons are medians of
interleaved pairs of runs: the bare peer, then the service, with equal payloads. Needs the target lagebild_load.
"""
import argparse
import contextlib
import datetime
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

SOURCE = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(SOURCE / "tests/e2e"))

SERVICES = ("ingest_service", "extract_service", "query_service")


class Row:
    """A line of the table: what was measured, what it must reach and what it should."""

    def __init__(self, name, value, must, aim, details, lower_is_better=False):
        self.name, self.value, self.must, self.aim, self.details = name, value, must, aim, details
        self.lower_is_better = lower_is_better

    def verdict(self):
        if self.must is None:
            return "for comparison"

        def reaches(goal):
            return self.value <= goal if self.lower_is_better else self.value >= goal
        return "aim" if reaches(self.aim) else "must" if reaches(self.must) else "MISSED"


class Bench:
    def __init__(self, build, options, directory):
        self.build, self.options, self.directory = build, options, pathlib.Path(directory)
        self.systems = 0

    # --- Parts

    @contextlib.contextmanager
    def system(self, services=SERVICES, **flags):
        self.systems += 1
        directory = self.directory / f"system-{self.systems}"
        directory.mkdir()
        system = harness.Lagebild(directory, **flags)
        try:
            for name in services:
                system.start(name)
            yield system
        finally:
            system.stop_all()
            shutil.rmtree(directory)

    def load(self, command, **options):
        """Runs lagebild_load; its answer."""
        arguments = [str(self.build / "bench/lagebild_load"), command]
        for name, value in options.items():
            arguments += [f"--{name.replace('_', '-')}", str(value)]
        return json.loads(subprocess.run(arguments, stdout=subprocess.PIPE, check=True).stdout)

    def articles(self, name, count, seed, size=None, ids_of=None):
        """A file of generated articles and the bytes of their texts; `ids_of` gives them the ids of another seed, so
        that they are new versions of its articles."""
        path, size_of_texts = self.directory / f"{name}.jsonl", 0
        with open(path, "w") as out:
            for number in range(count):
                article = generate.article(number, seed, size)
                if ids_of is not None:
                    article["id"] = f"generated-{ids_of}-{number}"
                size_of_texts += len(article["text"].encode())
                out.write(json.dumps(article, ensure_ascii=False) + "\n")
        return path, size_of_texts

    @contextlib.contextmanager
    def processor_time(self, processes):
        """What processes use meanwhile: a dictionary of seconds, filled at the end."""
        before = {name: cpu_seconds(process) for name, process in processes.items()}
        used = {}
        yield used
        used.update({name: cpu_seconds(process) - before[name] for name, process in processes.items()})

    def fill(self, system, count, seed):
        path, _ = self.articles(f"fill-{seed}", count, seed)
        system.cli("ingest", "--quiet", path, timeout=3600)
        system.wait_until_caught_up()
        path.unlink()

    @staticmethod
    def wait_for_rest(system):
        """Until no service writes any more: what was written last is merged with what was there in the background."""
        def sizes():
            return [directory_bytes(system.directory / name) for name in SERVICES]
        last, since, end = sizes(), time.monotonic(), time.monotonic() + 120
        print(f"  disk at once: {sum(last) / 1e6:.0f} MB", file=sys.stderr)
        while time.monotonic() - since < 8 and time.monotonic() < end:
            time.sleep(1)
            if (now := sizes()) != last:
                last, since = now, time.monotonic()

    # --- Rows

    def ingest(self):
        """IngestDocument of 3 KB articles against synced puts."""
        path, size = self.articles("ingest", 10_000 * (self.options.pairs + 1), "ingest", 3000)
        with self.system(["ingest_service"]) as system, self.processor_time(system.processes) as used:
            pairs = self.load("ingest", ingest=system.address("ingest_service"), articles=path,
                              directory=self.directory / "bare", pairs=self.options.pairs)["pairs"]
        yield Row("IngestDocument, 64 in flight / synced puts, 64 writers",
                  median_ratio(pairs, lambda p: p["bare"]["rate"]), 0.33, 0.5,
                  f"{median(pairs, 'ours'):.0f}/s (p99 {median(pairs, 'ours', 'p99_ms'):.1f} ms) against "
                  f"{median(pairs, 'bare'):.0f}/s; texts of {size / 10_000 / (self.options.pairs + 1):.0f} bytes, "
                  f"ingest_service alone, {used['ingest_service'] / 10_000 / (self.options.pairs + 1) * 1e6:.0f} µs of processor "
                  "a document")

    def query(self):
        """GetClaim and ListClaims against bare gRPC and bare RocksDB."""
        with self.system() as system:
            self.fill(system, 5000, "query")
            query = system.address("query_service")
            peer = subprocess.Popen([str(self.build / "bench/lagebild_load"), "serve-peer", "--query", query],
                                    stdout=subprocess.PIPE, text=True)
            try:
                address = f"127.0.0.1:{int(peer.stdout.readline())}"
                if "get" in self.options.rows:
                    with self.processor_time({"ours": system.processes["query_service"], "bare": peer}) as used:
                        pairs = self.load("get-claim", query=query, peer=address, pairs=self.options.pairs)["pairs"]
                    yield Row("GetClaim / bare gRPC, 64 in flight", median_ratio(pairs, lambda p: p["bare"]["rate"]),
                              0.8, 0.9,
                              f"{median(pairs, 'ours'):.0f}/s (p99 {median(pairs, 'ours', 'p99_ms'):.1f} ms) against "
                              f"{median(pairs, 'bare'):.0f}/s; {median(pairs, 'ours', 'bytes'):.0f} bytes an answer; processor "
                              f"{per_call(used, pairs, 'ours'):.0f} against {per_call(used, pairs, 'bare'):.0f} µs a call")
                if "list" in self.options.rows:
                    with self.processor_time({"ours": system.processes["query_service"], "bare": peer}) as used:
                        pairs = self.load("list-claims", query=query, peer=address, pairs=self.options.pairs,
                                          directory=self.directory / "bare")["pairs"]
                    yield Row("ListClaims of 50 / smaller of 0.8 x bare gRPC, bare seek + 50",
                              median_ratio(pairs, lambda p: min(0.8 * p["bare"]["rate"], p["seeks"]["rate"])), 0.5, 0.8,
                              f"{median(pairs, 'ours'):.0f}/s (p99 {median(pairs, 'ours', 'p99_ms'):.1f} ms) against "
                              f"gRPC {median(pairs, 'bare'):.0f}/s, seeks {median(pairs, 'seeks'):.0f}/s; "
                              f"{median(pairs, 'ours', 'bytes'):.0f} bytes an answer; processor "
                              f"{per_call(used, pairs, 'ours'):.0f} against {per_call(used, pairs, 'bare'):.0f} µs a call")
                yield from self.nothing_remembered(system, peer, address)
            finally:
                peer.kill()
                peer.wait()

    def nothing_remembered(self, system, peer, address):
        """The same questions to a service that remembers no answers."""
        system.terminate("query_service")
        system.start("query_service", ("--answer-cache-mb", "0"))
        system.wait_until_caught_up()
        commands = {"get": ("get-claim", "GetClaim", lambda p: p["bare"]["rate"]),
                    "list": ("list-claims", "ListClaims of 50",
                             lambda p: min(0.8 * p["bare"]["rate"], p["seeks"]["rate"]))}
        for name, (command, method, limit) in commands.items():
            if name not in self.options.rows:
                continue
            directory = {"directory": self.directory / "bare"} if name == "list" else {}
            with self.processor_time({"ours": system.processes["query_service"], "bare": peer}) as used:
                pairs = self.load(command, query=system.address("query_service"), peer=address, pairs=self.options.pairs,
                                  **directory)["pairs"]
            yield Row(f"{method}, no answers remembered", median_ratio(pairs, limit), None, None,
                      f"{median(pairs, 'ours'):.0f}/s (p99 {median(pairs, 'ours', 'p99_ms'):.1f} ms) against "
                      f"{median(pairs, 'bare'):.0f}/s; processor {per_call(used, pairs, 'ours'):.0f} against "
                      f"{per_call(used, pairs, 'bare'):.0f} µs a call")

    def visible(self):
        """Acknowledged to visible."""
        with self.system() as system:
            self.fill(system, 5000, "visible")
            for what, seed, ids_of in (("new documents", "visible-new", None),
                                       ("new versions of known documents", "visible-versions", "visible")):
                path, size = self.articles(seed, 6000, seed, ids_of=ids_of)
                result = self.load("visible", ingest=system.address("ingest_service"),
                                   query=system.address("query_service"), articles=path)
                yield Row(f"acknowledged to visible, p99, {what}", result["p99_ms"], 200, 50,
                          f"{result['documents']} documents of {size / 6000:.0f} bytes at {result['rate']:.0f}/s; p50 "
                          f"{result['p50_ms']} ms, slowest {result['max_ms']} ms", lower_is_better=True)

    def followers(self):
        """500 readers of the documents log at 100 documents a second."""
        path, _ = self.articles("followers", 3000, "followers")
        with self.system(["ingest_service"], max_concurrent_rpcs=1000) as system, \
                self.processor_time(system.processes) as used:
            result = self.load("followers", ingest=system.address("ingest_service"), articles=path)
        yield Row("500 follow readers, 100 documents/s: furthest behind, ms", result["max_ms"], 1000, 1000,
                  f"{result['messages_per_second']:.0f} messages/s of {result['message_bytes']:.0f} bytes for 30 s; p50 "
                  f"{result['p50_ms']} ms, p99 {result['p99_ms']} ms; processor "
                  f"{used['ingest_service'] / result['messages'] * 1e6:.1f} µs a message", lower_is_better=True)

    def idle(self):
        """CPU of services whose streams are open and quiet."""
        with self.system() as system:
            self.fill(system, 200, "idle")
            with self.processor_time(system.processes) as used:
                time.sleep(60)
        yield Row("streams idle for a minute: CPU of the busiest service, seconds", max(used.values()), 0.6, 0.6,
                  ", ".join(f"{name} {seconds:.2f} s" for name, seconds in used.items()), lower_is_better=True)

    def rebuild(self):
        """The read model from the log against the extractions from the documents."""
        count = self.options.rebuild_documents
        extracted, rebuilt = [], []
        with self.system(["ingest_service", "extract_service"]) as system:
            path, _ = self.articles("rebuild", count, "rebuild")
            system.cli("ingest", "--quiet", path, timeout=3600)
            for _ in range(self.options.pairs):
                system.terminate("extract_service")
                shutil.rmtree(system.directory / "extract_service")
                extracted.append(count / self.caught_up(system, "extract_service", count))
                if (system.directory / "query_service").exists():
                    system.cli("admin", "rebuild", "--data-dir", system.directory / "query_service")
                rebuilt.append(count / self.caught_up(system, "query_service", count))
                system.terminate("query_service")
        yield Row("rebuild of the read model / extraction, documents/s",
                  statistics.median(r / e for r, e in zip(rebuilt, extracted)), 5, 10,
                  f"{statistics.median(rebuilt):.0f}/s against {statistics.median(extracted):.0f}/s, {count} documents, "
                  "from the start of the process")

    def caught_up(self, system, name, position):
        """Starts a service; seconds until it has taken in everything up to a position."""
        begin = time.monotonic()
        system.start(name)
        while metric(system, name, "lagebild_input_position") < position:
            time.sleep(0.02)
        return time.monotonic() - begin

    def million(self):
        """Memory and disk while claims add up."""
        with self.system() as system:
            samples, text, batch = [], 0, 0
            claims, wanted = 0, self.options.claims
            begin = time.monotonic()
            while claims < wanted:
                path, size = self.articles("million", 5000, f"million-{batch}")
                text, batch = text + size, batch + 1
                ingest = subprocess.Popen([str(harness.BINARIES / "lagebild"), "ingest", "--quiet", str(path)],
                                          env=system.environment(), stdout=subprocess.DEVNULL)
                done = False
                while not done:
                    done = ingest.poll() is not None and \
                        metric(system, "query_service", "lagebild_input_position") >= 5000 * batch
                    claims = int(metric(system, "query_service", "lagebild_claims"))
                    samples.append((claims, *(resident_mb(system, name) for name in SERVICES)))
                    time.sleep(0.5)
                if ingest.returncode != 0:
                    raise SystemExit(f"lagebild ingest ended with {ingest.returncode}")
                print(f"  {claims} claims after {time.monotonic() - begin:.0f} s: " + ", ".join(
                    f"{name} {mb:.0f} MB" for name, mb in zip(SERVICES, samples[-1][1:])), file=sys.stderr)
            seconds = time.monotonic() - begin
            self.wait_for_rest(system)
            system.stop_all()
            disk = {name: directory_bytes(system.directory / name) for name in SERVICES}
        # Memory is looked at in the first and the last fifth of what lies behind the first 200,000 claims.
        start = 200_000 if wanted > 250_000 else wanted / 2
        fifth = (claims - start) / 5
        for i, name in enumerate(SERVICES, 1):
            early = max((s[i] for s in samples if start <= s[0] <= start + fifth), default=samples[-1][i])
            late = max(s[i] for s in samples if s[0] >= claims - fifth)
            yield Row(f"{name}: most resident memory, last / first fifth behind {start:.0f} claims", late / early, 1.1, 1.1,
                      f"{late:.0f} MB against {early:.0f} MB, {claims} claims of {5000 * batch} documents in {seconds:.0f} s",
                      lower_is_better=True)
        yield Row("disk of all three services / text", sum(disk.values()) / text, 5, 3,
                  f"{text / 1e6:.1f} MB of text; " + ", ".join(f"{name} {size / text:.2f}" for name, size in disk.items()) +
                  "; at rest", lower_is_better=True)

    def soak(self):
        """A steady rate for hours: memory, disk, visibility, and nothing lost."""
        samples, rounds = [], []
        with self.system() as system:
            # Enough that merging in the background counts: a short burst is carried twice as fast.
            count = 100_000
            path, text = self.articles("soak-0", count, "soak-0")
            begin = time.monotonic()
            system.cli("ingest", "--quiet", path, timeout=3600)
            system.wait_until_caught_up()
            capacity = count / (time.monotonic() - begin)
            documents = positions = count
            rate = self.options.rate or capacity / 2
            size_of_round = int(rate * 60)
            print(f"  {capacity:.0f} documents/s are carried in a burst; rounds of {size_of_round} at {rate:.0f}/s", file=sys.stderr)
            begin = time.monotonic()
            while time.monotonic() - begin < self.options.hours * 3600:
                # Every fourth round brings new versions of the articles of the round before.
                number, again = len(rounds) + 1, len(rounds) % 4 == 3
                path, size = self.articles("soak", size_of_round, f"soak-{number}",
                                           ids_of=f"soak-{number - 1}" if again else None)
                text += size
                positions += size_of_round
                documents += 0 if again else size_of_round
                load = subprocess.Popen(
                    [str(self.build / "bench/lagebild_load"), "visible", "--ingest", system.address("ingest_service"),
                     "--query", system.address("query_service"), "--articles", str(path), "--rate", str(rate)],
                    stdout=subprocess.PIPE)
                while load.poll() is None:
                    samples.append((time.monotonic() - begin, *(resident_mb(system, name) for name in SERVICES)))
                    time.sleep(1)
                if load.returncode != 0:
                    raise SystemExit(f"lagebild_load ended with {load.returncode}")
                rounds.append(json.loads(load.stdout.read()))
                elapsed = samples[-1][0]
                print(f"  {elapsed / 60:.0f} min, {positions} documents: visible p50 {rounds[-1]['p50_ms']}, p99 "
                      f"{rounds[-1]['p99_ms']} ms, " + ", ".join(
                    f"{name} {mb:.0f} MB" for name, mb in zip(SERVICES, samples[-1][1:])), file=sys.stderr)
            self.wait_for_rest(system)
            claims = int(metric(system, "query_service", "lagebild_claims"))
            missing = documents - int(metric(system, "query_service", "lagebild_documents"))
            system.stop_all()
            for name in SERVICES:
                system.cli("admin", "verify", "--data-dir", system.directory / name, timeout=3600)
            disk = {name: directory_bytes(system.directory / name) for name in SERVICES}
        hours = f"{elapsed / 3600:.1f} hours"
        for i, name in enumerate(SERVICES, 1):
            early = max(s[i] for s in samples if elapsed * 0.2 <= s[0] <= elapsed * 0.4)
            late = max(s[i] for s in samples if s[0] >= elapsed * 0.8)
            yield Row(f"{name}: most resident memory, last / second fifth of {hours}", late / early, 1.1, 1.1,
                      f"{late:.0f} MB against {early:.0f} MB", lower_is_better=True)
        p99 = [r["p99_ms"] for r in rounds]
        yield Row(f"acknowledged to visible, p99, median of the rounds of {hours}", statistics.median(p99), None, None,
                  f"{rate:.0f} documents/s ({capacity:.0f} in a burst); worst round {max(p99)} ms, slowest document "
                  f"{max(r['max_ms'] for r in rounds)} ms; {sum(r['refusals'] for r in rounds)} articles refused for a "
                  "moment and handed in again", lower_is_better=True)
        yield Row(f"documents missing after {hours}", missing, 0, 0,
                  f"{positions} versions of {documents} documents, {claims} claims in the newest picture; all three databases "
                  "verified", lower_is_better=True)
        yield Row("disk of all three services / text", sum(disk.values()) / text, 5, 3,
                  f"{text / 1e6:.0f} MB of text; " + ", ".join(f"{name} {size / text:.2f}" for name, size in disk.items()) +
                  "; at rest", lower_is_better=True)


ROWS = {"ingest": "ingest", "get": "query", "list": "query", "visible": "visible", "followers": "followers", "idle": "idle",
        "rebuild": "rebuild", "million": "million", "soak": "soak"}


def median_ratio(pairs, limit):
    return statistics.median(pair["ours"]["rate"] / limit(pair) for pair in pairs)


def median(pairs, side, field="rate"):
    return statistics.median(pair[side][field] for pair in pairs)


def metric(system, service, name):
    """A metric without regard to its labels; the sum where there are several."""
    with urllib.request.urlopen(f"http://127.0.0.1:{system.http_ports[service]}/metrics") as answer:
        text = answer.read().decode()
    return sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.M))


def per_call(used, pairs, side):
    """Microseconds of processor a call; the runs before the pairs count as a quarter of one."""
    calls = sum(pair[side]["calls"] for pair in pairs) * (1 + 0.25 / len(pairs))
    return used[side] / calls * 1e6


def resident_mb(system, name):
    status = pathlib.Path(f"/proc/{system.processes[name].pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def directory_bytes(path):
    size = 0
    for file in path.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # Merged away meanwhile.
            if file.is_file():
                size += file.stat().st_size
    return size


def print_table(rows):
    print("| what | measured | must | aim | reached | |\n|---|---|---|---|---|---|")
    for row in rows:
        print(f"| {row.name} | {row.value:.3g} | {row.must} | {row.aim} | {row.verdict()} | {row.details} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", default="build/release", type=pathlib.Path, help="build directory")
    parser.add_argument("--rows", default=",".join(name for name in ROWS if name != "soak"),
                        help="of " + ", ".join(ROWS) + "; all but soak when not given")
    parser.add_argument("--pairs", type=int, default=5, help="pairs of runs of every comparison")
    parser.add_argument("--claims", type=int, default=1_000_000, help="claims of the row million")
    parser.add_argument("--hours", type=float, default=2, help="length of the row soak")
    parser.add_argument("--rate", type=float, help="documents a second of the row soak; default: half of what a burst is carried with")
    parser.add_argument("--rebuild-documents", type=int, default=20_000,
                        help="documents of the row rebuild; of few, starting and the first and last batch take a third of the time")
    parser.add_argument("--keep", type=pathlib.Path, help="append the rows to this file as JSON Lines")
    options = parser.parse_args()
    options.rows = options.rows.split(",")
    if unknown := set(options.rows) - set(ROWS):
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    build = options.build.resolve()
    os.environ["LAGEBILD_BIN"] = str(build / "bin")
    global generate, harness
    import generate
    import harness

    print(f"{datetime.datetime.now().isoformat(timespec='minutes')}, {os.cpu_count()} cores, load "
          f"{' '.join(f'{value:.1f}' for value in os.getloadavg())} before the run", file=sys.stderr)
    rows = []
    with tempfile.TemporaryDirectory(prefix="lagebild-load-") as directory:
        bench = Bench(build, options, directory)
        for method in dict.fromkeys(ROWS[name] for name in options.rows):
            print(f"{method} …", file=sys.stderr)
            for row in getattr(bench, method)():
                rows.append(row)
                print(f"  {row.name}: {row.value:.3g} ({row.verdict()}), {row.details}", file=sys.stderr)
                if options.keep:
                    with open(options.keep, "a") as out:
                        out.write(json.dumps({**vars(row), "verdict": row.verdict()}) + "\n")
    print_table(rows)
    sys.exit(any(row.verdict() == "MISSED" for row in rows))


if __name__ == "__main__":
    main()

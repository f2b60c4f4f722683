"""Services that run into a memory limit under load: the kernel kills them, they start again and go on, nothing is lost.

Needs control groups that can be written (version 1 or 2), else it is left out. LAGEBILD_SQUEEZES sets how often each
service is squeezed; once by default.
"""
import collections
import os
import pathlib
import random
import threading
import time
import unittest

from support import SERVICES, Feed, check_everything, services

SQUEEZES = int(os.environ.get("LAGEBILD_SQUEEZES", "1"))
SEED = int(os.environ.get("LAGEBILD_SEED", "20311"))
MEBIBYTE = 1 << 20


class Group:
    """A control group with a limit of memory."""

    def __init__(self, name):
        root = pathlib.Path("/sys/fs/cgroup")
        self.second = (root / "cgroup.controllers").exists()
        self.path = (root if self.second else root / "memory") / f"lagebild-faults-{os.getpid()}-{name}"
        try:
            self.path.mkdir()
            self.limit(None)
        except OSError as error:
            raise unittest.SkipTest(f"no control group: {error}") from error

    def limit(self, size):
        file = self.path / ("memory.max" if self.second else "memory.limit_in_bytes")
        file.write_text(str(size) if size else "max" if self.second else "-1")

    def prefix(self):
        return ["sh", "-c", f'echo $$ > {self.path}/cgroup.procs && exec "$@"', "sh"]

    def remove(self):
        end = time.monotonic() + 5
        while True:
            try:
                return self.path.rmdir()
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)


def own_memory(process):
    """What the kernel cannot take back without killing, in bytes."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("RssAnon:"))


class Supervisor(threading.Thread):
    """Starts services again that were killed, as systemd does."""

    def __init__(self, system):
        super().__init__()
        self.system = system
        self.ended = threading.Event()
        self.deaths = collections.Counter()
        self.other = []

    def run(self):
        while not self.ended.wait(0.02):
            for name in SERVICES:
                code = self.system.processes[name].poll()
                if code is not None:
                    self.deaths[name] += 1
                    if code != -9:
                        self.other.append(f"{name} ended with {code}: {self.system.log(name)[-1000:]}")
                    self.system.start(name, wait=False)

    def stop(self):
        self.ended.set()
        self.join()


class MemoryTest(unittest.TestCase):
    def test_a_memory_limit(self):
        rng = random.Random(SEED)
        groups = {}
        for name in SERVICES:
            groups[name] = Group(name)
            self.addCleanup(groups[name].remove)
        with services(start=False) as system:
            system.prefixes = {name: group.prefix() for name, group in groups.items()}
            system.start_all()
            supervisor = Supervisor(system)
            supervisor.start()
            try:
                feed = Feed(system)
                feed.offer(20)
                for _ in range(SQUEEZES):
                    for name in rng.sample(SERVICES, len(SERVICES)):
                        system.wait_for(lambda name=name: self.listens(system, name), f"{name} to listen")
                        before = supervisor.deaths[name]
                        limit = own_memory(system.processes[name]) + rng.randint(1, 3) * MEBIBYTE
                        try:
                            groups[name].limit(limit)
                        except OSError:  # The first version does not kill for a new limit that is too low already.
                            groups[name].limit(limit + 4 * MEBIBYTE)
                        for _ in range(12):
                            if supervisor.deaths[name] != before:
                                break
                            if name == "ingest_service":  # Text that costs memory and, not being German, no analysis.
                                feed.offer(1, padding="\n\n" + "They have been told that it is so. " * 60_000)
                            else:
                                feed.offer(1, articles=rng.choice([1, 20, 60]))
                            time.sleep(0.3)
                        groups[name].limit(None)
                acknowledged = feed.finish()
                for name in SERVICES:
                    system.wait_for(lambda name=name: self.listens(system, name), f"{name} to listen")
                counts = check_everything(system, acknowledged)
            finally:
                supervisor.stop()
            self.assertEqual(supervisor.other, [])
            self.assertGreater(sum(supervisor.deaths.values()), 0, "nothing was killed")
            print(f"killed for want of memory: {dict(supervisor.deaths)}; {counts}")

    def listens(self, system, name):
        return system.processes[name].poll() is None and system.answers(name)


if __name__ == "__main__":
    unittest.main()

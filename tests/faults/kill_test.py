"""kill -9 of services at random moments under load, with and without a disk that loses what was not synced.

LAGEBILD_KILLS sets how often each service is killed in each test; 20 by default.
"""
import collections
import os
import random
import time
import unittest

from support import SERVICES, Feed, check_everything, lossy, services

KILLS = int(os.environ.get("LAGEBILD_KILLS", "20"))
SEED = int(os.environ.get("LAGEBILD_SEED", "20311"))
# A directory lives through this many kills of each service, then everything is checked and another begins.
KILLS_OF_A_LIFE = 50


class KillTest(unittest.TestCase):
    def storm(self, system, rng, kills):
        """Kills until each service has been killed often enough; some while they are starting, some together."""
        feed = Feed(system, seed=rng.random())
        killed = collections.Counter()
        while min(killed[name] for name in SERVICES) < kills:
            feed.offer(rng.randint(1, 12))
            left = [name for name in SERVICES if killed[name] < kills]
            names = rng.sample(left, rng.randint(1, len(left)))
            time.sleep(rng.uniform(0, 0.25))
            for name in names:
                if system.processes[name].poll() is not None:
                    raise AssertionError(f"{name} ended by itself: {system.log(name)[-2000:]}")
                system.kill(name)
                killed[name] += 1
            for name in names:
                system.start(name, wait=False)
            if rng.random() < 0.7:
                for name in names:
                    system.wait_for(lambda name=name: system.answers(name), f"{name} to listen")
        for name in SERVICES:
            system.wait_for(lambda name=name: system.answers(name), f"{name} to listen")
        return feed.finish(), killed

    def lives(self, prepare=lambda system: None):
        rng = random.Random(SEED)
        total = collections.Counter()
        for begin in range(0, KILLS, KILLS_OF_A_LIFE):
            with services(start=False) as system:
                prepare(system)
                system.start_all()
                acknowledged, killed = self.storm(system, rng, min(KILLS_OF_A_LIFE, KILLS - begin))
                total.update(killed)
                total.update(check_everything(system, acknowledged))
                self.examine(system)
        print(dict(total))

    def examine(self, system):
        for name in SERVICES:
            self.assertEqual(name in system.service_environment, "dies with this process" in system.log(name))
            system.terminate(name)
            system.cli("admin", "verify", "--data-dir", system.directory / name)

    def test_killed(self):
        self.lives()

    def test_killed_and_what_was_not_synced_is_lost(self):
        def prepare(system):
            for name in SERVICES:
                lossy(system, name)

        self.lives(prepare)

    def test_killed_and_of_what_was_not_synced_something_is_left(self):
        def prepare(system):
            for name in SERVICES:
                lossy(system, name, torn=True)

        self.lives(prepare)


if __name__ == "__main__":
    unittest.main()

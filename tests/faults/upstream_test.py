"""Slow, cut and reset connections between the services, and from a client to ingest_service: all comes right without
hands, nothing is lost or there twice. Uses toxiproxy (tests/tools/install).

LAGEBILD_SECONDS sets how long the connections are tampered with; 8 by default.
"""
import collections
import json
import os
import random
import subprocess
import time
import unittest
import urllib.error
import urllib.request

from support import TOXIPROXY, Feed, check_everything, free_port, services

SECONDS = float(os.environ.get("LAGEBILD_SECONDS", "8"))
SEED = int(os.environ.get("LAGEBILD_SEED", "20311"))


class Proxies:
    """A toxiproxy server; every proxy is a connection that can be tampered with."""

    def __init__(self):
        self.port = free_port()
        self.toxics = 0
        self.process = subprocess.Popen([TOXIPROXY, "-host", "127.0.0.1", "-port", str(self.port)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while True:
            try:
                self.call("GET", "/version")
                return
            except urllib.error.URLError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def call(self, method, path, body=None):
        """A request to toxiproxy, which answers when what is under way on the connection has passed."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode())
        end = time.monotonic() + 120
        while True:
            try:
                with urllib.request.urlopen(request, timeout=60) as response:
                    return response.read()
            except urllib.error.HTTPError as error:
                # 503: it takes longer than toxiproxy lets a request take. 409: the one before has been carried out.
                if error.code == 409:
                    return b""
                if error.code != 503 or time.monotonic() > end:
                    raise

    def add(self, name, upstream):
        """A new proxy; its address."""
        address = f"127.0.0.1:{free_port()}"
        self.call("POST", "/proxies", {"name": name, "listen": address, "upstream": upstream, "enabled": True})
        return address

    def toxic(self, name, kind, stream="downstream", **attributes):
        self.toxics += 1
        self.call("POST", f"/proxies/{name}/toxics",
                  {"name": f"toxic-{self.toxics}", "type": kind, "stream": stream, "attributes": attributes})

    def enable(self, name, enabled):
        self.call("POST", f"/proxies/{name}", {"enabled": enabled})

    def heal(self):
        """All connections as they should be."""
        self.call("POST", "/reset")

    def stop(self):
        self.process.terminate()
        self.process.wait()


class UpstreamTest(unittest.TestCase):
    def setUp(self):
        self.proxies = Proxies()
        self.addCleanup(self.proxies.stop)

    def tamper(self, rng, name):
        """One fault of one connection; what it is called."""
        p = self.proxies
        stream = rng.choice(["upstream", "downstream"])
        kind = rng.choice(["slow", "narrow", "sliced", "reset", "cut behind some bytes", "cut", "away", "silent"])
        if kind == "slow":
            p.toxic(name, "latency", stream, latency=rng.randint(50, 800), jitter=rng.randint(0, 300))
        elif kind == "narrow":
            p.toxic(name, "bandwidth", stream, rate=rng.randint(50, 300))
        elif kind == "sliced":
            p.toxic(name, "slicer", stream, average_size=rng.randint(50, 500), size_variation=40, delay=rng.randint(1, 500))
        elif kind == "reset":
            p.toxic(name, "reset_peer", stream, timeout=rng.randint(0, 300))
        elif kind == "cut behind some bytes":
            p.toxic(name, "limit_data", stream, bytes=rng.randint(1, 50_000))
        elif kind == "cut":
            p.toxic(name, "timeout", stream, timeout=rng.randint(1, 300))
        elif kind == "silent":  # Nothing arrives and nobody is told.
            p.toxic(name, "timeout", stream, timeout=0)
        else:
            p.enable(name, False)
        return kind

    def test_everything_comes_right(self):
        rng = random.Random(SEED)
        names = ["extract to ingest", "query to extract", "client to ingest"]
        with services(start=False) as system:
            upstream = {"extract to ingest": "ingest_service", "query to extract": "extract_service",
                        "client to ingest": "ingest_service"}
            addresses = {name: self.proxies.add(name.replace(" ", "-"), system.address(upstream[name])) for name in names}
            system.upstreams = {"extract_service": addresses["extract to ingest"],
                                "query_service": addresses["query to extract"]}
            system.start_all()
            feed = Feed(system, retry=3600, ingest=addresses["client to ingest"])
            done = collections.Counter()
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                feed.offer(rng.randint(1, 30))
                for name in rng.sample(names, rng.randint(1, 3)):
                    done[self.tamper(rng, name.replace(" ", "-"))] += 1
                time.sleep(rng.uniform(0.1, 1.5))
                if rng.random() < 0.8:
                    self.proxies.heal()
                    time.sleep(rng.uniform(0, 0.3))
            self.proxies.heal()
            begin = time.monotonic()
            acknowledged = feed.finish()
            system.wait_until_caught_up()
            recovered = time.monotonic() - begin
            counts = check_everything(system, acknowledged)
            print(f"{dict(done)}; all came right {recovered:.1f} s later; {counts}")
            # Dead connections are noticed behind 20 seconds without an answer to a ping.
            self.assertLess(recovered, 45)


if __name__ == "__main__":
    unittest.main()

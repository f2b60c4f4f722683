"""Clients that open streams and never read: the memory of the services stays bounded, others are served.

LAGEBILD_DEAF_STREAMS sets how many such streams each service gets; 20 by default.
"""
import json
import os
import subprocess
import tempfile
import time
import unittest

from support import GRPCURL, Feed, check_everything, services

STREAMS = int(os.environ.get("LAGEBILD_DEAF_STREAMS", "20"))
MEBIBYTE = 1 << 20
DOCUMENTS = 300  # About 10 MiB of extractions.


def resident(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmRSS:"))


class ClientTest(unittest.TestCase):
    def deaf(self, system, name, method, request):
        """A stream whose client sends all it has and reads nothing once its pipe is full."""
        process = subprocess.Popen(
            [GRPCURL, "-plaintext", "-d", "@", system.address(name), f"lagebild.v1.{method}"], stdin=request,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def request(self, *messages):
        file = tempfile.TemporaryFile()
        self.addCleanup(file.close)
        file.write("\n".join(json.dumps(message, ensure_ascii=False) for message in messages).encode())
        file.seek(0)
        return file

    def test_streams_that_nobody_reads(self):
        with services() as system:
            feed = Feed(system)
            feed.offer(DOCUMENTS)
            acknowledged = feed.finish()
            system.wait_until_caught_up()
            before = {name: resident(process) for name, process in system.processes.items()}
            clients = []
            for _ in range(STREAMS):
                clients += [self.deaf(system, "ingest_service", "IngestService/ReadDocuments", self.request({"follow": True})),
                            self.deaf(system, "extract_service", "ExtractService/ReadExtractions", self.request({"follow": True}))]
            # Those who write and do not read the answers.
            writers = [[{"document": {"documentId": f"deaf-{writer}-{number}", "text": "Es regnet."}} for number in range(6000)]
                       for writer in range(2)]
            for messages in writers:
                clients.append(self.deaf(system, "ingest_service", "IngestService/IngestDocuments", self.request(*messages)))
            # The service stops taking in what they send once it cannot answer.
            heads = [-1, -2]
            while heads[-1] != heads[-2]:
                time.sleep(2)
                heads.append(system.head("ingest_service"))
            self.assertLess(heads[-1], DOCUMENTS + 12000)
            self.assertTrue(all(client.poll() is None for client in clients), "a deaf client has ended")

            feed = Feed(system, seed=1)
            begin = time.monotonic()
            feed.offer(20)
            acknowledged += feed.finish(60)
            system.wait_until_caught_up()
            waited = time.monotonic() - begin
            growth = {name: (resident(process) - before[name]) / MEBIBYTE for name, process in system.processes.items()}
            print(f"{len(clients)} deaf streams: 20 documents of others visible after {waited:.1f} s, "
                  f"{heads[-1] - DOCUMENTS} documents of the deaf taken in, resident memory grew by "
                  + ", ".join(f"{name} {mebibytes:.0f} MiB" for name, mebibytes in growth.items()))
            self.assertLess(waited, 30)
            # What a stream holds: a message and the windows of the connection.
            self.assertLess(max(growth.values()), 50 + STREAMS)
            for client in clients:
                client.kill()
                client.wait()
            check_everything(system, acknowledged, certain=False)


if __name__ == "__main__":
    unittest.main()

"""A clock that is set forward and back while the services run, and over restarts: recording times keep the order of the
log, and what was known at a moment can be asked for again. Uses libfaketime (Debian's package faketime)."""
import glob
import json
import unittest

from support import SERVICES, check_everything, generate, services

DAY = 86400
# Seconds to the right time; None: a restart of all services in between.
JUMPS = [0, 3600, -3600, None, 30 * DAY, -30 * DAY, None, -400 * DAY, 5, 0, None, 400 * DAY]


class ClockTest(unittest.TestCase):
    def test_a_clock_that_jumps(self):
        libraries = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        if not libraries:
            self.skipTest("faketime is not installed")
        with services(start=False) as system:
            clock = system.directory / "clock"
            clock.write_text("+0\n")
            for name in SERVICES:
                system.service_environment[name] = {
                    "LD_PRELOAD": libraries[0], "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
                    "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
            system.start_all()
            acknowledged, known = [], []
            for number, jump in enumerate(JUMPS):
                if jump is None:
                    for name in SERVICES:
                        system.kill(name)
                        system.start(name)
                    continue
                clock.write_text(f"{jump:+d}\n")
                for i in range(3):
                    document = generate.article(10 * number + i)
                    answer = system.call("ingest_service", "IngestDocument",
                                         {"documentId": document["id"], "text": document["text"],
                                          "metadata": {"published": document["published"]}})
                    acknowledged.append((document, answer))
                system.wait_until_caught_up()
                record = system.grpcurl("ingest_service", "ReadDocuments", {"afterPosition": len(acknowledged) - 1})[0]
                known.append((record["record"]["recordedAt"], self.documents(system, {})))
                self.assertEqual(len(known[-1][1]), len(acknowledged))
            counts = check_everything(system, acknowledged)
            for instant, documents in known:
                self.assertEqual(self.documents(system, {"recordedBy": instant}), documents, instant)
            # What the public could know does not depend on the clock where documents say when they were published.
            for day in ("2030-06-30", "2031-03-31", "2099-12-31"):
                expected = {document["id"] for document, _ in acknowledged if document["published"] <= day}
                self.assertEqual(self.documents(system, {"asOf": day}), expected, day)
            print(f"{len(known)} settings, {JUMPS.count(None)} restarts: {counts}")

    def documents(self, system, picture):
        """The documents that have claims in a picture."""
        found, token = set(), ""
        while True:
            page = system.call("query_service", "ListClaims",
                               {"pageSize": 1000, "pageToken": token, "picture": picture, "includeFragments": True})
            found |= {entry["document"]["documentId"] for entry in page.get("claims", [])}
            token = page.get("nextPageToken", "")
            if not token:
                return found


if __name__ == "__main__":
    unittest.main()

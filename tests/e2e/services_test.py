"""Every method of the three services over reflection, the samples' way through them, and bad input."""
import json
import pathlib
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from harness import API, BINARIES, GRPCURL, SAMPLES, SERVICES, CallError, Lagebild, free_port, running

METHODS = {
    "ingest_service": {"IngestDocument", "IngestDocuments", "GetDocument", "ListDocuments", "DeleteDocument",
                       "ReadDocuments", "GetStatus"},
    "extract_service": {"AnalyzeDocument", "GetExtraction", "ReadExtractions", "GetStatus"},
    "query_service": {"ListActors", "GetActor", "ListClaims", "GetClaim", "ListFigures", "GetTimeline", "GetDocument",
                      "GetStatus"},
}


class ServicesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.context = running()
        cls.system = cls.context.__enter__()
        cls.system.cli("ingest", "--quiet", SAMPLES)
        cls.system.wait_until_caught_up()

    @classmethod
    def tearDownClass(cls):
        cls.context.__exit__(None, None, None)

    def test_reflection_lists_and_describes_every_method(self):
        for name in SERVICES:
            address = self.system.address(name)
            listed = subprocess.run([GRPCURL, "-plaintext", address, "list"], capture_output=True, text=True)
            self.assertIn(f"lagebild.v1.{API[name]}", listed.stdout)
            self.assertIn("grpc.health.v1.Health", listed.stdout)
            methods = subprocess.run([GRPCURL, "-plaintext", address, "list", f"lagebild.v1.{API[name]}"],
                                     capture_output=True, text=True).stdout.split()
            self.assertEqual({m.rsplit(".", 1)[1] for m in methods}, METHODS[name])
            for method in methods:
                described = subprocess.run([GRPCURL, "-plaintext", address, "describe", method], capture_output=True,
                                           text=True)
                self.assertEqual(described.returncode, 0, described.stderr)
                self.assertIn("rpc ", described.stdout)

    def test_health_is_serving(self):
        for name in SERVICES:
            for service in ("", f"lagebild.v1.{API[name]}"):
                checked = subprocess.run([GRPCURL, "-plaintext", "-d", json.dumps({"service": service}),
                                          self.system.address(name), "grpc.health.v1.Health/Check"],
                                         capture_output=True, text=True, timeout=30)
                self.assertEqual(checked.returncode, 0, checked.stderr)
                self.assertEqual(json.loads(checked.stdout), {"status": "SERVING"})
            for path in ("healthz", "readyz", "metrics"):
                url = f"http://127.0.0.1:{self.system.http_ports[name]}/{path}"
                with urllib.request.urlopen(url, timeout=5) as response:
                    body = response.read().decode()
                    self.assertEqual(response.status, 200)
                    if path == "metrics":
                        self.assertIn("lagebild_", body)

    def test_a_document_goes_through_all_three(self):
        system = self.system
        stored = system.call("ingest_service", "IngestDocument", {
            "documentId": "bruecke", "text": "Die Brücke in Altenwerda bleibt bis Montag gesperrt, teilte die Polizei mit.",
            "metadata": {"published": "2031-04-02", "outlet": "Prüfblatt"}})
        self.assertEqual(stored["version"], "1")
        self.assertTrue(stored["created"])
        again = system.call("ingest_service", "IngestDocument", {
            "documentId": "bruecke", "text": "Die Brücke in Altenwerda bleibt bis Montag gesperrt, teilte die Polizei mit.",
            "metadata": {"published": "2031-04-02", "outlet": "Prüfblatt"}})
        self.assertEqual((again["position"], again.get("created", False)), (stored["position"], False))
        system.wait_until_caught_up()
        extraction = system.call("extract_service", "GetExtraction", {"documentId": "bruecke"})["extraction"]
        self.assertEqual(len(extraction["claims"]), 1)
        claims = system.call("query_service", "ListClaims", {"filter": {"documentIds": ["bruecke"]}})["claims"]
        self.assertEqual([s["name"] for s in claims[0]["speakers"]], ["Polizei"])
        one = system.call("query_service", "GetClaim", {"name": claims[0]["name"]})
        self.assertIn("gesperrt", one["sentences"][0]["span"]["text"])
        system.call("ingest_service", "DeleteDocument", {"documentId": "bruecke"})
        system.wait_until_caught_up()
        self.assertNotIn("claims", system.call("query_service", "ListClaims", {"filter": {"documentIds": ["bruecke"]}}))
        with self.assertRaisesRegex(CallError, "NotFound"):
            system.call("ingest_service", "GetDocument", {"documentId": "bruecke"})
        with self.assertRaisesRegex(CallError, "NotFound"):
            system.call("query_service", "GetDocument", {"documentId": "bruecke"})

    def test_every_read_of_the_record(self):
        system = self.system
        claims = system.call("query_service", "ListClaims", {"pageSize": 5})
        self.assertEqual(len(claims["claims"]), 5)
        self.assertTrue(claims["nextPageToken"])
        more = system.call("query_service", "ListClaims", {"pageSize": 5, "pageToken": claims["nextPageToken"]})
        names = [c["name"] for c in claims["claims"] + more["claims"]]
        self.assertEqual(len(set(names)), 10)
        actors = system.call("query_service", "ListActors", {"orderBy": "ACTOR_ORDER_CLAIMS_DESC"})["actors"]
        self.assertGreater(actors[0]["claimCount"], 0)
        actor = system.call("query_service", "GetActor", {"actorId": actors[0]["actorId"]})
        self.assertEqual(actor["actor"]["name"], actors[0]["name"])
        self.assertIn("figures", system.call("query_service", "ListFigures", {}))
        self.assertIn("entries", system.call("query_service", "GetTimeline", {}))
        document = system.call("query_service", "GetDocument", {"documentId": "05_seite"})
        text = document["document"]["text"].encode()
        for claim in document["extraction"]["claims"]:
            for span in claim["content"]:
                self.assertEqual(text[span.get("begin", 0):span["end"]].decode(), span["text"])
        self.assertNotIn("Cookies", document["document"]["text"])

    def test_an_earlier_picture(self):
        claims = self.system.call("query_service", "ListClaims", {"picture": {"asOf": "2031-03-12"}, "pageSize": 100})
        # What says no date was published, at the latest, when it was recorded: that is before this day.
        days = {c["document"].get("published", {}).get("latest") for c in claims["claims"]}
        self.assertEqual(days - {None}, {"2031-03-12"})

    def test_the_stream_answers_each_document_in_order(self):
        answers = self.system.grpcurl("ingest_service", "IngestDocuments", [
            {"document": {"documentId": "gut-1", "text": "Ein Satz."}},
            {"document": {"documentId": "leer", "text": ""}},
            {"document": {"documentId": "schlecht/id", "text": "Ein Satz."}},
            {"document": {"documentId": "gut-2", "text": "Noch ein Satz."}}])
        self.assertEqual([int(a.get("index", 0)) for a in answers], [0, 1, 2, 3])
        self.assertEqual([a.get("error", {}).get("reason") for a in answers], [None, "EMPTY_TEXT", "INVALID_ID", None])
        for document in ("gut-1", "gut-2"):
            self.system.call("ingest_service", "DeleteDocument", {"documentId": document})

    def test_bad_input_gets_a_reason_and_a_field(self):
        import base64
        cases = [
            ("ingest_service", "IngestDocument", {"text": ""}, "InvalidArgument", "EMPTY_TEXT"),
            ("ingest_service", "IngestDocument", {"raw": base64.b64encode(b"Gut \xff schlecht").decode()},
             "InvalidArgument", "INVALID_UTF8"),
            ("ingest_service", "IngestDocument", {"text": "a\u0000b"}, "InvalidArgument", "NUL_BYTE"),
            ("ingest_service", "IngestDocument", {"text": "x", "metadata": {"published": "gestern"}},
             "InvalidArgument", "INVALID_DATE"),
            ("ingest_service", "IngestDocument", {"text": "x", "metadata": {"url": "file:///etc/passwd"}},
             "InvalidArgument", "INVALID_URL"),
            ("ingest_service", "GetDocument", {"documentId": "gibt-es-nicht"}, "NotFound", "DOCUMENT_NOT_FOUND"),
            ("ingest_service", "DeleteDocument", {"documentId": "gibt-es-nicht"}, "NotFound", "DOCUMENT_NOT_FOUND"),
            ("ingest_service", "ReadDocuments", {"partition": 3}, "NotFound", "UNKNOWN_PARTITION"),
            ("extract_service", "AnalyzeDocument", {"text": ""}, "InvalidArgument", "EMPTY_TEXT"),
            ("extract_service", "GetExtraction", {"documentId": "gibt-es-nicht"}, "NotFound", "DOCUMENT_NOT_FOUND"),
            ("query_service", "GetDocument", {"documentId": "gibt-es-nicht"}, "NotFound", "DOCUMENT_NOT_FOUND"),
            ("query_service", "GetClaim", {"name": "documents/a/claims/b"}, "NotFound", "CLAIM_NOT_FOUND"),
            ("query_service", "GetActor", {"actorId": "gibt-es-nicht"}, "NotFound", "ACTOR_NOT_FOUND"),
            ("query_service", "ListClaims", {"pageToken": "unsinn"}, "InvalidArgument", "INVALID_PAGE_TOKEN"),
            ("query_service", "ListClaims", {"pageSize": -1}, "InvalidArgument", "INVALID_PAGE_SIZE"),
            ("query_service", "ListClaims",
             {"filter": {"eventTime": {"earliest": "2031-03-02", "latest": "2031-03-01"}}}, "InvalidArgument",
             "REVERSED_INTERVAL"),
            ("query_service", "ListClaims", {"picture": {"asOf": "gestern"}}, "InvalidArgument", "INVALID_DATE"),
        ]
        for name, method, request, code, reason in cases:
            with self.subTest(method=method, request=request):
                with self.assertRaises(CallError) as caught:
                    self.system.grpcurl(name, method, request)
                self.assertIn(code, caught.exception.output)
                self.assertIn(reason, caught.exception.output)

    def test_a_page_token_of_another_request_is_refused(self):
        token = self.system.call("query_service", "ListClaims", {"pageSize": 2})["nextPageToken"]
        with self.assertRaisesRegex(CallError, "INVALID_PAGE_TOKEN"):
            self.system.call("query_service", "ListClaims",
                             {"pageSize": 2, "pageToken": token, "filter": {"text": "Explosion"}})

    def test_analysis_stores_nothing(self):
        before = self.system.head("extract_service")
        extraction = self.system.call("extract_service", "AnalyzeDocument", {
            "text": "„Wir kommen voran“, sagte Thekla Barnim.", "documentId": "nur-so"})["extraction"]
        self.assertEqual(extraction["claims"][0]["kind"], "CLAIM_KIND_DIRECT")
        self.assertEqual(self.system.head("extract_service"), before)

    def test_follow_sends_what_comes(self):
        system = self.system
        head = system.head("ingest_service")
        follower = subprocess.Popen([GRPCURL, "-plaintext", "-d", json.dumps({"afterPosition": head, "follow": True}),
                                     system.address("ingest_service"), "lagebild.v1.IngestService/ReadDocuments"],
                                    stdout=subprocess.PIPE, text=True)
        try:
            time.sleep(0.5)
            system.call("ingest_service", "IngestDocument", {"documentId": "folge", "text": "Etwas ist neu."})
            lines = []
            while '"folge"' not in "".join(lines):
                line = follower.stdout.readline()
                self.assertTrue(line, "the stream ended")
                lines.append(line)
        finally:
            follower.kill()
            follower.wait()
            follower.stdout.close()
            system.call("ingest_service", "DeleteDocument", {"documentId": "folge"})


class ProcessTest(unittest.TestCase):
    """Start, stop and what goes wrong with them."""

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="lagebild-e2e-")
        self.addCleanup(self.directory.cleanup)
        self.system = Lagebild(self.directory.name)
        self.addCleanup(self.system.stop_all)

    def run_service(self, name, *flags):
        return subprocess.run([str(BINARIES / name), *flags], capture_output=True, text=True, timeout=30)

    def test_sigterm_drains_and_ends_follow_streams(self):
        self.system.start_all()
        for name, method in (("ingest_service", "ReadDocuments"), ("extract_service", "ReadExtractions")):
            follower = subprocess.Popen([GRPCURL, "-plaintext", "-d", '{"follow": true}', self.system.address(name),
                                         f"lagebild.v1.{API[name]}/{method}"], stderr=subprocess.PIPE, text=True)
            time.sleep(0.5)
            began = time.monotonic()
            self.assertEqual(self.system.terminate(name), 0)
            self.assertLess(time.monotonic() - began, 10)
            self.assertIn("Unavailable", follower.communicate(timeout=10)[1])
        self.assertEqual(self.system.terminate("query_service"), 0)

    def test_services_go_on_without_each_other(self):
        self.system.start("query_service")
        self.system.start("extract_service")
        analysed = self.system.call("extract_service", "AnalyzeDocument", {"text": "Er sagte, es sei gut."})
        self.assertIn("extraction", analysed)
        self.system.start("ingest_service")
        self.system.call("ingest_service", "IngestDocument", {"documentId": "a", "text": "Die Stadt teilte mit, es sei gut."})
        self.system.wait_until_caught_up()
        self.system.terminate("extract_service")
        self.system.call("ingest_service", "IngestDocument", {"documentId": "b", "text": "Die Stadt teilte mit, es sei gut."})
        self.assertIn("claims", self.system.call("query_service", "ListClaims", {}))
        self.system.start("extract_service")
        self.system.wait_until_caught_up()
        self.assertEqual(len(self.system.call("query_service", "ListClaims", {})["claims"]), 2)

    def test_the_read_model_is_rebuilt(self):
        import shutil
        self.system.start_all()
        self.system.cli("ingest", "--quiet", SAMPLES)
        self.system.wait_until_caught_up()
        before = self.system.cli("claims", "--all", "--format", "csv").stdout
        self.system.terminate("query_service")
        shutil.rmtree(pathlib.Path(self.directory.name) / "query_service")
        self.system.start("query_service")
        self.system.wait_until_caught_up()
        self.assertEqual(self.system.cli("claims", "--all", "--format", "csv").stdout, before)

    def test_bad_flags_name_the_flag(self):
        for name in SERVICES:
            for flags, words in ((("--listen", "unsinn"), "--listen"), (("--log-format", "gelb"), "--log-format"),
                                 (("--max-concurrent-rpcs", "-3"), "--max-concurrent-rpcs")):
                result = self.run_service(name, "--data-dir", self.directory.name, *flags)
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertIn(words, result.stderr)
            self.assertEqual(self.run_service(name, "--help").returncode, 0)

    def test_another_address_wants_tls(self):
        result = self.run_service("ingest_service", "--data-dir", self.directory.name, "--listen",
                                  f"0.0.0.0:{free_port()}")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("--tls-cert", result.stderr)

    def test_a_port_or_directory_in_use_is_said(self):
        self.system.start("ingest_service")
        other = pathlib.Path(self.directory.name) / "other"
        other.mkdir()
        port = self.run_service("ingest_service", "--data-dir", str(other), "--listen",
                                self.system.address("ingest_service"), "--http-listen", f"127.0.0.1:{free_port()}")
        self.assertNotEqual(port.returncode, 0)
        self.assertIn(str(self.system.ports["ingest_service"]), port.stdout + port.stderr)
        directory = self.run_service("ingest_service", "--data-dir",
                                     str(pathlib.Path(self.directory.name) / "ingest_service"), "--listen",
                                     f"127.0.0.1:{free_port()}", "--http-listen", f"127.0.0.1:{free_port()}")
        self.assertNotEqual(directory.returncode, 0)
        self.assertIn("ingest_service", directory.stdout + directory.stderr)

    def test_a_damaged_database_is_refused_with_the_way_out(self):
        self.system.start_all()
        self.system.cli("ingest", "--quiet", SAMPLES)
        self.system.wait_until_caught_up()
        for name in reversed(SERVICES):
            self.system.terminate(name)
        data = pathlib.Path(self.directory.name) / "query_service"
        for manifest in data.rglob("MANIFEST-*"):
            manifest.write_bytes(b"nonsense" * 64)
        result = self.run_service("query_service", "--data-dir", str(data), "--listen", f"127.0.0.1:{free_port()}",
                                  "--http-listen", f"127.0.0.1:{free_port()}", "--upstream",
                                  self.system.address("extract_service"))
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(str(data), result.stdout + result.stderr)


if __name__ == "__main__":
    unittest.main()

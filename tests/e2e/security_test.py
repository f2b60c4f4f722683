"""TLS with client certificates, tokens with scopes, rotation of both while the services run, limits."""
import base64
import json
import pathlib
import re
import socket
import ssl
import subprocess
import tempfile
import time
import unittest
import urllib.request

from certificates import Authority
from harness import API, BINARIES, GRPCURL, SAMPLES, SERVICES, SOURCE, CallError, Lagebild, free_port


class MutualTlsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="lagebild-e2e-")
        cls.directory = pathlib.Path(cls.temporary.name)
        cls.certificates = cls.directory / "certificates"
        cls.certificates.mkdir()
        cls.authority = Authority(cls.certificates, "authority")
        cls.stranger = Authority(cls.certificates, "stranger")
        cls.server = cls.authority.issue("server", "lagebild")
        cls.chain = cls.authority.issue("chain", "chain")
        cls.desk = cls.authority.issue("desk", "desk")
        cls.foreign = cls.stranger.issue("foreign", "desk")
        cls.trusted = cls.certificates / "clients.pem"
        cls.trusted.write_text(cls.authority.cert.read_text())
        cls.tokens_file = cls.directory / "tokens"
        cls.tokens = {name: cls.create_token(name, *scopes)
                      for name, scopes in {"chain": ["read"], "desk": ["read", "write"], "reader": ["read"],
                                           "writer": ["write"], "keeper": ["admin"]}.items()}
        (cls.directory / "chain.token").write_text(cls.tokens["chain"] + "\n")
        cls.system = Lagebild(cls.directory, tls_cert=cls.server[0], tls_key=cls.server[1], tls_client_ca=cls.trusted,
                              tokens_file=cls.tokens_file)
        cls.use("desk", cls.desk)
        for name in SERVICES:
            cls.start(name)

    @classmethod
    def tearDownClass(cls):
        cls.system.stop_all()
        cls.temporary.cleanup()

    @classmethod
    def create_token(cls, name, *scopes):
        arguments = [word for scope in scopes for word in ("--scope", scope)]
        result = subprocess.run([BINARIES / "lagebild", "token", "create", "--name", name, *arguments, "--tokens-file",
                                 cls.tokens_file], capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()

    @classmethod
    def start(cls, name):
        upstream = [] if name == "ingest_service" else [
            "--client-ca", str(cls.authority.cert), "--client-cert", str(cls.chain[0]), "--client-key", str(cls.chain[1]),
            "--client-token-file", str(cls.directory / "chain.token")]
        cls.system.start(name, upstream)

    @classmethod
    def use(cls, token, certificate):
        """What grpcurl and the command line show from now on."""
        cert, key = certificate
        cls.system.grpcurl_flags = ["-cacert", str(cls.authority.cert), "-cert", str(cert), "-key", str(key),
                                    "-connect-timeout", "6", "-H",
                                    f"authorization: Bearer {cls.tokens[token]}"]
        cls.system.cli_environment = {"LAGEBILD_TLS_CA": str(cls.authority.cert), "LAGEBILD_TLS_CERT": str(cert),
                                      "LAGEBILD_TLS_KEY": str(key), "LAGEBILD_TOKEN": cls.tokens[token]}

    def setUp(self):
        self.use("desk", self.desk)

    def grpcurl(self, *arguments):
        return subprocess.run([GRPCURL, *arguments], capture_output=True, text=True, timeout=60)

    def served_serial(self, name):
        """Serial number of the certificate that a new connection is shown."""
        context = ssl.create_default_context(cafile=self.authority.cert)
        context.load_cert_chain(*self.desk)
        context.set_alpn_protocols(["h2"])
        with socket.create_connection(("127.0.0.1", self.system.ports[name]), timeout=10) as raw:
            with context.wrap_socket(raw, server_hostname="127.0.0.1") as connection:
                return connection.getpeercert()["serialNumber"]

    def test_documents_pass_through_all_three(self):
        self.system.cli("ingest", "--quiet", SAMPLES)
        self.system.wait_until_caught_up()
        self.assertGreater(len(self.system.cli("claims", "--format", "csv").stdout.splitlines()), 10)
        self.assertEqual(self.system.cli("status", "--format", "csv").stdout.decode().count("connected"), 2)

    def test_without_a_trusted_certificate_nobody_is_heard(self):
        address = self.system.address("query_service")
        method = "lagebild.v1.QueryService/GetStatus"
        token = ["-H", f"authorization: Bearer {self.tokens['desk']}"]
        ca = ["-cacert", str(self.authority.cert)]
        for flags in (["-plaintext"], ca, [*ca, "-cert", str(self.foreign[0]), "-key", str(self.foreign[1])]):
            result = self.grpcurl(*flags, *token, "-connect-timeout", "3", "-max-time", "5", address, method)
            self.assertNotEqual(result.returncode, 0, flags)
        # And a server of another authority is not believed.
        result = self.system.cli("--tls-ca", self.stranger.cert, "--timeout", "3", "claims", check=False)
        self.assertEqual(result.returncode, 3, result.stderr)

    def test_scopes_open_what_they_name(self):
        document = {"documentId": "bereich", "text": "Die Stadt teilte mit, es sei gut."}
        methods = {"read": [("query_service", "ListClaims", {}), ("ingest_service", "ListDocuments", {}),
                            ("extract_service", "AnalyzeDocument", {"text": "Er sagte, es sei gut."}),
                            ("extract_service", "GetStatus", {})],
                   "write": [("ingest_service", "IngestDocument", document),
                             ("ingest_service", "IngestDocuments", [{"document": document}]),
                             ("ingest_service", "DeleteDocument", {"documentId": "bereich"})]}
        for token, allowed in (("reader", "read"), ("writer", "write")):
            self.use(token, self.desk)
            for scope, calls in methods.items():
                for name, method, request in calls:
                    with self.subTest(token=token, method=method):
                        if scope == allowed:
                            self.system.grpcurl(name, method, request) if token == "reader" else self.without_reflection(
                                name, method, request)
                        else:
                            output = self.without_reflection(name, method, request, fails=True)
                            self.assertIn("PermissionDenied", output)
                            self.assertIn("SCOPE_MISSING", output)
        self.use("keeper", self.desk)
        output = self.without_reflection("ingest_service", "CreateBackup", {}, fails=True, service="AdminService")
        self.assertIn("NO_BACKUP_DIR", output)
        self.use("desk", self.desk)
        self.assertIn("SCOPE_MISSING", self.without_reflection("ingest_service", "CreateBackup", {}, fails=True,
                                                               service="AdminService"))

    def without_reflection(self, name, method, request, fails=False, service=None):
        """Calls with the contracts' files, as reflection itself wants the scope read."""
        api = service or API[name]
        proto = "lagebild/v1/" + ("admin_service" if service else name) + ".proto"
        messages = request if isinstance(request, list) else [request]
        result = subprocess.run([GRPCURL, *self.system.grpcurl_flags, "-import-path", str(SOURCE / "protos"),
                                 "-proto", proto, "-d", "@", self.system.address(name), f"lagebild.v1.{api}/{method}"],
                                input="\n".join(map(json.dumps, messages)), capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode != 0, fails, result.stderr + result.stdout)
        # Without reflection grpcurl does not know ErrorInfo and prints its bytes.
        details = [base64.b64decode(value).decode("latin-1") for value in re.findall(r'"@value": "(\S+)"', result.stderr)]
        return result.stderr + "".join(details) if fails else result.stdout

    def test_missing_and_wrong_tokens(self):
        flags = list(self.system.grpcurl_flags)
        call = ("query_service", "GetStatus", {})
        self.system.grpcurl_flags = flags[:-2]
        output = self.without_reflection(*call, fails=True)
        self.assertIn("Unauthenticated", output)
        self.assertIn("TOKEN_MISSING", output)
        # Reflection tells the contract to those who may read only; health to everybody.
        listing = self.grpcurl(*flags[:-2], self.system.address("query_service"), "list")
        self.assertIn("wants a token", listing.stderr)
        self.assertIn("lagebild.v1.QueryService",
                      self.grpcurl(*flags, self.system.address("query_service"), "list").stdout)
        health = self.grpcurl(*flags[:-2], "-import-path", str(SOURCE / "protos"), "-proto",
                              "grpc/health/v1/health.proto", self.system.address("query_service"), "grpc.health.v1.Health/Check")
        self.assertEqual(json.loads(health.stdout), {"status": "SERVING"}, health.stderr)
        for wrong in (self.tokens["desk"][:-1], self.tokens["desk"] + "x", "lagebild.desk.x", "x"):
            self.system.grpcurl_flags = [*flags[:-1], f"authorization: Bearer {wrong}"]
            output = self.without_reflection(*call, fails=True)
            self.assertIn("TOKEN_INVALID", output)
            self.assertNotIn(str(self.directory), output)
        result = self.system.cli("claims", check=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.system.cli_environment["LAGEBILD_TOKEN"] = "lagebild.desk.x"
        result = self.system.cli("claims", check=False)
        self.assertEqual(result.returncode, 5)
        self.assertIn(b"--token-file", result.stderr)

    def test_a_token_is_given_and_taken_while_the_services_run(self):
        self.tokens["guest"] = self.create_token("guest", "read")
        self.use("guest", self.desk)
        self.system.wait_for(lambda: self.works("query_service"), "the new token to be known")
        lines = [line for line in self.tokens_file.read_text().splitlines() if not line.startswith("guest ")]
        self.tokens_file.write_text("\n".join(lines) + "\n")
        self.system.wait_for(lambda: not self.works("query_service"), "the token to be gone")
        self.assertNotIn(self.tokens["desk"].split(".")[2], self.tokens_file.read_text())

    def works(self, name):
        try:
            self.system.status(name)
            return True
        except CallError:
            return False

    def test_the_server_certificate_is_rotated(self):
        before = self.served_serial("ingest_service")
        cert, key = self.server
        kept = cert.read_bytes(), key.read_bytes()
        fresh = self.authority.issue("fresh", "lagebild")
        # Certificate first: until its key follows the old pair is served.
        cert.write_bytes(fresh[0].read_bytes())
        time.sleep(1.2)
        self.assertEqual(self.served_serial("ingest_service"), before)
        self.assertIn("the old certificate goes on", self.system.log("ingest_service"))
        key.write_bytes(fresh[1].read_bytes())
        self.system.wait_for(lambda: self.served_serial("ingest_service") != before, "the new certificate")
        # The streams between the services have gone on.
        self.system.call("ingest_service", "IngestDocument", {"documentId": "rotiert", "text": "Er sagte, es sei gut."})
        self.system.wait_until_caught_up()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.system.http_ports['ingest_service']}/metrics") as page:
            metrics = page.read().decode()
        until = float(re.search(r"^lagebild_tls_certificate_valid_until_seconds (\S+)$", metrics, re.M)[1])
        self.assertAlmostEqual(until - time.time(), 2 * 86400, delta=600)
        cert.write_bytes(kept[0])
        key.write_bytes(kept[1])
        self.system.wait_for(lambda: self.served_serial("ingest_service") == before, "the old certificate")

    def test_client_authorities_and_certificates_are_rotated(self):
        old, kept = self.trusted.read_text(), [path.read_bytes() for path in self.chain]
        try:
            # Both authorities are trusted, then the client changes, then the old one goes.
            self.trusted.write_text(old + self.stranger.cert.read_text())
            self.use("desk", self.foreign)
            self.system.wait_for(lambda: self.works("ingest_service"), "the second authority to be trusted")
            new = self.stranger.issue("chain-new", "chain")
            for path, fresh in zip(self.chain, new):
                path.write_bytes(fresh.read_bytes())
            self.trusted.write_text(self.stranger.cert.read_text())
            self.use("desk", self.desk)
            self.system.wait_for(lambda: not self.works("ingest_service"), "the first authority to be gone")
            self.use("desk", self.foreign)
            self.system.terminate("ingest_service")
            self.start("ingest_service")
            self.system.call("ingest_service", "IngestDocument", {"documentId": "neu", "text": "Er sagte, es sei gut."})
            self.system.wait_until_caught_up()
        finally:
            self.trusted.write_text(old)
            for path, content in zip(self.chain, kept):
                path.write_bytes(content)
            self.use("desk", self.desk)
            self.system.wait_for(lambda: self.works("ingest_service"), "the first authority to be back")


class LimitsTest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="lagebild-e2e-")
        self.system = Lagebild(self.temporary.name)

    def tearDown(self):
        self.system.stop_all()
        self.temporary.cleanup()

    def test_a_fast_client_is_refused_and_a_stream_slowed_down(self):
        self.system.start("ingest_service", ["--client-rate", "5", "--client-burst", "12"])
        documents = [{"documentId": f"d{i}", "text": f"Er sagte, es seien {i} Boote."} for i in range(30)]
        lines = "\n".join(json.dumps({"id": d["documentId"], "text": d["text"]}) for d in documents).encode()
        began = time.monotonic()
        result = self.system.cli("ingest", "-", "--quiet", stdin=lines)
        took = time.monotonic() - began
        self.assertIn(b"30 stored", result.stdout)
        self.assertGreater(took, (30 - 12) / 5 - 0.5)
        refusals = []
        for _ in range(20):
            try:
                self.system.call("ingest_service", "GetStatus")
            except CallError as error:
                refusals.append(error.output)
        self.assertTrue(any("ResourceExhausted" in output for output in refusals), refusals)

    def test_bad_files_are_named_by_their_flag(self):
        directory = pathlib.Path(self.temporary.name)
        authority = Authority(directory, "authority")
        cert, key = authority.issue("one", "one")
        _, other_key = authority.issue("two", "two")
        text = directory / "text"
        text.write_text("unsinn\n")
        for flags, words in (
                (["--tls-cert", cert, "--tls-key", other_key], "--tls-key: "),
                (["--tls-cert", text, "--tls-key", key], "--tls-cert: "),
                (["--tls-cert", cert, "--tls-key", text], "--tls-key: "),
                (["--tls-cert", cert, "--tls-key", key, "--tls-client-ca", text], "--tls-client-ca: "),
                (["--tls-client-ca", authority.cert], "--tls-client-ca: wants --tls-cert"),
                (["--tokens-file", text], "--tokens-file: "),
                (["--tokens-file", directory / "nothing"], "--tokens-file: cannot read"),
                (["--client-burst", "3"], "--client-burst: wants --client-rate"),
                (["--backup-dir", directory / "data/backups"], "--backup-dir: lies inside --data-dir")):
            result = subprocess.run([BINARIES / "ingest_service", "--data-dir", directory / "data", "--listen",
                                     f"127.0.0.1:{free_port()}", "--http-listen", f"127.0.0.1:{free_port()}",
                                     *map(str, flags)], capture_output=True, text=True, timeout=30)
            self.assertEqual(result.returncode, 2, (flags, result.stderr))
            self.assertIn(words, result.stderr)
            self.assertEqual(result.stderr.count("\n"), 1)

    def test_tls_without_client_certificates(self):
        directory = pathlib.Path(self.temporary.name)
        authority = Authority(directory, "authority")
        cert, key = authority.issue("server", "lagebild")
        system = Lagebild(directory / "system", tls_cert=cert, tls_key=key)
        system.grpcurl_flags = ["-cacert", str(authority.cert)]
        try:
            system.start("ingest_service")
            stored = system.call("ingest_service", "IngestDocument", {"documentId": "a", "text": "Ein Satz."})
            self.assertEqual(stored["version"], "1")
        finally:
            system.stop_all()

    def test_tokens_are_made_and_listed_once(self):
        file = pathlib.Path(self.temporary.name) / "tokens"
        shown = self.system.cli("token", "create", "--name", "desk", "--scope", "read").stdout.decode()
        self.assertIn("lagebild.desk.", shown)
        self.assertIn("desk read scrypt:", shown)
        self.system.cli("token", "create", "--name", "desk", "--scope", "read", "--tokens-file", file)
        twice = self.system.cli("token", "create", "--name", "desk", "--scope", "admin", "--tokens-file", file, check=False)
        self.assertEqual(twice.returncode, 2)
        self.assertEqual(len(file.read_text().splitlines()), 1)
        self.assertEqual(file.stat().st_mode & 0o007, 0)
        for name, scope in (("Desk", "read"), ("desk", "root")):
            result = self.system.cli("token", "create", "--name", name, "--scope", scope, check=False)
            self.assertEqual(result.returncode, 2, result.stderr)


if __name__ == "__main__":
    unittest.main()

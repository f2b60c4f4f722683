"""The command line against running services."""
import csv
import io
import json
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import unittest

import generate
from harness import BINARIES, SAMPLES, running


class CliTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.context = running()
        cls.system = cls.context.__enter__()
        cls.system.cli("ingest", "--quiet", SAMPLES)
        cls.system.wait_until_caught_up()

    @classmethod
    def tearDownClass(cls):
        cls.context.__exit__(None, None, None)

    def test_every_list_in_every_format(self):
        for command in ("claims", "actors", "figures", "timeline", "documents", "status"):
            with self.subTest(command=command):
                table = self.system.cli(command).stdout.decode()
                self.assertGreater(len(table.splitlines()), 2)
                rows = list(csv.reader(io.StringIO(self.system.cli(command, "--format", "csv").stdout.decode())))
                self.assertGreater(len(rows), 1)
                self.assertEqual({len(r) for r in rows}, {len(rows[0])})
                if command != "status":
                    self.assertTrue(json.loads(self.system.cli(command, "--format", "json").stdout))

    def test_tables_fit_the_line(self):
        for command in (("claims",), ("actors",), ("figures",), ("timeline",), ("documents",), ("status",)):
            lines = self.system.cli(*command).stdout.decode().splitlines()
            self.assertLessEqual(max(map(len, lines)), 120, command)

    def test_a_cut_list_says_so_behind_the_table(self):
        result = subprocess.run([str(BINARIES / "lagebild"), "claims", "--limit", "30"], env=self.system.environment(),
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        self.assertEqual(result.stdout.decode().splitlines()[-1], "There are more; --limit N or --all shows them.")

    def test_numbers_and_stances_read_well(self):
        figures = self.system.cli("figures", "--unit", "Liter").stdout.decode()
        self.assertIn("≤ 30\u00a0000", figures)
        acts = self.system.cli("claims", "--polarity", "neg", "--act", "confirm").stdout.decode()
        self.assertIn("not confirm", acts)

    def test_filters_reach_the_service(self):
        rows = json.loads(self.system.cli("claims", "--act", "deny", "--format", "json").stdout)["claims"]
        self.assertTrue(rows)
        self.assertEqual({r["claim"]["act"] for r in rows}, {"CLAIM_ACT_DENY"})

    def test_show_marks_claims(self):
        shown = self.system.cli("show", "05_seite").stdout.decode()
        self.assertIn("[1", shown)
        self.assertIn("Thekla Barnim", shown)
        self.assertNotRegex(shown, r"[ \n]\]", "a mark ends with its last word")

    def test_show_counts_what_is_too_uncertain(self):
        everything = self.system.cli("show", "05_seite", "--min-confidence", "0").stdout.decode()
        self.assertNotIn("not shown", everything)
        nothing = self.system.cli("show", "05_seite", "--min-confidence", "1").stdout.decode()
        self.assertRegex(nothing, r"\d+ claims less certain than 1 not shown")
        self.assertNotIn("[1", nothing)

    def test_exit_codes(self):
        self.assertEqual(self.system.cli("show", "gibt-es-nicht", check=False).returncode, 4)
        self.assertEqual(self.system.cli("claims", "--act", "unsinn", check=False).returncode, 2)
        self.assertEqual(self.system.cli("unsinn", check=False).returncode, 2)
        away = self.system.cli("--query", "127.0.0.1:1", "--timeout", "2", "claims", check=False)
        self.assertEqual(away.returncode, 3)
        self.assertIn(b"deploy/up", away.stderr)
        self.assertEqual(self.system.cli("claims", "--published-from", "gestern", check=False).returncode, 2)

    def test_a_bad_line_is_named_and_the_rest_goes_on(self):
        lines = b'{"id": "zeile-1", "text": "Ein Satz."}\nkein json\n{"id": "zeile-3"}\n{"id": "zeile-4", "text": "Noch einer."}\n'
        result = self.system.cli("ingest", "--quiet", "-", stdin=lines, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"-:2", result.stderr)
        self.assertIn(b"-:3", result.stderr)
        self.assertIn(b"2 stored, 0 unchanged, 2 failed", result.stdout)
        self.system.cli("delete", "zeile-1", "zeile-4")

    def test_an_interrupted_run_is_resumed(self):
        with tempfile.TemporaryDirectory(prefix="lagebild-resume-") as directory:
            feed = pathlib.Path(directory) / "feed.jsonl"
            with open(feed, "w", encoding="utf-8") as out:
                for i in range(20000):
                    out.write(json.dumps(generate.article(i, "resume"), ensure_ascii=False) + "\n")
            command = [str(BINARIES / "lagebild"), "ingest", "--quiet", str(feed)]
            first = subprocess.Popen(command, env=self.system.environment(), stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE)
            time.sleep(1.0)
            first.send_signal(signal.SIGINT)
            out, err = first.communicate(timeout=30)
            self.assertIn(b"interrupted", err)
            stored = int(out.split()[0])
            self.assertLess(0, stored)
            self.assertLess(stored, 20000)
            second = self.system.cli("ingest", "--quiet", feed)
            self.assertIn(f"{stored} done by an earlier run".encode(), second.stdout)
            # What was stored but not yet answered when the run was interrupted is unchanged now.
            now_stored, unchanged = map(int, re.match(rb"(\d+) stored, (\d+) unchanged, 0 failed", second.stdout).groups())
            self.assertEqual(now_stored + unchanged, 20000 - stored)

    def test_completion_is_a_script_the_shell_takes(self):
        script = self.system.cli("completion", "bash").stdout
        self.assertIn(b"claims", script)
        subprocess.run(["bash", "-n"], input=script, check=True)

    def test_help_of_every_command_has_an_example(self):
        for command in ("ingest", "analyze", "claims", "actors", "figures", "timeline", "show", "documents", "status",
                        "delete", "completion", "token", "token create", "admin", "admin backup", "admin backups",
                        "admin verify", "admin restore", "admin rebuild"):
            self.assertIn(b"xample", self.system.cli(*command.split(), "--help").stdout, command)

    def test_analyze_gives_the_same_bytes_at_any_number_of_threads(self):
        documents = [{"id": path.stem, "text": path.read_text(), "published": "2031-03-14"}
                     for path in sorted(SAMPLES.glob("*.txt"))]
        documents += [{**document, "id": f"{document['id']}-{copy}"} for copy in range(20) for document in documents]
        with tempfile.TemporaryDirectory() as work:
            folder = pathlib.Path(work)
            (folder / "in.jsonl").write_text("".join(json.dumps(document) + "\n" for document in documents))
            outputs = []
            for threads in ("1", "2", "8", "8"):
                out = folder / f"out-{len(outputs)}"
                out.mkdir()
                subprocess.run([str(BINARIES / "lagebild"), "analyze", "--jsonl", str(folder / "in.jsonl"), "--output-dir",
                                str(out), "--threads", threads], check=True, capture_output=True)
                outputs.append({path.name: path.read_bytes() for path in out.iterdir()})
            self.assertEqual(len(outputs[0]), len(documents))
            for output in outputs[1:]:
                self.assertEqual(output, outputs[0])

    def test_analyze_needs_no_server(self):
        result = subprocess.run([str(BINARIES / "lagebild"), "analyze", str(SAMPLES / "06_bestaetigung.txt")],
                                capture_output=True, timeout=60)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(json.loads(result.stdout)["claims"])

    def test_analyze_reads_a_page_as_the_services_do(self):
        page = json.loads(self.system.cli("analyze", SAMPLES / "05_seite.html").stdout)
        stored = self.system.call("extract_service", "GetExtraction", {"documentId": "05_seite"})["extraction"]
        self.assertEqual([c["id"] for c in page["claims"]], [c["id"] for c in stored["claims"]])
        self.assertEqual(page["regions"], stored["regions"])

    def test_analyze_says_that_a_folder_is_no_file(self):
        for arguments in ((SAMPLES,), ("--jsonl", SAMPLES, "--no-output")):
            result = self.system.cli("analyze", *arguments, check=False)
            self.assertEqual(result.returncode, 5)
            self.assertIn(b"cannot read", result.stderr)


if __name__ == "__main__":
    unittest.main()

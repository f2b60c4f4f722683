"""Alert rules, dashboard and scrape configuration: they are valid, and every metric and label they name is exported."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.request

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests/e2e"))

from harness import SAMPLES, SERVICES, CallError, Lagebild, running  # noqa: E402

MONITORING = SOURCE / "deploy/monitoring"
PROMTOOL = os.environ.get("PROMTOOL", str(SOURCE / "build/tools/bin/promtool"))
# What Prometheus itself says of a target.
FROM_PROMETHEUS = {"up"}
LABELS_FROM_PROMETHEUS = {"job", "instance"}


def promtool(*arguments):
    result = subprocess.run([PROMTOOL, *map(str, arguments)], capture_output=True, text=True, cwd=MONITORING)
    return result.returncode, result.stdout + result.stderr


def dashboard_expressions():
    dashboard = json.loads((MONITORING / "dashboard.json").read_text())
    return [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]


def rule_expressions():
    """The expressions as promtool reads them: whatever stands from expr: to the next key."""
    text = (MONITORING / "rules.yaml").read_text()
    found = re.findall(r"(?ms)^        expr: (.*?)(?=^        [a-z]+:)", text)
    return [" ".join(expression.removeprefix(">-").split()) for expression in found]


def metrics_in(expression):
    """(metric, {label: matched text}) of every selector."""
    for name, matchers in re.findall(r"\b(up|lagebild_[a-z0-9_]+)\b(?:\{([^}]*)\})?", expression):
        yield name, dict(re.findall(r'(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"', matchers))


class Exported:
    """Names, labels and label values on the services' /metrics."""

    def __init__(self, text):
        self.labels = {}
        for line in text.splitlines():
            if line.startswith("#") or not line:
                continue
            name, labels = re.fullmatch(r"([a-z0-9_]+)(?:\{(.*)\})? \S+", line).groups()
            known = self.labels.setdefault(name, {})
            for label, value in re.findall(r'(\w+)="([^"]*)"', labels or ""):
                known.setdefault(label, set()).add(value)


class MonitoringTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with running() as system:
            system.cli("ingest", "--quiet", SAMPLES)
            system.wait_until_caught_up()
            for name, method, request in (("query_service", "ListClaims", {}), ("query_service", "GetClaim", {})):
                try:
                    system.call(name, method, request)
                except CallError:
                    pass  # A refusal is counted as well.
            cls.scrapes = {}
            for name in SERVICES:
                url = f"http://127.0.0.1:{system.http_ports[name]}/metrics"
                with urllib.request.urlopen(url, timeout=10) as response:
                    cls.scrapes[name] = response.read().decode()
        cls.scrapes["with TLS"] = cls.scrape_with_tls()
        cls.exported = Exported("".join(cls.scrapes.values()))

    @staticmethod
    def scrape_with_tls():
        """Some metrics are there only when a certificate is."""
        with tempfile.TemporaryDirectory(prefix="lagebild-monitoring-") as directory:
            key, certificate = f"{directory}/tls.key", f"{directory}/tls.crt"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-days", "1", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
                           check=True, capture_output=True)
            system = Lagebild(directory)
            try:
                system.start("ingest_service", extra=["--tls-cert", certificate, "--tls-key", key, "--tls-client-ca", certificate])
                with urllib.request.urlopen(f"http://127.0.0.1:{system.http_ports['ingest_service']}/metrics",
                                            timeout=10) as response:
                    return response.read().decode()
            finally:
                system.stop_all()

    def test_rules_are_valid_and_do_what_their_tests_say(self):
        code, output = promtool("check", "rules", "rules.yaml")
        self.assertEqual(code, 0, output)
        code, output = promtool("test", "rules", "rules_test.yaml")
        self.assertEqual(code, 0, output)
        # Every rule has a test in which it fires.
        tests = (MONITORING / "rules_test.yaml").read_text()
        for alert in re.findall(r"- alert: (\w+)", (MONITORING / "rules.yaml").read_text()):
            fires = re.search(rf"alertname: {alert}\n        eval_time: \S+\n        exp_alerts:", tests)
            self.assertTrue(fires, f"{alert} never fires in rules_test.yaml")

    def test_the_scrape_configuration_is_valid(self):
        code, output = promtool("check", "config", "scrape.yaml")
        self.assertEqual(code, 0, output)

    def test_expressions_of_the_dashboard_are_valid(self):
        self.assertGreater(len(dashboard_expressions()), 20)
        rules = {"groups": [{"name": "dashboard", "rules": [
            {"record": f"panel:{number}", "expr": expression.replace("$__rate_interval", "5m")}
            for number, expression in enumerate(dashboard_expressions())]}]}
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(json.dumps(rules))
            file.flush()
            code, output = promtool("check", "rules", file.name)
        self.assertEqual(code, 0, output)

    def test_every_metric_and_label_is_exported(self):
        expressions = rule_expressions() + dashboard_expressions()
        used = [selector for expression in expressions for selector in metrics_in(expression)]
        self.assertGreater(len({name for name, _ in used}), 15)
        for name, matchers in used:
            if name in FROM_PROMETHEUS:
                continue
            self.assertIn(name, self.exported.labels)
            for label, pattern in matchers.items():
                if label in LABELS_FROM_PROMETHEUS:
                    continue
                self.assertIn(label, self.exported.labels[name], f"label of {name}")
                if label == "method" and not pattern.startswith("Read"):
                    for method in pattern.split("|"):
                        self.assertIn(method, self.methods(), f"{name} of {method}")
        for expression in expressions:
            for labels in re.findall(r"\bby \(([^)]*)\)", expression):
                for label in labels.replace(" ", "").split(","):
                    self.assertTrue(label in LABELS_FROM_PROMETHEUS or
                                    any(label in known for known in self.exported.labels.values()), expression)

    def methods(self):
        text = "".join(path.read_text() for path in (SOURCE / "protos/lagebild/v1").glob("*_service.proto"))
        return set(re.findall(r"\brpc (\w+)\(", text))

    def test_every_metric_of_the_services_is_on_the_dashboard(self):
        shown = {name for expression in dashboard_expressions() for name, _ in metrics_in(expression)}
        for name in self.exported.labels:
            base = re.sub(r"_(bucket|sum|count)$", "", name)
            if base != name and f"{base}_bucket" in self.exported.labels:
                name = f"{base}_bucket"
            if name != "lagebild_upstream_head_position":  # Its distance is: lagebild_lag_records.
                self.assertIn(name, shown)


if __name__ == "__main__":
    unittest.main()

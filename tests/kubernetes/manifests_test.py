"""The manifests in deploy/kubernetes: valid, restricted, and in step with the programs."""
import os
import pathlib
import re
import subprocess
import unittest

from ruamel.yaml import YAML

SOURCE = pathlib.Path(__file__).resolve().parents[2]
MANIFESTS = SOURCE / "deploy/kubernetes"
TOOLS = pathlib.Path(os.environ.get("LAGEBILD_TOOLS", SOURCE / "build/tools"))
BINARIES = pathlib.Path(os.environ.get("LAGEBILD_BIN", SOURCE / "build/release/bin"))
BUILDS = ["base", *(f"overlays/{path.name}" for path in sorted((MANIFESTS / "overlays").iterdir()))]
SERVICES = ("ingest-service", "extract-service", "query-service")


def kustomize(directory):
    result = subprocess.run([TOOLS / "bin/kustomize", "build", MANIFESTS / directory], capture_output=True, text=True)
    if result.returncode != 0:
        raise AssertionError(f"{directory}: {result.stderr}")
    return result.stdout


def kubeconform(text):
    """(exit code, output)"""
    result = subprocess.run(
        [TOOLS / "bin/kubeconform", "-strict", "-schema-location",
         f"{TOOLS}/schemas/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json", "-"],
        input=text, capture_output=True, text=True)
    return result.returncode, result.stdout + result.stderr


def load(text):
    return [document for document in YAML(typ="safe").load_all(text) if document]


def selects(selector, labels):
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    return all(labels.get(item["key"]) in item["values"] for item in selector.get("matchExpressions", []))


def help_of(program):
    return subprocess.run([BINARIES / program, "--help"], capture_output=True, text=True, check=True).stdout


class Build:
    """What kustomize makes of a directory, by kind."""

    def __init__(self, directory):
        self.directory = directory
        self.text = kustomize(directory)
        self.resources = load(self.text)

    def of(self, kind):
        return [resource for resource in self.resources if resource["kind"] == kind]

    def named(self, kind, name):
        found = [resource for resource in self.of(kind) if resource["metadata"]["name"] == name]
        assert len(found) == 1, f"{self.directory}: {len(found)} {kind} are called {name}"
        return found[0]

    def pods(self):
        """(name, labels, spec, the one container) of every StatefulSet."""
        for resource in self.of("StatefulSet"):
            template = resource["spec"]["template"]
            containers = template["spec"]["containers"]
            assert len(containers) == 1
            yield resource["metadata"]["name"], template["metadata"]["labels"], template["spec"], containers[0]


class ManifestsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.builds = [Build(directory) for directory in BUILDS]
        cls.help = {name: help_of(name.replace("-", "_")) for name in SERVICES}

    def test_every_build_fits_the_schemas(self):
        self.assertGreaterEqual(len(self.builds), 3)
        for build in self.builds:
            code, output = kubeconform(build.text)
            self.assertEqual((code, output), (0, ""), build.directory)
        code, output = kubeconform((MANIFESTS / "podman/lagebild.yaml").read_text())
        self.assertEqual((code, output), (0, ""))

    def test_the_schemas_find_mistakes(self):
        text = self.builds[0].text
        for right, wrong in (("readOnlyRootFilesystem: true", "readOnlyRootFileSystem: true"),
                             ("failureThreshold: 150", "failureThreshold: often"),
                             ("maxUnavailable: 1", "maxUnavailable: 1\n  minimum: 1"),
                             ("kind: StatefulSet", "kind: StatefullSet")):
            self.assertIn(right, text)
            code, output = kubeconform(text.replace(right, wrong, 1))
            self.assertNotEqual(code, 0, f"{wrong} passes")
        monitored = next(build for build in self.builds if build.of("ServiceMonitor")).text
        code, _ = kubeconform(monitored.replace("scrapeTimeout: 10s", "scrapeTimeOut: 10s", 1))
        self.assertNotEqual(code, 0)

    def test_three_services_each_with_what_it_needs(self):
        for build in self.builds:
            self.assertEqual({r["metadata"]["name"] for r in build.of("StatefulSet")}, set(SERVICES))
            for name in SERVICES:
                stateful_set = build.named("StatefulSet", name)["spec"]
                claim, = stateful_set["volumeClaimTemplates"]
                self.assertIn("storage", claim["spec"]["resources"]["requests"])
                governing = build.named("Service", stateful_set["serviceName"])
                self.assertEqual(governing["spec"]["clusterIP"], "None")
                build.named("Service", name)
                # A log has one writer.
                if name != "query-service":
                    self.assertEqual(stateful_set["replicas"], 1)
            self.assertTrue(all(r["metadata"].get("namespace", "lagebild") == "lagebild" for r in build.resources))
        self.assertTrue(any(b.named("StatefulSet", "query-service")["spec"]["replicas"] > 1 for b in self.builds))

    def test_pods_are_restricted(self):
        for build in self.builds:
            namespace, = build.of("Namespace")
            self.assertEqual(namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"], "restricted")
            for name, _, spec, container in build.pods():
                with self.subTest(build=build.directory, pod=name):
                    security = spec["securityContext"]
                    self.assertTrue(security["runAsNonRoot"])
                    self.assertGreater(security["runAsUser"], 0)
                    self.assertEqual(security["seccompProfile"]["type"], "RuntimeDefault")
                    self.assertFalse(spec["automountServiceAccountToken"])
                    self.assertFalse(spec["enableServiceLinks"])
                    own = container["securityContext"]
                    self.assertFalse(own["allowPrivilegeEscalation"])
                    self.assertTrue(own["readOnlyRootFilesystem"])
                    self.assertEqual(own["capabilities"], {"drop": ["ALL"]})

    def test_probes_and_resources(self):
        for build in self.builds:
            for name, _, _, container in build.pods():
                with self.subTest(build=build.directory, pod=name):
                    ports = {port["name"] for port in container["ports"]}
                    for probe, path in (("startupProbe", "/healthz"), ("readinessProbe", "/readyz"),
                                        ("livenessProbe", "/healthz")):
                        self.assertEqual(container[probe]["httpGet"]["path"], path)
                        self.assertIn(container[probe]["httpGet"]["port"], ports)
                    for kind in ("requests", "limits"):
                        self.assertEqual(set(container["resources"][kind]), {"cpu", "memory"})

    def test_flags_and_variables_are_the_programs(self):
        for build in self.builds:
            for name, _, _, container in build.pods():
                with self.subTest(build=build.directory, pod=name):
                    self.assertEqual(container["command"], [f"/usr/bin/{name.replace('-', '_')}"])
                    self.assert_known(name, container, build.of("ConfigMap"))

    def assert_known(self, name, container, config_maps):
        known = self.help[name]
        for argument in container["args"]:
            flag, _, _ = argument.partition("=")
            self.assertRegex(known, rf"(?m)^\s+{re.escape(flag)}[ =]")
        variables = [item["name"] for item in container.get("env", [])]
        for source in container["envFrom"]:
            config, = [c for c in config_maps if c["metadata"]["name"] == source["configMapRef"]["name"]]
            variables += config["data"]
        for variable in variables:
            self.assertIn(f"(Env:{variable})", known)

    def test_ports_agree(self):
        for build in self.builds:
            listening = {}
            for name, labels, _, container in build.pods():
                ports = {port["name"]: port["containerPort"] for port in container["ports"]}
                listening[name] = (labels, ports)
                self.assertIn(f"--listen=0.0.0.0:{ports['grpc']}", container["args"])
                self.assertIn(f"--http-listen=0.0.0.0:{ports['http']}", container["args"])
            for service in build.of("Service"):
                behind = [ports for labels, ports in listening.values()
                          if selects({"matchLabels": service["spec"]["selector"]}, labels)]
                self.assertEqual(len(behind), 1, service["metadata"]["name"])
                for port in service["spec"]["ports"]:
                    self.assertEqual(port["port"], behind[0][port["targetPort"]])

    def test_every_follower_reaches_its_upstream(self):
        for build in self.builds:
            pods = {name: (labels, container) for name, labels, _, container in build.pods()}
            for name, upstream in (("extract-service", "ingest-service"), ("query-service", "extract-service")):
                labels, container = pods[name]
                address, = [a.partition("=")[2] for a in container["args"] if a.startswith("--upstream=")]
                host, port = address.split(":")
                service = build.named("Service", host)
                # A log is read also from a service that is not ready yet.
                self.assertTrue(service["spec"]["publishNotReadyAddresses"])
                target, target_container = pods[upstream]
                self.assertTrue(selects({"matchLabels": service["spec"]["selector"]}, target))
                self.assertIn(int(port), [p["port"] for p in service["spec"]["ports"]])
                self.assertTrue(self.allowed(build, labels, target, int(port), target_container), f"{name} to {upstream}")
            labels, _ = pods["query-service"]
            target, container = pods["ingest-service"]
            self.assertFalse(self.allowed(build, labels, target, 7401, container), "query-service has no business there")

    def allowed(self, build, source, target, port, container):
        """Whether network policies let a pod reach another's port inside the namespace."""
        numbers = {p["name"]: p["containerPort"] for p in container["ports"]}

        def opens(rule, peers, labels):
            return (any(selects(peer["podSelector"], labels) for peer in rule[peers]
                        if "podSelector" in peer and "namespaceSelector" not in peer) and
                    any(numbers.get(p["port"], p["port"]) == port for p in rule["ports"]))

        def passes(direction, key, peers, here, there):
            policies = [p["spec"] for p in build.of("NetworkPolicy")
                        if direction in p["spec"]["policyTypes"] and selects(p["spec"]["podSelector"], here)]
            self.assertTrue(policies, "nothing is denied")
            return any(opens(rule, peers, there) for policy in policies for rule in policy.get(key, []))

        return (passes("Egress", "egress", "to", source, target) and
                passes("Ingress", "ingress", "from", target, source))

    def test_selectors_find_their_pods(self):
        for build in self.builds:
            pods = {name: labels for name, labels, _, _ in build.pods()}
            for stateful_set in build.of("StatefulSet"):
                self.assertTrue(selects(stateful_set["spec"]["selector"],
                                        stateful_set["spec"]["template"]["metadata"]["labels"]))
            budgets = build.of("PodDisruptionBudget")
            for name, labels in pods.items():
                found = [b for b in budgets if selects(b["spec"]["selector"], labels)]
                self.assertEqual([b["metadata"]["name"] for b in found], [name])
                # minAvailable of one replica would keep its node from ever being drained.
                self.assertEqual(found[0]["spec"]["maxUnavailable"], 1)
            for policy in build.of("NetworkPolicy"):
                self.assertTrue(any(selects(policy["spec"]["podSelector"], labels) for labels in pods.values()),
                                policy["metadata"]["name"])
            for monitor in build.of("ServiceMonitor"):
                port, = [endpoint["port"] for endpoint in monitor["spec"]["endpoints"]]
                scraped = [s["metadata"]["name"] for s in build.of("Service")
                           if selects(monitor["spec"]["selector"], s["metadata"]["labels"])
                           and port in [p["name"] for p in s["spec"]["ports"]]]
                self.assertEqual(sorted(scraped), sorted(SERVICES))

    def test_a_pod_has_time_to_drain(self):
        for build in self.builds:
            for name, _, spec, container in build.pods():
                drain, = re.findall(r"--drain-timeout-ms INT=(\d+)", self.help[name])
                closing = 2
                pre_stop = container["lifecycle"]["preStop"]["sleep"]["seconds"]
                self.assertGreater(spec["terminationGracePeriodSeconds"], int(drain) / 1000 + closing + pre_stop)

    def test_secrets_are_mounted_and_never_written_down(self):
        for build in self.builds:
            self.assertEqual(build.of("Secret"), [])
            for name, _, spec, container in build.pods():
                mounts = {m["name"]: m for m in container["volumeMounts"]}
                for volume in spec.get("volumes", []):
                    self.assertIn("secret", volume)
                    mount = mounts[volume["name"]]
                    self.assertTrue(mount["readOnly"])
                    # Renewed files do not reach a subPath.
                    self.assertNotIn("subPath", mount)
                config = {}
                for source in container["envFrom"]:
                    config.update(build.named("ConfigMap", source["configMapRef"]["name"])["data"])
                config.update({item["name"]: item.get("value") for item in container.get("env", [])})
                paths = [v for v in config.values() if v and v.startswith("/etc/lagebild/")]
                secret_mounts = [m["mountPath"] for m in container["volumeMounts"] if m["name"] != "data"]
                for path in paths:
                    self.assertTrue(any(path.startswith(m + "/") for m in secret_mounts), path)
                self.assertEqual(config["LAGEBILD_INSECURE"], "false" if "LAGEBILD_TLS_CERT" in config else "true")

    def test_alert_rules_are_those_of_prometheus(self):
        rules = load((SOURCE / "deploy/monitoring/rules.yaml").read_text())[0]
        found = [r for build in self.builds for r in build.of("PrometheusRule")]
        self.assertTrue(found)
        for rule in found:
            self.assertEqual(rule["spec"]["groups"], rules["groups"])

    def test_the_pod_for_podman(self):
        resources = load((MANIFESTS / "podman/lagebild.yaml").read_text())
        pod, = [r for r in resources if r["kind"] == "Pod"]
        self.assertEqual([c["name"] for c in pod["spec"]["containers"]], list(SERVICES))
        for container in pod["spec"]["containers"]:
            self.assert_known(container["name"], container, resources)
            self.assertTrue(container["securityContext"]["readOnlyRootFilesystem"])
            for port in container["ports"]:
                self.assertEqual(port["hostIP"], "127.0.0.1")


if __name__ == "__main__":
    unittest.main()

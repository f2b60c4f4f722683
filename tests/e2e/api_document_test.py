"""Runs every grpcurl example of docs/api.md as it stands, with this test's ports put in."""
import json
import re
import subprocess
import unittest

from harness import GRPCURL, SAMPLES, SERVICES, SOURCE, running

PORTS = {"ingest_service": 7401, "extract_service": 7402, "query_service": 7403}


class ApiDocumentTest(unittest.TestCase):
    def test_every_example_works(self):
        text = (SOURCE / "docs/api.md").read_text(encoding="utf-8")
        blocks = re.findall(r"```console\n(.*?)```", text, re.S)
        commands = [command.replace("\\\n", " ") for block in blocks
                    for command in re.findall(r"^\$ (grpcurl(?:.*\\\n)*.*)$", block, re.M)]
        self.assertGreater(len(commands), 15)
        with running() as system:
            system.cli("ingest", "--quiet", SAMPLES)
            system.wait_until_caught_up()
            name = system.call("query_service", "ListClaims", {"pageSize": 1})["claims"][0]["name"]
            for command in commands:
                for service in SERVICES:
                    command = command.replace(f"127.0.0.1:{PORTS[service]}", system.address(service))
                command = command.replace("documents/DOCUMENT/claims/CLAIM", name)
                with self.subTest(command=command):
                    result = subprocess.run(["bash", "-c", command.replace("grpcurl", GRPCURL, 1)], capture_output=True,
                                            text=True, timeout=60)
                    self.assertEqual(result.returncode, 0, result.stderr)
                    self.assertTrue(result.stdout.strip())


if __name__ == "__main__":
    unittest.main()

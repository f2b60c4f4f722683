"""Runs the three services for a test: own ports, own data directories, real processes.

Everything listens on 127.0.0.1. `Lagebild` starts and stops services, calls them with grpcurl and the CLI, and
waits with a bound instead of sleeping.
"""
import contextlib
import json
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BINARIES = pathlib.Path(os.environ.get("LAGEBILD_BIN", SOURCE / "build/release/bin"))
GRPCURL = os.environ.get("GRPCURL", str(SOURCE / "build/tools/bin/grpcurl"))
SAMPLES = SOURCE / "deploy/samples"
SERVICES = ("ingest_service", "extract_service", "query_service")
API = {"ingest_service": "IngestService", "extract_service": "ExtractService", "query_service": "QueryService"}


_PORTS_GIVEN = set()


def free_port():
    """A port that nobody listens on, given only once: it is bound later, by a service that is started then. Below those that
    the system itself picks for clients, who could have it before."""
    while True:
        port = random.randrange(10240, 32768)
        with socket.socket() as s, contextlib.suppress(OSError):
            s.bind(("127.0.0.1", port))
            if port not in _PORTS_GIVEN:
                _PORTS_GIVEN.add(port)
                return port


class CallError(Exception):
    """A call that ended with a status other than OK."""

    def __init__(self, output):
        super().__init__(output)
        self.output = output


class Lagebild:
    """Three services over one directory."""

    def __init__(self, directory, **flags):
        self.directory = pathlib.Path(directory)
        self.ports = {name: free_port() for name in SERVICES}
        self.http_ports = {name: free_port() for name in SERVICES}
        self.flags = flags
        self.processes = {}
        self.prefixes = {}  # Of a service: a command that runs it (prlimit ...).
        self.service_environment = {}  # Of a service: variables it gets beside ours.
        self.upstreams = {}  # Of a service: another address than that of the service before it.
        self.grpcurl_flags = ["-plaintext"]
        self.cli_environment = {}

    def start(self, name, extra=(), wait=True):
        data = self.directory / name
        data.mkdir(parents=True, exist_ok=True)
        upstream = {"extract_service": "ingest_service", "query_service": "extract_service"}.get(name)
        command = [*self.prefixes.get(name, ()), BINARIES / name, "--data-dir", data,
                   "--listen", f"127.0.0.1:{self.ports[name]}",
                   "--http-listen", f"127.0.0.1:{self.http_ports[name]}"]
        if upstream:
            command += ["--upstream", self.upstreams.get(name, self.address(upstream))]
        for flag, value in self.flags.items():
            command += [f"--{flag.replace('_', '-')}", str(value)]
        with open(self.directory / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen([str(c) for c in command] + list(extra), stdout=log, stderr=log,
                                                    stdin=subprocess.DEVNULL,
                                                    env={**os.environ, **self.service_environment.get(name, {})})
        if wait:
            self.wait_for(lambda: self.answers(name), f"{name} to listen")

    def start_all(self):
        for name in SERVICES:
            self.start(name)

    def answers(self, name):
        if self.processes[name].poll() is not None:
            raise AssertionError(f"{name} ended with {self.processes[name].returncode}: {self.log(name)[-2000:]}")
        with socket.socket() as s:
            s.settimeout(0.5)
            return s.connect_ex(("127.0.0.1", self.ports[name])) == 0

    def log(self, name):
        return (self.directory / f"{name}.log").read_text(errors="replace")

    def kill(self, name):
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait()

    def terminate(self, name, timeout=15):
        """SIGTERM; the exit code."""
        self.processes[name].send_signal(signal.SIGTERM)
        return self.processes[name].wait(timeout)

    def stop_all(self):
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def address(self, name):
        return f"127.0.0.1:{self.ports[name]}"

    def environment(self):
        return {**os.environ, "LAGEBILD_INGEST": self.address("ingest_service"),
                "LAGEBILD_EXTRACT": self.address("extract_service"), "LAGEBILD_QUERY": self.address("query_service"),
                "XDG_STATE_HOME": str(self.directory / "state"), "NO_COLOR": "1", **self.cli_environment}

    def cli(self, *arguments, check=True, stdin=None, timeout=120):
        result = subprocess.run([str(BINARIES / "lagebild"), *map(str, arguments)], env=self.environment(),
                                input=stdin, capture_output=True, timeout=timeout)
        if check and result.returncode != 0:
            raise AssertionError(f"lagebild {arguments}: exit {result.returncode}\n{result.stderr.decode()}")
        return result

    def grpcurl(self, name, method, request=None, extra=(), service=None, seconds=60):
        """Calls a method over reflection; the list of response messages. `request` may be a list (a stream);
        `service` is another than the process's main one, `seconds` the deadline."""
        messages = request if isinstance(request, list) else [request or {}]
        command = [GRPCURL, *self.grpcurl_flags, "-max-time", str(seconds), *extra, "-d", "@", self.address(name),
                   f"lagebild.v1.{service or API[name]}/{method}"]
        result = subprocess.run(command, input="\n".join(json.dumps(m) for m in messages), capture_output=True,
                                text=True, timeout=2 * seconds)
        if result.returncode != 0:
            raise CallError(result.stderr)
        return [camel_case(value) for value in json_values(result.stdout)]

    def call(self, name, method, request=None):
        return self.grpcurl(name, method, request)[0]

    def status(self, name):
        return self.call(name, "GetStatus")["status"]

    def head(self, name):
        return int(self.status(name)["logs"][0].get("headPosition", 0))

    def wait_for(self, condition, what, seconds=60):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"waited {seconds} s for {what}")
            time.sleep(0.05)

    def wait_until_caught_up(self, seconds=120):
        """Until extract and query have taken in everything that ingest holds now; at most `seconds` without any
        progress, so that a busy machine may take its time."""
        for name, upstream in (("extract_service", "ingest_service"), ("query_service", "extract_service")):
            head = self.head(upstream)
            position, end = -1, 0
            while position < head:
                now = self.input(name)
                if now != position:
                    position, end = now, time.monotonic() + seconds
                elif time.monotonic() > end:
                    raise AssertionError(f"{name} stands at {position} of {head} for {seconds} s")
                time.sleep(0.05)

    def input(self, name):
        return int(self.status(name)["logs"][0].get("inputPosition", 0))


def camel_case(value):
    """JSON as proto3 spells it: descriptors that come by reflection carry no JSON names, so grpcurl prints the
    fields' own."""
    if isinstance(value, dict):
        return {re.sub(r"_([a-z0-9])", lambda m: m[1].upper(), key): camel_case(item) for key, item in value.items()}
    return [camel_case(item) for item in value] if isinstance(value, list) else value


def json_values(text):
    """The JSON values that stand one behind the other in a text."""
    decoder, at = json.JSONDecoder(), 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at >= len(text):
            return
        value, at = decoder.raw_decode(text, at)
        yield value


@contextlib.contextmanager
def running(**flags):
    """Three running services over a fresh directory."""
    with tempfile.TemporaryDirectory(prefix="lagebild-e2e-") as directory:
        system = Lagebild(directory, **flags)
        try:
            system.start_all()
            yield system
        finally:
            system.stop_all()

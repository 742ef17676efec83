"""A lab (simulated cloud and Kubernetes API) that a benchmark starts, asks and stops."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from datetime import datetime, timezone

TOKEN = "lab-token"


def instant(text):
    """Seconds since 1970 of a time as the lab's logs write it."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Lab:
    """`interruption-lab serve` on free loopback ports, with its kubeconfig in a folder of its own."""

    def __init__(self, executable, pods=10, options=()):
        self.folder = tempfile.mkdtemp(prefix="interruption-bench-")
        self.kubeconfig = os.path.join(self.folder, "kubeconfig")
        self.errors = open(os.path.join(self.folder, "lab.log"), "w")
        self.process = subprocess.Popen(
            [executable, "serve", "--pods", str(pods), "--kubeconfig", self.kubeconfig, *options],
            stdout=subprocess.PIPE, stderr=self.errors, text=True)
        line = self.process.stdout.readline()
        if not line:
            self.stop()
            raise RuntimeError(f"{executable} serve ended at once")
        announced = json.loads(line)
        self.addresses = announced["addresses"]
        self.variables = announced["environment"]
        self.node = self.variables["NODE_NAME"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Ends the process and removes its folder."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        self.errors.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def order(self, path):
        """Gives the lab an order, such as /notice/spot?in=120s."""
        request = urllib.request.Request(self.addresses["control"] + path, method="POST", data=b"")
        urllib.request.urlopen(request, timeout=10).read()

    def ask(self, path):
        """What the lab's control API tells, as JSON."""
        with urllib.request.urlopen(self.addresses["control"] + path, timeout=30) as answer:
            return json.load(answer)

    def server(self, name):
        """Counters of one server: connections, requests, openConnections."""
        return self.ask("/state")["servers"][name]

    def requests(self, name):
        """The requests that a server got, each with its time as seconds since 1970."""
        log = self.ask(f"/requests?server={name}")
        for entry in log:
            entry["at"] = instant(entry["time"])
        return log

    def environment(self, **more):
        """What the handler needs to find everything here, and nothing else of ours; no notification channels."""
        names = ("NODE_NAME", "AWS_REGION", "AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_ENDPOINT_URL_AUTO_SCALING",
                 "AWS_ENDPOINT_URL_STS")
        return {"PATH": os.environ["PATH"], "HOME": self.folder, "KUBECONFIG": self.kubeconfig,
                **{name: self.variables[name] for name in names}, **more}

    def until_still(self, server, seconds, at_least=0, limit=300):
        """Waits until a server got no request for that long, and at least so many in all; returns how many."""
        end = time.monotonic() + limit
        last, since = -1, time.monotonic()
        while time.monotonic() < end:
            now = self.server(server)["requests"]
            if now != last:
                last, since = now, time.monotonic()
            elif now >= at_least and time.monotonic() - since >= seconds:
                return now
            time.sleep(0.1)
        raise TimeoutError(f"{server}: {last} requests after {limit} s")


def offers(executable, option):
    """Whether this lab's `serve` knows that option."""
    help_text = subprocess.run([executable, "serve", "--help"], capture_output=True, text=True).stdout
    return option in help_text


def now_text():
    """The time now, for the results."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")

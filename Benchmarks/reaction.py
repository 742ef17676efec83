"""From a notice to an empty node: ours, kubectl, and the same requests with nothing around them."""

import json
import os
import random
import shutil
import time

from lab import TOKEN, Lab
from observer import Observer
from process import Program

# As on a real API server: evictions are answered at the next tick, all that are under way at the same.
TICK = ["--eviction-tick", "100ms"]
PROGRAMS = ("ours", "kubectl", "curl", "h2load")


def run(settings, program, pods, strategy, latency):
    """One run on a lab of its own; seconds count from the program's start, for ours from the poll that got the notice."""
    with Lab(settings.lab, pods, TICK if latency else []) as lab:
        with Observer(lab, pods) as observer:
            if program == "ours":
                return ours(settings, lab, observer, strategy)
            command = {"kubectl": kubectl, "curl": curl, "h2load": h2load}[program](lab, observer, strategy)
            return other(lab, observer, command)


def ours(settings, lab, observer, strategy):
    """The daemon, polling every second, gets its notice at a random moment between two polls."""
    command = [settings.handler, "run", "--strategy", strategy, "--metrics-address", "127.0.0.1:0",
               "--log-format", "json"]
    with Program(command, lab.environment()):
        lab.until_still("metadata", 0, at_least=3)
        time.sleep(1 + random.random())
        before = lab.server("kubernetes")
        given = time.time()
        lab.order("/notice/spot?in=120s")
        wait_empty(observer)
        lab.until_still("kubernetes", 1)
        after = lab.server("kubernetes")
        polls = [r["at"] for r in lab.requests("metadata")
                 if r["path"].endswith("/spot/instance-action") and r["at"] >= given]
        times = observer.times()
    seen = polls[0]
    return {"given_to_seen": seen - given, "given_to_cordoned": times["cordoned"] - given,
            "cordoned": times["cordoned"] - seen, "first": times["first"] - seen, "accepted": times["accepted"] - seen,
            "wave": times["accepted"] - times["first"], "empty": times["empty"] - seen,
            "requests": after["requests"] - before["requests"],
            "connections": after["connections"] - before["connections"]}


def other(lab, observer, command):
    """Any other program, from its start."""
    before = lab.server("kubernetes")
    with Program(command, {"PATH": os.environ["PATH"], "HOME": lab.folder}) as program:
        wait_empty(observer)
        program.process.wait(300)
        after = lab.server("kubernetes")
        if program.process.returncode != 0:
            raise RuntimeError(f"{command[0]}: {program.text()[-500:]}")
        started = program.started
    times = observer.times()
    return {"cordoned": times["cordoned"] and times["cordoned"] - started, "first": times["first"] - started,
            "accepted": times["accepted"] - started, "wave": times["accepted"] - times["first"],
            "empty": times["empty"] - started, "requests": after["requests"] - before["requests"],
            "connections": after["connections"] - before["connections"]}


def wait_empty(observer):
    """Until the last pod is gone."""
    if not observer.empty.wait(300):
        raise TimeoutError(f"only {observer.gone} of {observer.count} pods left")


def kubectl(lab, _, strategy):
    """`kubectl drain`, by eviction or by deletion."""
    command = ["kubectl", "--kubeconfig", lab.kubeconfig, "drain", lab.node, "--force", "--ignore-daemonsets",
               "--delete-emptydir-data"]
    return command + ["--disable-eviction"] if strategy == "delete" else command


def curl(lab, observer, strategy):
    """The floor: the handler's requests by curl, one connection, a hundred streams."""
    sections = []
    for name, uid in observer.pods():
        url = f"{lab.addresses['kubernetes']}/api/v1/namespaces/default/pods/{name}"
        lines = ["http2", "insecure", f'header = "Authorization: Bearer {TOKEN}"', "output = /dev/null", "fail",
                 'header = "Content-Type: application/json"']
        if strategy == "delete":
            lines += [f'url = "{url}"', "request = DELETE", f"data = {json.dumps(deletion(uid))}"]
        else:
            body = compact({"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": "default"},
                            "deleteOptions": {"preconditions": {"uid": uid}}})
            lines += [f'url = "{url}/eviction"', f"data = {json.dumps(body)}"]
        sections.append("\n".join(lines))
    path = os.path.join(lab.folder, "curl")
    with open(path, "w") as file:
        file.write("parallel\nparallel-max = 100\nsilent\n" + "\nnext\n".join(sections) + "\n")
    return ["curl", "--config", path]


def h2load(lab, observer, strategy):
    """The floor for deletions: h2load with one connection and a hundred streams; one body for all, so without a uid, but as long."""
    if strategy != "delete":
        raise ValueError("h2load sends one body for all; an eviction has to name its pod")
    pods = observer.pods()
    paths = {name: os.path.join(lab.folder, name) for name in ("uris", "body")}
    with open(paths["uris"], "w") as file:
        file.writelines(f"{lab.addresses['kubernetes']}/api/v1/namespaces/default/pods/{name}\n" for name, _ in pods)
    with open(paths["body"], "w") as file:
        file.write(deletion().ljust(len(deletion(pods[0][1]))))
    return ["h2load", "-n", str(len(pods)), "-c", "1", "-t", "1", "-m", "100", "-i", paths["uris"], "-d", paths["body"],
            "-H", ":method: DELETE", "-H", "content-type: application/json", "-H", f"authorization: Bearer {TOKEN}"]


def deletion(uid=None):
    """The body of a DELETE as the handler sends it."""
    options = {"apiVersion": "v1", "kind": "DeleteOptions"}
    return compact(options | {"preconditions": {"uid": uid}} if uid else options)


def compact(value):
    """JSON without spaces."""
    return json.dumps(value, separators=(",", ":"))


def plan(settings):
    """What one round runs, in turn."""
    for pods in settings.pods:
        for strategy, latency in (("evict", True), ("evict", False), ("delete", False)):
            programs = ["ours", "curl"] + (["h2load"] if strategy == "delete" else [])
            for program in programs:
                yield program, pods, strategy, latency


def measure(settings, keep):
    """All rounds; `keep` gets each result as soon as it is there."""
    for turn in range(settings.runs):
        for program, pods, strategy, latency in plan(settings):
            keep(turn, program, pods, strategy, latency, run(settings, program, pods, strategy, latency))
    for turn in range(settings.kubectl_runs if shutil.which("kubectl") else 0):
        for pods in (count for count in settings.pods if count <= 250):
            keep(turn, "kubectl", pods, "evict", False, run(settings, "kubectl", pods, "evict", False))

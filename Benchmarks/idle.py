"""What waiting for a notice costs. Every variant has a lab and a network namespace of its own; they run side by side."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time

import network
from lab import Lab
from process import Program, pss, status, threads

WARM_UP = 30
VARIANTS = {
    "spot": "`--notices spot`",
    "all": "all notices (the default)",
    "spot-kept": "`--notices spot`, metadata service keeps connections",
    "shell": "shell loop, curl every 5 s",
}


def measure(settings, seconds):
    """Runs all variants at once and returns their figures."""
    script = os.path.abspath(__file__)
    running = {}
    for name in VARIANTS:
        command = [sys.executable, script, name, str(seconds), settings.handler, settings.lab]
        running[name] = subprocess.Popen(network.isolated(command), stdout=subprocess.PIPE, text=True)
    results = {}
    for name, process in running.items():
        output, _ = process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"idle {name} failed")
        results[name] = json.loads(output)
    return results


def one(name, seconds, handler, lab_executable):
    """The figures of one variant."""
    network.raise_loopback()
    options = ["--tokens", "optional"]
    if name == "spot-kept":
        options.append("--no-close-metadata-connections")
    with Lab(lab_executable, 10, options) as lab:
        lab.order("/faults/metadata?fault=status:500&probability=0.001")
        return shell(lab, seconds) if name == "shell" else daemon(name, lab, seconds, handler)


def daemon(name, lab, seconds, handler):
    """Our own handler, after a warm-up; from a copy of the executable, whose pages it shares with no other variant."""
    own = shutil.copy(handler, lab.folder)
    command = [own, "run", "--metrics-address", "127.0.0.1:0", "--log-format", "json"]
    if name.startswith("spot"):
        command += ["--notices", "spot"]
    with Program(command, lab.environment()) as program:
        time.sleep(WARM_UP)
        before, servers, bytes_before, start = threads(program.pid), counters(lab), network.loopback_bytes(), time.time()
        memory = []
        while time.time() < start + seconds:
            time.sleep(min(5, max(0, start + seconds - time.time())))
            memory.append({**status(program.pid), "pss": pss(program.pid)})
        after, bytes_after, elapsed = threads(program.pid), network.loopback_bytes(), time.time() - start
        served = counters(lab)
    minutes = elapsed / 60
    per_thread = [
        {"name": after[t][0], "cpu": (after[t][1] - before.get(t, ("", 0, 0, 0))[1]) / minutes,
         "switches": (after[t][2] + after[t][3] - sum(before.get(t, ("", 0, 0, 0))[2:])) / minutes}
        for t in after]
    return {
        "seconds": elapsed,
        "cpu": sum(t["cpu"] for t in per_thread),
        "switches": sum(t["switches"] for t in per_thread),
        "per_thread": sorted(per_thread, key=lambda t: -t["cpu"]),
        "anonymous": max(m["anonymous"] for m in memory), "rss": max(m["rss"] for m in memory),
        "pss": max(m["pss"] for m in memory), "threads": max(m["threads"] for m in memory),
        "requests": (served["metadata"]["requests"] - servers["metadata"]["requests"]) / minutes,
        "connections": (served["metadata"]["connections"] - servers["metadata"]["connections"]) / minutes,
        "api_requests": served["kubernetes"]["requests"] - servers["kubernetes"]["requests"],
        "bytes": (bytes_after - bytes_before) / minutes,
    }


def shell(lab, seconds):
    """The loop with all its children, who are waited for and so counted in its resource usage."""
    url = lab.addresses["metadata"] + "/latest/meta-data/spot/instance-action"
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "shell-loop.sh")
    servers, bytes_before, start = counters(lab), network.loopback_bytes(), time.time()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    loop = subprocess.Popen([script, url], start_new_session=True)
    memory = []
    while time.time() < start + seconds:
        time.sleep(min(5, max(0, start + seconds - time.time())))
        memory.append({**status(loop.pid), "pss": pss(loop.pid)})
    elapsed, bytes_after, served = time.time() - start, network.loopback_bytes(), counters(lab)
    os.killpg(loop.pid, signal.SIGTERM)
    loop.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    minutes = elapsed / 60
    return {
        "seconds": elapsed,
        "cpu": (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / minutes,
        "switches": (after.ru_nvcsw + after.ru_nivcsw - before.ru_nvcsw - before.ru_nivcsw) / minutes,
        "per_thread": [],
        "anonymous": max(m["anonymous"] for m in memory), "rss": max(m["rss"] for m in memory),
        "pss": max(m["pss"] for m in memory), "threads": 1,
        "requests": (served["metadata"]["requests"] - servers["metadata"]["requests"]) / minutes,
        "connections": (served["metadata"]["connections"] - servers["metadata"]["connections"]) / minutes,
        "api_requests": 0, "bytes": (bytes_after - bytes_before) / minutes,
    }


def counters(lab):
    """Every server's counters now."""
    return lab.ask("/state")["servers"]


if __name__ == "__main__":
    print(json.dumps(one(sys.argv[1], float(sys.argv[2]), sys.argv[3], sys.argv[4])))

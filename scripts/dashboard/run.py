"""Starts lab, handler and Prometheus on loopback, takes the node away, gives it back, and asks every query of the dashboard."""
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

DASHBOARD = "deploy/components/monitoring/dashboard.json"
# What must have happened in the run, beside having data at all: query -> the least that it must say.
MUST_BE_POSITIVE = [
    'sum(increase(interruption_handler_notices_total{kind="reclaim"}[5m]))',
    'sum(increase(interruption_handler_pods_total{outcome="evicted"}[5m]))',
    'sum(increase(interruption_handler_drains_total{ending="empty"}[5m]))',
    'sum(increase(interruption_handler_withdrawals_total[5m]))',
    'sum(increase(interruption_handler_notifications_total{outcome="sent"}[5m]))',
    'sum(rate(interruption_handler_metadata_requests_total{result="nothing"}[5m]))',
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what, condition, seconds=60):
    """The first true value of `condition`, which is asked until then; its absence is a failure that names `what`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            value = condition()
        except OSError:
            value = None
        if value:
            return value
        time.sleep(0.1)
    raise SystemExit(f"check-dashboard: no {what} within {seconds} s")


def queries(dashboard):
    for panel in dashboard["panels"]:
        for inner in [panel, *panel.get("panels", [])]:
            for target in inner.get("targets", []):
                if target.get("expr"):
                    yield inner.get("title", "?"), target["expr"]


class Prometheus:
    def __init__(self, address):
        self.address = address

    def ask(self, query):
        words = urllib.parse.urlencode({"query": query})
        with urllib.request.urlopen(f"http://{self.address}/api/v1/query?{words}", timeout=5) as answer:
            return json.load(answer)["data"]["result"]

    def scrapes(self):
        result = self.ask('count_over_time(up{job="interruption-handler"}[10m])')
        return int(result[0]["value"][1]) if result else 0

    def scraped_again(self, times=3):
        before = self.scrapes()
        until("further scrapes", lambda: self.scrapes() >= before + times)


def run(binaries, folder, started):
    def start(name, arguments, environment=None):
        log = open(os.path.join(folder, name + ".log"), "w")
        process = subprocess.Popen(arguments, stdout=log, stderr=subprocess.STDOUT, env=environment, cwd=folder)
        started.append(process)
        return os.path.join(folder, name + ".log")

    start("lab", [f"{binaries}/interruption-lab", "serve", "--pods", "5", "--env-file", "env", "--kubeconfig", "kubeconfig"])
    lines = until("environment of the lab", lambda: open(os.path.join(folder, "env")).read().splitlines())
    environment = dict(line.split("=", 1) for line in lines)
    environment.update(
        PATH=os.environ["PATH"], METRICS_ADDRESS="127.0.0.1:0", LOG_FORMAT="json", DETACH_ASG="true", TAINT="true")
    log = start("handler", [f"{binaries}/interruption-handler", "run"], environment)
    found = until("address of the pages", lambda: re.search(r'"address":"([^"]+)"', open(log).read()))
    with open(os.path.join(folder, "prometheus.yml"), "w") as file:
        file.write(
            "global: {scrape_interval: 1s}\nscrape_configs:\n- job_name: interruption-handler\n  static_configs:\n"
            f"  - targets: ['{found.group(1)}']\n    labels: {{node: node-a}}\n")
    address = f"127.0.0.1:{free_port()}"
    start("prometheus", [
        "prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data", f"--web.listen-address={address}"])
    prometheus = Prometheus(address)
    until("first scrapes", lambda: prometheus.scrapes() >= 3)

    def order(*words):
        subprocess.run([f"{binaries}/interruption-lab", *words], check=True, env=environment, stdout=subprocess.DEVNULL)

    order("spot", "--in", "120s")
    until("end of the drain", lambda: "drain ended" in open(log).read())
    prometheus.scraped_again()
    order("withdraw", "spot")
    until("node given back", lambda: "node given back" in open(log).read())
    prometheus.scraped_again()
    return prometheus


def main():
    binaries = os.path.abspath(sys.argv[1])
    with open(DASHBOARD) as file:
        dashboard = json.load(file)
    folder = tempfile.mkdtemp(prefix="check-dashboard-")
    started, failures, asked = [], 0, 0
    try:
        prometheus = run(binaries, folder, started)
        for title, query in queries(dashboard):
            filled = query.replace("$node", ".*").replace("$__rate_interval", "1m").replace("$__range", "5m")
            asked += 1
            if not prometheus.ask(filled):
                failures += 1
                print(f"  NO DATA {title}: {filled}")
        for query in MUST_BE_POSITIVE:
            asked += 1
            result = prometheus.ask(query)
            if not result or float(result[0]["value"][1]) <= 0:
                failures += 1
                print(f"  NOT POSITIVE {query}: {result}")
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"dashboard: {asked - failures} passed, {failures} failed")
    sys.exit(1 if failures else 0)


main()

"""Memory in a drain, and time to start."""

import time

from lab import Lab, offers
from process import MemoryWatch, Program, status

PADDING = 60 * 1024


def command(settings, strategy="evict"):
    """The daemon as the other measurements run it."""
    return [settings.handler, "run", "--strategy", strategy, "--metrics-address", "127.0.0.1:0", "--log-format", "json"]


def memory(settings, keep):
    """Peaks of a drain, in turn over sizes; with large objects where the lab can make them. By deletion too, whose answers
    are the objects."""
    paddings = [0, PADDING] if offers(settings.lab, "--padding") else [0]
    for turn in range(settings.runs):
        for pods in (250, 1000):
            for padding in paddings:
                for strategy in ("evict", "delete"):
                    keep(turn, pods, padding, drain(settings, pods, padding, strategy), strategy)


def drain(settings, pods, padding, strategy="evict"):
    """KiB before and at the highest, of one daemon through one drain; VmHWM is the kernel's own mark."""
    options = ["--padding", str(padding)] if padding else []
    with Lab(settings.lab, pods, options) as lab, Program(
            command(settings, strategy), lab.environment()) as program:
        lab.until_still("metadata", 0, at_least=3)
        time.sleep(2)
        before = status(program.pid)
        with MemoryWatch(program.pid) as watch:
            lab.order("/notice/spot?in=120s")
            lab.until_still("kubernetes", 2, at_least=pods)
            end = status(program.pid)
        return {"idle_anonymous": before["anonymous"], "idle_rss": before["rss"],
                "peak_anonymous": watch.peak_anonymous, "peak_rss": end["peak_rss"], "threads": end["threads"]}


def start(settings, keep):
    """From exec to the first poll served, and to the node made unschedulable when the notice was there before."""
    for turn in range(settings.runs * 2):
        for noticed in (False, True):
            with Lab(settings.lab, 10) as lab:
                if noticed:
                    lab.order("/notice/spot?in=120s")
                with Program(command(settings), lab.environment()) as program:
                    lab.until_still("metadata", 0, at_least=3)
                    if noticed:
                        lab.until_still("kubernetes", 1, at_least=11)
                    metadata, api = lab.requests("metadata"), lab.requests("kubernetes")
                result = {
                    "first_request": metadata[0]["at"] - program.started,
                    "first_poll": next(r["at"] for r in metadata if r["path"].endswith("/spot/instance-action"))
                    - program.started}
                if noticed:
                    cordons = [r["at"] for r in api if r["method"] == "PATCH" and "/nodes/" in r["path"]
                               and "unschedulable" in r["body"]]
                    evictions = [r["at"] for r in api if r["path"].endswith("/eviction")]
                    result["cordon"] = cordons[0] - program.started
                    result["last_eviction"] = max(evictions) - program.started
            keep(turn, noticed, result)

"""Memory in a drain, and time to start."""

import shutil
import time
from contextlib import ExitStack

from lab import Lab, offers
from process import MemoryWatch, Program, forget_peak, status

PADDING = 60 * 1024
REST = 30


def command(settings, strategy="evict"):
    """The daemon as the other measurements run it."""
    return [settings.handler, "run", "--strategy", strategy, "--metrics-address", "127.0.0.1:0", "--log-format", "json"]


def memory(settings, keep):
    """Peaks of a drain over sizes and strategies; with large objects where the lab can make them. By deletion too, whose answers
    are the objects. All daemons of a turn come to rest together, as one that has waited for a notice, and drain one by one."""
    paddings = [0, PADDING] if offers(settings.lab, "--padding") else [0]
    for turn in range(settings.runs):
        with ExitStack() as stack:
            resting = [
                (pods, padding, strategy, *settle(settings, stack, pods, padding, strategy))
                for pods in (250, 1000) for padding in paddings for strategy in ("evict", "delete")]
            time.sleep(REST)
            for pods, padding, strategy, lab, program in resting:
                keep(turn, pods, padding, drain(lab, program, pods), strategy)


def settle(settings, stack, pods, padding, strategy):
    """A daemon that has begun to poll a lab of its own, from a copy of the executable, whose pages it shares with no other."""
    lab = stack.enter_context(Lab(settings.lab, pods, ["--padding", str(padding)] if padding else []))
    own = shutil.copy(settings.handler, lab.folder)
    program = stack.enter_context(Program([own, *command(settings, strategy)[1:]], lab.environment()))
    lab.until_still("metadata", 0, at_least=3)
    return lab, program


def drain(lab, program, pods):
    """KiB before and at the highest, of one daemon through one drain; the kernel's own mark is set back before."""
    before = status(program.pid)
    forget_peak(program.pid)
    with MemoryWatch(program.pid) as watch:
        lab.order("/notice/spot?in=120s")
        lab.until_still("kubernetes", 2, at_least=pods)
        end = status(program.pid)
    program.stop()
    return {"idle_anonymous": before["anonymous"], "idle_rss": before["rss"], "start_rss": before["peak_rss"],
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

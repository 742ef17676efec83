"""Pods of one owner under one budget that allows all of them: ours, beside the best schedule of a fixed width.

Inside an API server such evictions race each other for the budget, and the losers sleep; the lab races in the same way. It can be run alone:

    python3 Benchmarks/shared.py .build/release/interruption-lab .build/release/interruption-handler
"""

import json
import os
import statistics
import subprocess
import sys

from lab import Lab

PODS = 110
# Fewer than this many under way are never narrowed by the handler itself, so a width is what it says.
WIDTHS = (8, 12, 16)
RUNS = 3


def seconds(lab, handler, width):
    """From the start of a person's drain to the last accepted eviction."""
    with Lab(lab, PODS, ["--shared-budget", "--eviction-tick", "100ms"]) as served:
        command = [handler, "drain", served.node, "--within", "300s", "--output", "json", "--kubeconfig", served.kubeconfig]
        command += ["--in-flight", str(width)] if width else []
        ended = subprocess.run(command, capture_output=True, text=True, env={"PATH": os.environ["PATH"], "HOME": served.folder})
        report = json.loads(ended.stdout[ended.stdout.index("{"):])
        if report["ending"] != "empty":
            raise RuntimeError(f"the node was not emptied: {report['ending']}")
        return report["secondsToLastEviction"]


def measure(lab, handler):
    """The median of each width, of ours, and how many times the best schedule ours takes."""
    widths = {str(width): statistics.median(seconds(lab, handler, width) for _ in range(RUNS)) for width in WIDTHS}
    ours = statistics.median(seconds(lab, handler, None) for _ in range(RUNS))
    best = min(widths.values())
    return {"pods": PODS, "widths": widths, "ours": ours, "best": best, "times": ours / best}


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], sys.argv[2]), indent=2))

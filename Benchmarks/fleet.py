"""A thousand nodes at once, in virtual time: every scenario of `interruption-fleet`."""

import json
import subprocess


def measure(settings, keep):
    """One row for each scenario, as the program tells it."""
    command = [settings.fleet, "--nodes", str(settings.nodes), "--seed", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        for line in program.stdout:
            keep(json.loads(line))
    if program.returncode != 0:
        raise RuntimeError("interruption-fleet failed")

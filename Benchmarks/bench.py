"""Measures what the design promises, writes the figures, the plot and the page. `bench.py --help` has the settings."""

import argparse
import json
import os
import platform
import subprocess

import fleet
import footprint
import idle
import profile_parts
import reaction
import sizes
from lab import now_text

PARTS = ("size", "fleet", "profile", "start", "memory", "reaction", "idle")


def settings():
    """What is measured, and how often."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", type=names, default=list(PARTS), help=f"comma-separated, of {', '.join(PARTS)}, page; default all")
    parser.add_argument("--handler", default=".build/release/interruption-handler")
    parser.add_argument("--lab", default=".build/release/interruption-lab")
    parser.add_argument("--fleet", default=".build/release/interruption-fleet")
    parser.add_argument("--nodes", type=int, default=1000, help="nodes of the fleet")
    parser.add_argument("--profile-seconds", type=float, default=60, help="how long an idle handler is profiled")
    parser.add_argument("--runs", type=int, default=5, help="rounds, each program in turn in each")
    parser.add_argument("--kubectl-runs", type=int, default=3, help="rounds of kubectl drain, 80 s each")
    parser.add_argument("--idle-seconds", type=float, default=600)
    parser.add_argument("--pods", type=lambda text: [int(n) for n in text.split(",")], default=[10, 110, 250, 1000])
    parser.add_argument("--results", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "results.json"))
    parser.add_argument("--docs", default="docs", help="folder of benchmarks.md and benchmarks.png")
    parsed = parser.parse_args()
    for name in ("handler", "lab", "fleet"):
        setattr(parsed, name, os.path.abspath(getattr(parsed, name)))
    return parsed


def names(text):
    """Parts by name, in any order."""
    wanted = text.split(",")
    if not set(wanted) <= {*PARTS, "page"}:
        raise argparse.ArgumentTypeError(f"of {', '.join(PARTS)} and page")
    return wanted


def machine():
    """Where the figures come from."""
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) // 1024
    with open("/etc/os-release") as file:
        system = next(line.split("=")[1].strip().strip('"') for line in file if line.startswith("PRETTY_NAME"))
    return {"cpu": model, "cores": os.cpu_count(), "memory_mib": memory, "system": system, "kernel": platform.release(),
            "curl": version(["curl", "--version"]), "h2load": version(["h2load", "--version"]),
            "kubectl": version(["kubectl", "version", "--client"])}


def version(command):
    """The first line of what a tool says about itself; None when it is not there."""
    try:
        text = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0]
    except (OSError, IndexError):
        return None
    return " ".join(text.split(" (")[0].replace("Client Version: ", "kubectl ").split()[:2])


def main():
    """Measures the parts that are wanted and keeps the figures of the others."""
    wanted = settings()
    results = {}
    if os.path.exists(wanted.results):
        with open(wanted.results) as file:
            results = json.load(file)

    def save():
        with open(wanted.results, "w") as file:
            json.dump(results, file, indent=1)
            file.write("\n")

    if set(PARTS) & set(wanted.parts):
        results["machine"] = machine()
    for part in [part for part in PARTS if part in wanted.parts]:
        entry = {"when": now_text(), "load_before": os.getloadavg(), "runs": []}

        def keep(*row):
            entry["runs"].append(list(row))  # as it is read back from JSON
            print(part, *row, flush=True)

        if part == "size":
            entry.update(sizes.measure(wanted.handler))
        elif part == "idle":
            entry["variants"] = idle.measure(wanted, wanted.idle_seconds)
        else:
            {"fleet": fleet.measure, "profile": profile_parts.measure, "start": footprint.start,
             "memory": footprint.memory, "reaction": reaction.measure}[part](wanted, keep)
        entry["load_after"] = os.getloadavg()
        results[part] = entry
        save()
    if set(PARTS) <= results.keys():
        import page  # needs matplotlib, which the measurements do not
        page.write(results, wanted.docs)


if __name__ == "__main__":
    main()

"""Sections of the page: the fleet, the executable by part, the profile."""

from figures import median, table

PROGRAMS = {"ours": "interruption-handler", "reference": "reference system"}


def fleet(part):
    """A thousand nodes at once."""
    rows = [row[0] for row in part["runs"]]
    rows.sort(key=lambda row: (row["seats"], row["program"]))
    three = lambda row, name: " / ".join(
        f"{row[name][word]:.1f}" for word in ("median", "p99", "max")) if row.get(name) else "–"
    lines = [[f"{row['seats']}", PROGRAMS[row["program"]], f"{row['fullGrace'] * 100:.1f} %", f"{row['neverTold']:,}",
              f"{row['notEmpty']:,}", three(row, "cordoned"), three(row, "unbudgeted"), three(row, "accepted"),
              f"{row['requests']:,}", f"{row['refused']:,}"] for row in rows]
    nodes, pods = rows[0]["nodes"], rows[0]["pods"]
    return f"""## A fleet

Simulated, not measured: {nodes:,} nodes with {pods:,} pods in all are announced to go within the same ten seconds, each 120 s ahead, and one API server
serves all of them. The decisions are the shipped code's, one handler a node on a virtual clock ([Benchmarks/Fleet](../Benchmarks/Fleet/README.md)); the
reference system is played by its calls and its limits (each node 5 requests a second, burst 10; every pod in a loop of its own; 5 s after a refusal;
a look at each leaving pod every second; no escalation). The API server has so many seats for them, 300 places in queues (one service account is one flow,
six queues of 50) and answers 429 with `Retry-After: 1` beyond; an eviction waits for the next of etcd's 100 ms ticks and writes for half a millisecond,
as [measured](../Benchmarks/Fleet/APIServerModel.swift). Graces are 5 to 110 s; a fifth of the pods is under budgets that let 4 of 20 go at once and get a place back
15 s after a pod has gone. Seconds count from a node's notice: median / 99th percentile / maximum of the nodes.

{table(["seats", "program", "pods with their full grace", "pods never told to stop", "nodes not empty at the end", "node unschedulable, s",
        "last pod without a budget told, s", "last pod told, s", "requests", "answers 429"], lines)}

The seed is 1; the same seed gives the same figures."""


def parts(part):
    """The executable by dependency."""
    lines = [[row["part"], f"{row['code']:,}", f"{row['data']:,}"] for row in part["parts"] if row["code"] + row["data"] >= 4096]
    rest = [row for row in part["parts"] if row["code"] + row["data"] < 4096]
    lines += [["all others", *(f"{sum(row[kind] for row in rest):,}" for kind in ("code", "data"))]] if rest else []
    lines.append(["**all**", *(f"{sum(row[kind] for row in part['parts']):,}" for kind in ("code", "data"))])
    return f"""### By part

Bytes by the module in each symbol's name, of the unstripped executable; no byte counts twice, and the sums are those of the sections `.text` (code) and
`.rodata`, `.data`, `.data.rel.ro`, `swift5_*` (data). A generic function of the standard library that the compiler made for one of our types counts as the
standard library's.

{table(["part", "code", "data"], lines)}"""


def profile(part):
    """Instructions and heap."""
    found = dict(part["runs"])
    sections = []
    for name, words in (("idle", "Idle, `--notices spot`, polled five times a second"), ("drain", "A drain of 250 pods")):
        run = found[name]
        share = lambda cost: f"{cost / run['instructions'] * 100:.1f} %"
        lines = [[label, f"{cost:,}", share(cost)] for label, cost in run["parts"] if cost * 200 >= run["instructions"]]
        top = [[f"`{function}`", label, share(cost)] for label, function, cost in run["functions"]]
        sections.append(f"""### {words}

{run['instructions'] / 1e6:,.1f} million instructions, {run['requests']:,} requests: {run['instructions'] / max(1, run['requests']):,.0f} a request.

{table(["part", "instructions", "share"], lines)}

{table(["function", "part", "share"], top)}""")
    heap = found["memory"]
    lines = [[label if label.startswith("others") else f"`{label}`", f"{size / 1024:,.0f}"] for label, size in heap["sites"] if size >= 16 * 1024]
    sections.append(f"""### Heap at its highest, a drain of 250 pods

{heap['bytes'] / 1024:,.0f} KiB asked for, and {heap['extra'] / 1024:,.0f} KiB for the allocator itself.

{table(["who asked", "KiB"], lines)}""")
    return """## Where instructions and memory go

By valgrind (callgrind, massif), which counts what runs in user space: the kernel's work and waiting are not in it. Function names are the executable's
symbols; libraries without symbols show addresses. Repeat it by `scripts/bench --parts profile`. What was changed because of such
profiles, before and after: [speed-and-footprint.md](speed-and-footprint.md).

""" + "\n\n".join(sections)

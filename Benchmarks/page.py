"""Writes docs/benchmarks.md and its picture from the results; every figure in them was measured."""

import os

import deep
import plot
from figures import Reactions, median, seconds, table, three
from idle import VARIANTS
from shortfalls import against_budgets, mib

PARTS = ("size", "fleet", "profile", "start", "memory", "reaction", "idle")
NAMES = {"ours": "interruption-handler", "curl": "floor: curl", "h2load": "floor: h2load", "kubectl": "`kubectl drain`"}
MODES = [("evict", True), ("evict", False), ("delete", False)]
MODE_NAMES = {("evict", True): "evict, ticks of 100 ms", ("evict", False): "evict", ("delete", False): "delete"}


def write(results, folder):
    """The page and the picture, into that folder."""
    reactions = Reactions(results["reaction"])
    plot.draw(reactions, os.path.join(folder, "benchmarks.png"))
    parts = [
        opening(results), "## Budgets\n\n" + against_budgets(results), reaction(reactions), ratios(reactions),
        deep.fleet(results["fleet"]), idle(results["idle"]), memory(results["memory"]), start(results["start"]),
        size(results["size"]), deep.parts(results["size"]), deep.profile(results["profile"]), again()]
    with open(os.path.join(folder, "benchmarks.md"), "w") as file:
        file.write("\n\n".join(parts) + "\n")


def opening(results):
    """Where, when and how."""
    machine = results["machine"]
    when = sorted(results[part]["when"] for part in PARTS)
    loads = table(["part", "when", "load average before", "after"], [
        [part, results[part]["when"], *(f"{results[part][name][0]:.1f}" for name in ("load_before", "load_after"))]
        for part in PARTS])
    return f"""# Benchmarks

Measured {when[0][:10]} on {machine["cores"]} cores ({machine["cpu"]}), {machine["memory_mib"] / 1024:.0f} GiB, {machine["system"]}, Linux \
{machine["kernel"]}, all on loopback against [interruption-lab](../IntegrationTests/Lab), which runs on the same cores. This is not a real cluster:
the lab answers an eviction in well under a millisecond. Where it says *ticks of 100 ms*, evictions are answered at the next of such ticks, all that are
under way at the same, as by a real API server 1.36, which waits for etcd's. Pods stop 0.5 s after they were told. Other tools: {machine["kubectl"]},
{machine["curl"]}, {machine["h2load"]}. Three figures are minimum / median / maximum; ratios are of medians of programs that ran in turn.
Each figure stands in [results.json](../Benchmarks/results.json). Load averages above 1 mean that other work ran on the machine:

{loads}"""


def reaction(reactions):
    """Times and requests by program, size and mode."""
    sections = ["""## Reaction

![Seconds and requests over pods, on logarithmic axes](benchmarks.png)

All programs are timed alike, by two watches from outside. Seconds count from the poll that was answered with the notice (the handler) or from the start
of the program (the others). The handler polls every second; how long the notice lay there before is in the last table. The floor is the same
requests with nothing around them, one HTTP/2 connection and up to 100 streams: by `curl --parallel`, since each eviction names its pod in its body,
which h2load cannot vary; for deletions by h2load too, with a body as long but without a uid. The floor's node is not made unschedulable and its pods
are not listed. No notification channel is set. The pods belong to a ReplicaSet; deleting one of a Job, or of any owner that may read why it ended,
takes a second request, for the condition `DisruptionTarget`."""]
    for mode in MODES:
        rows = []
        for pods in reactions.pods:
            for program in ("ours", "curl", "h2load", "kubectl"):
                take = lambda name: reactions.values(program, pods, *mode, name)
                if not take("accepted"):
                    continue
                rows.append([f"{pods:,}", NAMES[program], seconds(take("cordoned")) if take("cordoned") else "–",
                             seconds(take("accepted")), seconds(take("empty")), f"{median(take('requests')):,.0f}",
                             str(len(take("accepted")))])
        word = "deletion" if mode[0] == "delete" else "eviction"
        sections.append(f"### {MODE_NAMES[mode][0].upper()}{MODE_NAMES[mode][1:]}\n\n" + table(
            ["pods", "program", "node unschedulable, s", f"last {word} accepted, s", "node empty, s", "requests", "runs"], rows))
    rows = [[f"{pods:,}", *(seconds([value for mode in MODES for value in reactions.values("ours", pods, *mode, name)])
                            for name in ("given_to_seen", "given_to_cordoned"))] for pods in reactions.pods]
    sections.append("### From the notice's first being there\n\nThe notice is given at a random moment; all modes together.\n\n" + table(
        ["pods", "until a poll sees it, s", "until the node is unschedulable, s"], rows))
    return "\n\n".join(sections)


def ratios(reactions):
    """Ours over the floor, and kubectl over ours."""
    rows = []
    for mode in MODES:
        for pods in reactions.pods:
            def of(program, name="accepted"):
                values = reactions.values(program, pods, *mode, name)
                return median(values) if values else None
            ratio = lambda top, bottom: f"{top / bottom:,.2f}" if top and bottom else "–"
            rows.append([MODE_NAMES[mode], f"{pods:,}", ratio(of("ours"), of("curl")), ratio(of("ours"), of("h2load")),
                         ratio(of("ours", "wave"), of("curl", "wave")) if pods > 10 else "–",
                         f"{of('kubectl') / of('ours'):,.0f}" if of("kubectl") else "–"])
    return """### Ratios

Until the last one was accepted. The first two columns compare all that the handler does since it saw the notice (cordon, list, record, then
the wave) with the whole run of the other program (its start and TLS handshake; the handler has its connection already). *Wave only* is from the
first accepted request to the last, so neither side's beginning counts (ten pods leave nothing to compare).

""" + table(["mode", "pods", "handler / curl", "handler / h2load", "wave only, handler / curl", "kubectl / handler"], rows)


def idle(part):
    """Waiting."""
    variants = part["variants"]
    minutes = min(v["seconds"] for v in variants.values()) / 60
    rows = [[VARIANTS[name], f"{v['cpu']:.3f}", f"{v['switches']:,.0f}", mib(v["anonymous"]), mib(v["rss"]), mib(v["pss"]),
             str(v["threads"]), f"{v['requests']:.0f}", f"{v['connections']:.0f}", f"{v['bytes'] / 1024:.0f}" if v["bytes"] else "–",
             str(v["api_requests"])] for name, v in variants.items()]
    threads = [[t["name"], f"{t['cpu']:.4f}", f"{t['switches']:.0f}"] for t in variants["spot"]["per_thread"]]
    return f"""## Idle

{minutes:.1f} minutes of polling every second, 0.1 % of the answers an error 500, after a warm-up of 30 s; the variants ran side by side, each with a lab and,
if the kernel allows it, a network namespace of its own (without one, bytes are not counted). The lab's metadata service closes each connection, unless said otherwise. CPU of the handler is the scheduler's own
count in nanoseconds; of the shell loop it is the resource usage of the shell and all its children. Bytes are both directions with TCP and IP headers.
Memory is the highest of samples every 5 s; the shell's is without curl, which comes and goes. Each handler ran from a copy of the executable of its own, so
that PSS shares only the system's libraries.

{table(["", "CPU s / min", "context switches / min", "anonymous MiB", "RSS MiB", "PSS MiB", "threads", "requests / min",
        "TCP connections / min", "KiB / min", "requests to the API server"], rows)}

By thread, with `--notices spot`:

{table(["thread", "CPU s / min", "context switches / min"], threads)}"""


def memory(part):
    """Peaks in a drain."""
    rows = []
    for pods, strategy, padding in sorted({(row[1], row[4], row[2]) for row in part["runs"]}, key=lambda row: (row[0], row[1] != "evict", row[2])):
        values = [row[3] for row in part["runs"] if row[1] == pods and row[2] == padding and row[4] == strategy]
        rows.append([f"{pods:,}", strategy, f"{padding // 1024} KiB more" if padding else "as the lab makes them",
                     *(three([value[name] for value in values], "MiB")
                       for name in ("idle_anonymous", "peak_anonymous", "start_rss", "idle_rss", "peak_rss")), str(len(values))])
    return """## Memory in a drain

MiB. The drain begins half a minute after the start, when the daemon is at rest. Anonymous memory sampled every 3 ms; whole RSS is the kernel's
own high-water mark, set back (`clear_refs`) when the notice is given; *at start* is that mark before.

""" + table(
        ["pods", "strategy", "size of each", "anonymous before", "anonymous, peak", "RSS at start", "RSS before", "RSS, peak", "runs"], rows)


def start(part):
    """From exec on."""
    def row(words, noticed, name):
        values = [row[2][name] for row in part["runs"] if row[1] == noticed]
        return [words, three(values, "ms"), str(len(values))]
    return "## Start\n\nFrom just before fork and exec, by the lab's log of requests, 10 pods.\n\n" + table(["until", "ms", "runs"], [
        row("first request (IMDSv2 session token)", False, "first_request"),
        row("first read of `instance-action`", False, "first_poll"),
        row("notice there before: the patch that makes the node unschedulable arrives", True, "cordon"),
        row("notice there before: the last eviction arrives", True, "last_eviction")])


def size(part):
    """The executable."""
    sections = sorted(part["sections"].items(), key=lambda item: -item[1])
    shown = [item for item in sections if item[1] >= 100_000]
    rest = sum(value for _, value in sections) - sum(value for _, value in shown)
    rows = [[f"`{name}`", f"{value:,}"] for name, value in shown] + [["all others", f"{rest:,}"]]
    return f"""## Size

Stripped {part["stripped"]:,} bytes ({part["stripped"] / 2**20:.1f} MiB), unstripped {part["unstripped"]:,}; the Swift runtime is linked in. \
`.bss` takes no room in the file. Shared libraries: {", ".join(f"`{name}`" for name in part["libraries"])}.

{table(["section", "bytes"], rows)}

What was not linked is worth most: all of Foundation, which Yams imports too, is 45 MB ([measured](decisions/0001-libyaml.md)). What the linker's
words in `Package.swift` are worth ([why a fixed address](decisions/0005-fixed-address.md)):

{table(["linked", "stripped, bytes", "more"], [[words, f"{bytes:,}", f"{bytes - part['links']['as it is']:,}"] for words, bytes in part["links"].items()])}"""


def again():
    """How to repeat it."""
    return """## Measuring again

    make bench                                  # about 30 minutes; leave the machine alone meanwhile
    scripts/bench --runs 2 --idle-seconds 180   # a quick look
    scripts/bench --parts profile,size          # some parts; the others keep their figures

It needs the release build, `kubectl`, and root or sudo for Debian's nghttp2-client and valgrind. How it works: [Benchmarks](../Benchmarks/README.md). What was
decided because of figures: [decisions](decisions)."""

"""The promised budgets beside what was measured."""

from figures import Reactions, median, table

MODES = {("evict", False): "", ("evict", True): ", ticks of 100 ms", ("delete", False): ", by deletion"}

# Said when a budget whose words contain the key is missed.
REMARKS = {
    "over the floor by h2load": "h2load sends one body, without a uid, and reads no answer; the lab and it are all that works then, on two cores.",
    "whole RSS": "Whole RSS less anonymous RSS is pages of the executable and of the shared libraries, which the kernel can drop and read again.",
}


def mib(kib):
    """KiB as MiB with one digit."""
    return f"{kib / 1024:.1f}"


def against_budgets(results):
    """A table: what, budget, measured, kept or by how much not."""
    rows = [*reaction(Reactions(results["reaction"])), *resources(results)]
    missed = [row for row in rows if row[2] > row[1]]
    lines = [[words, form(budget), form(value), verdict(value, budget)] for words, budget, value, form in rows]
    remarks = [text for word, text in REMARKS.items() if any(word in row[0] for row in missed)]
    return (f"{len(missed)} of {len(rows)} are missed. Times are medians unless said otherwise.\n\n"
            + table(["what", "budget", "measured", ""], lines) + "".join(f"\n\n{text}" for text in remarks))


def verdict(value, budget):
    """Kept, or how many times the budget it is."""
    if value <= budget:
        return "kept"
    times = value / budget if budget else float("inf")
    return f"**missed**, {times:.3f} times" if times < 1.01 else f"**missed**, {times:.2f} times"


def reaction(reactions):
    """Speed and requests."""
    cordons = [value for pods in reactions.pods for mode in MODES
               for value in reactions.values("ours", pods, *mode, "given_to_cordoned")]
    yield "notice there → node unschedulable, s, the slowest of all runs (poll interval + 0.1)", 1.1, max(cordons), lambda v: f"{v:.2f}"
    for mode, words in MODES.items():
        ours, floor = (median(reactions.values(program, 250, *mode, "accepted")) for program in ("ours", "curl"))
        yield f"250 pods{words}: notice seen → last accepted, s", 1.0, ours, lambda v: f"{v:.3f}"
        yield f"250 pods{words}: that over the floor by curl", 1.5, ours / floor, lambda v: f"{v:.2f}"
    h2load = median(reactions.values("h2load", 250, "delete", False, "accepted"))
    ours = median(reactions.values("ours", 250, "delete", False, "accepted"))
    yield "250 pods, by deletion: that over the floor by h2load", 1.5, ours / h2load, lambda v: f"{v:.2f}"
    for pods in reactions.pods:
        for strategy in ("evict", "delete"):
            requests = max(reactions.values("ours", pods, strategy, False, "requests"))
            yield f"requests for {pods:,} pods, {strategy}, the most of all runs", pods + 8, requests, lambda v: f"{v:,.0f}"


def resources(results):
    """Idle, memory, size, start."""
    idle, memory = results["idle"]["variants"], results["memory"]["runs"]
    for name, words in (("spot", "`--notices spot`"), ("all", "all notices")):
        yield f"idle CPU a minute, {words}, s", 0.03, idle[name]["cpu"], lambda v: f"{v:.3f}"
        yield f"idle anonymous RSS, {words}, MiB", 4.0, idle[name]["anonymous"] / 1024, lambda v: f"{v:.2f}"
        yield f"idle whole RSS, {words}, MiB", 22.0, idle[name]["rss"] / 1024, lambda v: f"{v:.1f}"
        yield f"idle requests to the API server, {words}", 0, idle[name]["api_requests"], lambda v: f"{v}"
    peak = lambda name: max(row[3][name] for row in memory if row[1] == 250) / 1024
    yield "peak anonymous RSS at 250 pods, the highest of all runs, with objects of 60 KiB more too, MiB", 10.0, peak("peak_anonymous"), lambda v: f"{v:.1f}"
    yield "peak whole RSS at 250 pods, the highest of all runs, with objects of 60 KiB more too, MiB", 30.0, peak("peak_rss"), lambda v: f"{v:.1f}"
    yield "stripped executable, MiB", 25.0, results["size"]["stripped"] / 2**20, lambda v: f"{v:.1f}"
    start = median([row[2]["first_poll"] for row in results["start"]["runs"] if not row[1]])
    yield "start → first poll, ms", 100, start * 1000, lambda v: f"{v:.0f}"

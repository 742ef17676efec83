"""How time and requests grow with the number of pods."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as pyplot

from figures import median

SERIES = [
    ("ours", False, "interruption-handler", "#1b6ca8", "o", "-"),
    ("ours", True, "interruption-handler, 100 ms an eviction", "#1b6ca8", "o", "--"),
    ("curl", False, "the same evictions by curl", "#2a9d4a", "s", "-"),
    ("curl", True, "the same by curl, 100 ms an eviction", "#2a9d4a", "s", "--"),
    ("kubectl", False, "kubectl drain", "#c8452c", "^", "-"),
]


def draw(reactions, path):
    """Writes the picture: medians, both axes logarithmic."""
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(12, 5.2), dpi=110)
    for program, latency, label, color, marker, line in SERIES:
        style = {"color": color, "marker": marker, "linestyle": line, "label": label, "linewidth": 1.8, "markersize": 6}
        for axes, name in ((left, "accepted"), (right, "requests")):
            if name == "requests" and latency:
                continue  # the same number as without latency
            points = [(pods, median(values)) for pods in reactions.pods
                      if (values := reactions.values(program, pods, "evict", latency, name))]
            if points:
                axes.plot(*zip(*points), **style)
    for axes, title, label in ((left, "until the last eviction was accepted", "seconds"),
                               (right, "requests to the API server", "requests")):
        axes.set(xscale="log", yscale="log", title=title, xlabel="pods on the node", ylabel=label)
        axes.set_xticks(reactions.pods, [f"{pods:,}" for pods in reactions.pods])
        axes.minorticks_off()
        axes.yaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:,g}"))
        axes.grid(True, color="#dddddd")
        axes.legend(frameon=False, fontsize=9, loc="upper left", handlelength=4)
    low, high = left.get_ylim()
    left.set_ylim(low, high * 6)
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)

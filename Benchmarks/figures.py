"""Statistics and their words."""

import statistics


def three(values, unit="s"):
    """`min / median / max` in s or ms or a bare number."""
    scale, digits = {"s": (1, 2), "ms": (1000, 0), "": (1, 0), "MiB": (1 / 1024, 1)}[unit]
    return " / ".join(f"{value * scale:,.{digits}f}" for value in (min(values), statistics.median(values), max(values)))


def seconds(values):
    """`min / median / max`, with as many digits as say something."""
    return " / ".join(f"{value:.3f}" if value < 10 else f"{value:.1f}"
                      for value in (min(values), statistics.median(values), max(values)))


def median(values):
    """The middle one."""
    return statistics.median(values)


def table(head, rows):
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


class Reactions:
    """The reaction part of the results."""

    def __init__(self, part):
        self.rows = part["runs"]
        self.pods = sorted({row[2] for row in self.rows})

    def values(self, program, pods, strategy, latency, name):
        """One figure of all rounds of one combination."""
        return [row[5][name] for row in self.rows
                if row[1:5] == [program, pods, strategy, latency] and row[5][name] is not None]

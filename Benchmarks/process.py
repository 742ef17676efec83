"""A program under measurement, and what Linux tells about it."""

import os
import subprocess
import tempfile
import threading
import time


class Program:
    """A child that is ended with the block; its output goes to a file that is removed."""

    def __init__(self, command, environment=None):
        self.output = tempfile.TemporaryFile("w+")
        self.started = time.time()
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT)
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def text(self):
        """What it wrote so far."""
        self.output.flush()
        return os.pread(self.output.fileno(), 1 << 24, 0).decode(errors="replace")

    def stop(self):
        """Ends it, by force after ten seconds."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.output.close()


def status(pid):
    """Memory in KiB and threads, from /proc/PID/status."""
    wanted = {"VmRSS": "rss", "RssAnon": "anonymous", "VmHWM": "peak_rss", "Threads": "threads"}
    found = {}
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            name, _, value = line.partition(":")
            if name in wanted:
                found[wanted[name]] = int(value.split()[0])
    return found


def forget_peak(pid):
    """Sets the kernel's high-water mark of resident memory back to what is resident now (proc(5), clear_refs)."""
    with open(f"/proc/{pid}/clear_refs", "w") as file:
        file.write("5")


def pss(pid):
    """The proportional share of its memory in KiB."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))


def threads(pid):
    """Of each thread: name, seconds on a CPU (exact to the nanosecond), voluntary and other context switches."""
    found = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        folder = f"/proc/{pid}/task/{task}"
        with open(f"{folder}/comm") as file:
            name = file.read().strip()
        with open(f"{folder}/schedstat") as file:
            seconds = int(file.read().split()[0]) / 1e9
        switches = {"voluntary_ctxt_switches": 0, "nonvoluntary_ctxt_switches": 0}
        with open(f"{folder}/status") as file:
            for line in file:
                key, _, value = line.partition(":")
                if key in switches:
                    switches[key] = int(value)
        found[task] = (name, seconds, *switches.values())
    return found


class MemoryWatch:
    """Samples a process every few milliseconds until it is left; keeps the highest values."""

    def __init__(self, pid, interval=0.003):
        self.pid, self.interval = pid, interval
        self.peak_anonymous = self.peak_rss = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def run(self):
        """The sampling thread."""
        while not self.ended.wait(self.interval):
            now = status(self.pid)
            self.peak_anonymous = max(self.peak_anonymous, now.get("anonymous", 0))
            self.peak_rss = max(self.peak_rss, now.get("peak_rss", 0))

"""A network namespace of its own for a measurement, so that the bytes on its loopback are its alone."""

import fcntl
import os
import socket
import struct
import subprocess

SIOCSIFFLAGS = 0x8914
IFF_UP = 1
MARK = "BENCH_OWN_NETWORK"


def isolated(command):
    """The command in a network namespace of its own; the command as it is where that is not allowed."""
    prefix = ["unshare", "--net", "--map-root-user", "env", f"{MARK}=1"]
    allowed = subprocess.run([*prefix, "true"], stderr=subprocess.DEVNULL).returncode == 0
    return [*prefix, *command] if allowed else command


def raise_loopback():
    """Switches the loopback interface on; a new namespace has it off."""
    if MARK in os.environ:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
            fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def loopback_bytes():
    """Bytes that went over loopback so far, headers included; 0 where others use it too."""
    if MARK not in os.environ:
        return 0
    with open("/proc/net/dev") as file:
        line = next(line for line in file if line.strip().startswith("lo:"))
    return int(line.split(":")[1].split()[0])

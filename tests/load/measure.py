# SPDX-License-Identifier: Apache-2.0
"""Running a server and a generator on a core each, and what the server's process spent per answer."""

import os
import re
import signal
import socket
import subprocess
import time

SERVER_CORE, GENERATOR_CORE = "0", "1"
TICKS = os.sysconf("SC_CLK_TCK")


def pinned(core, command):
    return ["taskset", "-c", core, *command] if core else command


def checked(command):
    """Runs it to its end; what it said when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command} failed:\n{done.stdout}{done.stderr}")


def cpu_seconds(pid):
    """User and system time of all threads of a process."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def free_port():
    """A port that is free for UDP and TCP just now."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
            tcp.bind(("127.0.0.1", 0))
            port = tcp.getsockname()[1]
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                try:
                    udp.bind(("127.0.0.1", port))
                    return port
                except OSError:
                    continue


class Running:
    """A child process, on one core or on all, ended by its pid when the block is left."""

    def __init__(self, command, log, core=SERVER_CORE):
        with open(log, "wb") as output:
            self.process = subprocess.Popen(pinned(core, command), stdout=output, stderr=output)
        self.log = log

    @property
    def pid(self):
        return self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def check(self):
        if self.process.poll() is not None:
            with open(self.log, encoding="utf-8", errors="replace") as log:
                raise RuntimeError(f"{self.process.args} ended:\n{log.read()[-2000:]}")


class Dnsperf:
    """One way of asking: transport, clients, queries outstanding."""

    def __init__(self, mode, names, clients=8, outstanding=100):
        self.mode, self.names, self.clients, self.outstanding = mode, names, clients, outstanding

    def run(self, port, seconds):
        command = ["dnsperf", "-s", "127.0.0.1", "-p", str(port), "-m", self.mode, "-d", self.names,
                   "-c", str(self.clients), "-q", str(self.outstanding), "-l", str(seconds), "-O", "suppress=timeouts"]
        done = subprocess.run(pinned(GENERATOR_CORE, command), capture_output=True, text=True, check=False)
        completed = re.search(r"Queries completed:\s+(\d+)", done.stdout)
        lost = re.search(r"Queries lost:\s+(\d+)", done.stdout)
        if completed is None:
            raise RuntimeError(f"dnsperf failed:\n{done.stdout}{done.stderr}")
        return int(completed.group(1)), int(lost.group(1))


def wait_until_answering(server, dnsperf, port, patience=15):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        server.check()
        probe = Dnsperf(dnsperf.mode, dnsperf.names, 1, 1)
        try:
            if probe.run(port, 0.3)[0] > 0:
                return
        except RuntimeError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"no answer from {server.process.args}")


def microseconds_per_answer(server, dnsperf, port, seconds):
    """CPU time of the server's process by answers, queries per second, and queries lost."""
    before, start = cpu_seconds(server.pid), time.monotonic()
    answered, lost = dnsperf.run(port, seconds)
    elapsed = time.monotonic() - start
    spent = cpu_seconds(server.pid) - before
    return spent * 1e6 / max(answered, 1), answered / elapsed, lost

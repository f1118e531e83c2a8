#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table of docs/scale.md: what an agent needs in a large cluster, and what the API server needs for it.

    ./dev scale                    runs it and prints the table (about 40 minutes)
    ./dev scale --write            also writes it into docs/scale.md
    ./dev scale --filters 1000 --namespaces 100 --pods 1000 --nodes 10 --rest 5    a quick look
"""

import argparse
import contextlib
import http.client
import os
import pathlib
import platform
import shutil
import socket
import statistics
import sys
import tempfile
import threading
import time

import control_plane
import docs
import measure
import scale_cluster

NXDOMAIN = 3
REST_BETWEEN_EDITS = 1
PACE = 0.3  # between edits of which only the cost counts: each is loaded for itself


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sluice", default=f"{docs.ROOT}/build/release/sluice")
    parser.add_argument("--control-plane", required=True, help="directory that tools/build_control_plane filled")
    parser.add_argument("--filters", type=int, default=10_000)
    parser.add_argument("--namespaces", type=int, default=1_000)
    parser.add_argument("--pods", type=int, default=100_000)
    parser.add_argument("--nodes", type=int, default=1_000)
    parser.add_argument("--agents", type=int, default=10, help="at once, to see what each costs the API server")
    parser.add_argument("--edits", type=int, default=100)
    parser.add_argument("--rest", type=float, default=60, help="seconds of rest that are measured")
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


class Upstream(threading.Thread):
    """Says of every name that it has no data."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        while True:
            query, client = self.socket.recvfrom(4096)
            end = query.index(b"\0", 12) + 5
            self.socket.sendto(query[:2] + b"\x81\x80\0\1\0\0\0\0\0\0" + query[12:end], client)


class Agent:
    """One node's Sluice, at its first start: it knows nothing yet."""

    def __init__(self, options, plane, node, pods="Node"):
        self.port, self.admin = measure.free_port(), measure.free_port()
        config, snapshot = f"{plane.work}/{node}.yaml", f"{plane.work}/{node}.snapshot"
        pathlib.Path(snapshot).unlink(missing_ok=True)
        with open(config, "w", encoding="ascii") as file:
            file.write(f"workers: 1\nlisteners: [{{protocol: UDP, port: {self.port}}}]\n"
                       f"upstreams: [{{name: none, endpoints: [{{address: 127.0.0.1, port: {options.upstream.port}}}]}}]\n"
                       f"kubernetes: {{nodeName: {node}, kubeconfig: {plane.kubeconfig}, pods: {pods}, "
                       f"snapshotFile: {snapshot}}}\n"
                       f"admin: {{port: {self.admin}}}\n")
        self.started = time.monotonic()
        self.process = measure.Running([options.sluice, "serve", "--config", config], f"{plane.work}/{node}.log", None)

    def wait_until_ready(self):
        """Seconds since it was started."""
        while True:
            self.process.check()
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.admin, timeout=30)
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return time.monotonic() - self.started
            if time.monotonic() - self.started > 300:
                raise RuntimeError(f"the agent does not get ready; see {self.process.log}")
            time.sleep(0.01)

    def resident(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return {key: int(value.split()[0]) / 1024 for key, value in
                    (line.split(":") for line in status) if key in ("VmRSS", "VmHWM")}

    def cpu(self):
        return measure.cpu_seconds(self.process.pid)

    def rcode(self, client, name):
        question = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0\0\1\0\1"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as query:
            query.bind((client, 0))
            query.settimeout(5)
            query.sendto(b"\x12\x34\1\0\0\1\0\0\0\0\0\0" + question, ("127.0.0.1", self.port))
            return query.recv(4096)[3] & 15


def tell(text):
    print(text, file=sys.stderr, flush=True)


def seconds_to_effect(options, cluster, agent, rest):
    """From the API server's answer to an edit until the edited name is denied. Without rest between them an edit waits for
    the agent's pause behind the one before (kubernetes/settling.hpp)."""
    delays = []
    for number in range(options.edits):
        time.sleep(rest)
        pod = number % min(cluster.pods_per_node(), options.namespaces)
        name = cluster.edit(cluster.space_of(pod))
        start = time.monotonic()
        while agent.rcode(scale_cluster.address_of(pod), name) != NXDOMAIN:
            if time.monotonic() - start > 30:
                raise RuntimeError(f"{name} is not denied after 30 s")
        delays.append(time.monotonic() - start)
    return delays


class Costs:
    """CPU seconds of several processes over a time."""

    def __init__(self, **processes):
        self.processes = processes
        self.before = {name: measure.cpu_seconds(pid) for name, pid in processes.items()}

    def spent(self):
        return {name: measure.cpu_seconds(pid) - self.before[name] for name, pid in self.processes.items()}


def cost_of_rest(options, **processes):
    """CPU milliseconds a second."""
    costs = Costs(**processes)
    time.sleep(options.rest)
    return {name: spent * 1000 / options.rest for name, spent in costs.spent().items()}


def cost_of_edits(options, cluster, **processes):
    """CPU milliseconds an edit."""
    costs = Costs(**processes)
    for number in range(options.edits):
        cluster.edit(number % options.namespaces)
        time.sleep(PACE)
    time.sleep(1)
    return {name: spent * 1000 / options.edits for name, spent in costs.spent().items()}


def measure_agent(options, plane, cluster, pods):
    api = Costs(api=plane.api_server.pid)
    agent = Agent(options, plane, "node-0", pods)
    with agent.process:
        found = {"ready": agent.wait_until_ready(), "start": agent.cpu(), "memory": agent.resident(), **api.spent()}
        time.sleep(2)
        found["rest"] = cost_of_rest(options, agent=agent.process.pid)["agent"]
        for name, rest in (("effect", REST_BETWEEN_EDITS), ("effect_in_a_row", 0)):
            delays = seconds_to_effect(options, cluster, agent, rest)
            found[name] = (statistics.median(delays) * 1000, max(delays) * 1000)
        found["edit"] = cost_of_edits(options, cluster, agent=agent.process.pid)["agent"]
        found["after"] = agent.resident()
    tell(f"  pods: {pods}: {found}")
    return found


def measure_api_server(options, plane, cluster):
    """What one agent more costs: the difference between none and several, by their number."""
    def at_rest():
        return cost_of_rest(options, api=plane.api_server.pid)["api"]

    def by_edit():
        return cost_of_edits(options, cluster, api=plane.api_server.pid)["api"]

    count = options.agents
    alone = {"rest": at_rest(), "edit": by_edit(), "goroutines": plane.api.gauge("go_goroutines")}
    start = Costs(api=plane.api_server.pid)
    with contextlib.ExitStack() as running:
        agents = [Agent(options, plane, f"node-{number}") for number in range(count)]
        for agent in agents:
            running.enter_context(agent.process)
        for agent in agents:
            agent.wait_until_ready()
        found = {"start": start.spent()["api"] / count}
        time.sleep(5)
        found["goroutines"] = (plane.api.gauge("go_goroutines") - alone["goroutines"]) / count
        found["rest"] = (at_rest() - alone["rest"]) / count
        found["edit"] = (by_edit() - alone["edit"]) / count
    tell(f"  API server alone: {alone}, for each agent: {found}")
    return found


def about(options):
    return (f"{options.filters:,} filters of {scale_cluster.RULES} rules in {options.namespaces:,} namespaces, "
            f"{options.pods:,} pods on {options.nodes:,} nodes, {options.agents} agents at once beside the API server and "
            f"etcd on {os.cpu_count()} cores; {options.edits} edits, {options.rest:g} s of rest; Linux {platform.release()}.")


def agent_table(nodes, everything):
    """The measured quantities of an agent that knows the pods of its node, and of one that knows all."""
    rows = [
        ("start to ready, s", lambda found: f"{found['ready']:.1f}"),
        ("CPU of that, s", lambda found: f"{found['start']:.1f}"),
        ("resident memory when ready (most until then), MiB",
         lambda found: f"{found['memory']['VmRSS']:.0f} ({found['memory']['VmHWM']:.0f})"),
        ("resident memory after the edits (most until then), MiB",
         lambda found: f"{found['after']['VmRSS']:.0f} ({found['after']['VmHWM']:.0f})"),
        ("CPU at rest, ms a second", lambda found: f"{found['rest']:.1f}"),
        ("a filter's edit to its effect, ms, median (most)",
         lambda found: f"{found['effect'][0]:.0f} ({found['effect'][1]:.0f})"),
        ("the same, each edit right behind the one before",
         lambda found: f"{found['effect_in_a_row'][0]:.0f} ({found['effect_in_a_row'][1]:.0f})"),
        ("CPU of an edit, ms", lambda found: f"{found['edit']:.0f}"),
    ]
    lines = ["| an agent that knows | the pods of its node | all pods |", "|---|---|---|"]
    lines += [f"| {name} | {text(nodes)} | {text(everything)} |" for name, text in rows]
    return "\n".join(lines)


def api_server_table(found, lists):
    """What one agent costs the API server, and by that what many do."""
    rows = [
        ("CPU of a start, s", found["start"]),
        ("CPU at rest, ms a second", found["rest"]),
        ("CPU of a filter's edit, ms", found["edit"]),
        ("goroutines of its watches", found["goroutines"]),
        ("what a start reads, MB", sum(size for size, _ in lists) / 1e6),
    ]
    lines = ["| API server, for | 1 agent (measured) | 1,000 (calculated) | 5,000 (calculated) |", "|---|---|---|---|"]
    lines += [f"| {name} | {one:.2f} | {one * 1000:,.0f} | {one * 5000:,.0f} |" for name, one in rows]
    return "\n".join(lines)


def main():
    options = arguments()
    options.upstream = Upstream()
    work = tempfile.mkdtemp(prefix="sluice-scale-")
    try:
        with control_plane.ControlPlane(work, options.control_plane) as plane:
            plane.apply("apply", "--server-side", "-k", f"{docs.ROOT}/crds/schema")
            plane.apply("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")
            cluster = scale_cluster.Cluster(plane.api, options)
            cluster.fill()
            agents = [measure_agent(options, plane, cluster, pods) for pods in ("Node", "All")]
            api_server = measure_api_server(options, plane, cluster)
            lists = [cluster.list_size(path) for path in scale_cluster.LISTS]
    finally:
        shutil.rmtree(work, ignore_errors=True)
    text = "\n\n".join([agent_table(*agents), api_server_table(api_server, lists), about(options)])
    print(text)
    if options.write:
        docs.write_table("scale.md", text)


if __name__ == "__main__":
    main()

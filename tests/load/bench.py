#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table of docs/benchmarks.md: CPU of the server process per answered query, Sluice beside its peers in one run.

    ./dev bench                    runs it and prints the table
    ./dev bench --write            also writes it into docs/benchmarks.md
    ./dev bench --runs 1 --seconds 2 --only udp    a quick look
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile

import certificates
import docs
import measure
import servers

WORKLOADS = {
    "udp": "UDP, cache hit",
    "tcp": "TCP, cache hit, kept connections",
    "dot": "DoT, cache hit, kept connections",
    "miss": "UDP, cache miss forwarded over DoT",
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sluice", default=f"{docs.ROOT}/build/release/sluice")
    parser.add_argument("--tools", required=True, help="directory with bare_responder and sluice_responder")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--only", choices=WORKLOADS, action="append", help="may be given several times")
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


def write_names(path, count, pattern):
    with open(path, "w", encoding="ascii") as file:
        file.writelines(f"{pattern.format(i)} A\n" for i in range(count))
    return path


def workloads(work):
    hits = write_names(f"{work}/hits.txt", 1000, "host-{}.zone.test")
    misses = write_names(f"{work}/misses.txt", 3_000_000, "m{}.zone.test")
    return {
        "udp": measure.Dnsperf("udp", hits),
        "tcp": measure.Dnsperf("tcp", hits),
        "dot": measure.Dnsperf("dot", hits),
        "miss": measure.Dnsperf("udp", misses),
    }


def contestants(work, options, upstream_port):
    def ports():
        return {transport: measure.free_port() for transport in ("udp", "tcp", "dot")}

    return [
        servers.bare(f"{options.tools}/bare_responder", ports()),
        servers.sluice(work, options.sluice, ports(), upstream_port),
        servers.unbound(work, ports(), upstream_port),
        servers.dnsdist(work, ports(), upstream_port),
    ]


def run_once(server, workload, dnsperf, work, seconds):
    transport = "udp" if workload == "miss" else workload
    port = server.ports[transport]
    log = f"{work}/{server.name.split(',')[0].split()[0]}.log"
    with measure.Running(server.command, log) as running:
        warm = dnsperf if workload != "miss" else measure.Dnsperf("udp", f"{work}/hits.txt")
        measure.wait_until_answering(running, warm, port)
        warm.run(port, 1)  # everything that is hot is in the cache now
        return measure.microseconds_per_answer(running, dnsperf, port, seconds)


def measure_all(options, work):
    names = workloads(work)
    upstream_port = measure.free_port()
    responder = [f"{options.tools}/sluice_responder", "--dot", str(upstream_port), "--certificate",
                 f"{work}/upstream.crt", "--key", f"{work}/upstream.key", "--zone", "zone.test"]
    results = {}
    with measure.Running(responder, f"{work}/responder.log", measure.GENERATOR_CORE):
        for workload in options.only or WORKLOADS:
            for server in contestants(work, options, upstream_port):
                if workload != "udp" and "udp" in server.ports and len(server.ports) == 1:
                    continue
                runs = []
                for number in range(options.runs):
                    print(f"{WORKLOADS[workload]}: {server.name}, run {number + 1} of {options.runs}",
                          file=sys.stderr, flush=True)
                    runs.append(run_once(server, workload, names[workload], work, options.seconds))
                results[workload, server.name] = runs
    return results


def table(results):
    lines = ["| work | server | CPU per answer, us (min, max) | answers a second | lost | times Sluice |",
             "|---|---|---|---|---|---|"]
    for (workload, name), runs in results.items():
        cost = statistics.median(run[0] for run in runs)
        sluice = next(value for key, value in results.items() if key[0] == workload and key[1].startswith("Sluice"))
        ratio = cost / statistics.median(run[0] for run in sluice)
        lines.append(f"| {WORKLOADS[workload]} | {name} | {cost:.2f} ({min(r[0] for r in runs):.2f}, "
                     f"{max(r[0] for r in runs):.2f}) | {statistics.median(r[1] for r in runs):,.0f} | "
                     f"{sum(r[2] for r in runs)} | {ratio:.2f} |")
    return "\n".join(lines)


def versions():
    def first_line(*command):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr).strip().splitlines()[0]

    return (f"{first_line('unbound', '-V').replace('Version', 'unbound')}; {first_line('dnsdist', '--version').split(' (')[0]}; "
            f"Linux {platform.release()}, {os.cpu_count()} cores")


def main():
    options = arguments()
    work = tempfile.mkdtemp(prefix="sluice-bench-")
    try:
        certificates.make_authority(work)
        certificates.issue(work, "server", "DNS:server.test")
        certificates.issue(work, "upstream", "DNS:upstream.test")
        text = f"{table(measure_all(options, work))}\n\n{versions()}; {options.runs} runs of {options.seconds:g} s."
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(text)
    if options.write:
        docs.write_table("benchmarks.md", text)


if __name__ == "__main__":
    main()

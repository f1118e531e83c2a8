# SPDX-License-Identifier: Apache-2.0
"""Sluice and its peers, configured for the same work: one thread, a cache, DoT upstream, certificates that verify."""

import os
import textwrap

RULES_PER_FILTER, FILTERS = 63, 16  # a chain of about a thousand rules


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(textwrap.dedent(text).lstrip())
    return path


def sluice_policies(directory):
    os.makedirs(directory, exist_ok=True)
    for number in range(FILTERS):
        rules = "".join(
            f"  - {{name: rule-{i}, action: Deny, domains: ['.blocked-{number}-{i}.example', '*.b{number}x{i}.test']}}\n"
            for i in range(RULES_PER_FILTER))
        with open(f"{directory}/filter-{number}.yaml", "w", encoding="utf-8") as file:
            file.write("apiVersion: sluice.dev/v1alpha1\nkind: DNSFilter\n"
                       f"metadata: {{name: filter-{number}, namespace: bench}}\nspec:\n  rules:\n{rules}")


class Server:
    """What a run needs to know of a server: its command, and the port for each transport that it has."""

    def __init__(self, name, command, ports):
        self.name, self.command, self.ports = name, command, ports


def sluice(work, binary, ports, upstream_port):
    sluice_policies(f"{work}/policies")
    config = write(f"{work}/sluice.yaml", f"""
        workers: 1
        listeners:
        - {{protocol: UDP, port: {ports['udp']}}}
        - {{protocol: TCP, port: {ports['tcp']}}}
        - {{protocol: TLS, port: {ports['dot']}, tls: {{certificateFile: server.crt, privateKeyFile: server.key}}}}
        upstreams:
        - name: cluster
          transport: TLS
          endpoints: [{{address: 127.0.0.1, port: {upstream_port}}}]
          tls: {{serverName: upstream.test, caFile: ca.crt}}
        identity: {{static: [{{namespace: bench, cidrs: [127.0.0.0/8]}}]}}
        policies: {{directory: policies/}}
        admin: {{port: 0}}
        """)
    return Server("Sluice, 1,000 rules", [binary, "serve", "--config", config], ports)


def unbound(work, ports, upstream_port):
    config = write(f"{work}/unbound.conf", f"""
        server:
          directory: "{work}"
          chroot: ""
          username: ""
          pidfile: ""
          use-syslog: no
          verbosity: 0
          num-threads: 1
          interface: 127.0.0.1@{ports['udp']}
          interface: 127.0.0.1@{ports['dot']}
          tls-port: {ports['dot']}
          tls-service-key: "{work}/server.key"
          tls-service-pem: "{work}/server.crt"
          tls-cert-bundle: "{work}/ca.crt"
          do-not-query-localhost: no
          module-config: "iterator"
          msg-cache-size: 64m
          rrset-cache-size: 64m
          incoming-num-tcp: 100
          outgoing-num-tcp: 100
          local-zone: "test." nodefault
          domain-insecure: "."
        remote-control:
          control-enable: no
        forward-zone:
          name: "."
          forward-tls-upstream: yes
          forward-addr: 127.0.0.1@{upstream_port}#upstream.test
        """)
    return Server("unbound", ["unbound", "-d", "-p", "-c", config], {**ports, "tcp": ports["udp"]})


def dnsdist(work, ports, upstream_port):
    config = write(f"{work}/dnsdist.conf", f"""
        addLocal("127.0.0.1:{ports['udp']}", {{maxInFlight=1000}})
        addTLSLocal("127.0.0.1:{ports['dot']}", "{work}/server.crt", "{work}/server.key", {{maxInFlight=1000}})
        newServer({{address="127.0.0.1:{upstream_port}", tls="openssl", subjectName="upstream.test",
                   caStore="{work}/ca.crt", validateCertificates=true, healthCheckMode="up", maxInFlight=1000}})
        setMaxTCPClientThreads(1)
        getPool(""):setCache(newPacketCache(1000000))
        """)
    return Server("dnsdist", ["dnsdist", "--supervised", "--disable-syslog", "-C", config],
                  {**ports, "tcp": ports["udp"]})


def bare(binary, ports):
    return Server("bare recvmmsg/sendmmsg", [binary, "127.0.0.1", str(ports["udp"])], {"udp": ports["udp"]})

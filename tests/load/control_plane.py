# SPDX-License-Identifier: Apache-2.0
"""A real API server with etcd behind it, and requests to it over connections that are kept."""

import concurrent.futures
import http.client
import json
import os
import socket
import ssl
import sys
import threading
import time

import certificates
import measure

TOKEN = "admin-token"


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Api:
    """Requests as the administrator. Each thread has a connection of its own."""

    def __init__(self, port, authority):
        self.port = port
        self.context = ssl.create_default_context(cafile=authority)
        self.local = threading.local()

    def send(self, method, path, body=None, content_type="application/json"):
        """Status and body of the answer."""
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": content_type}
        text = json.dumps(body) if isinstance(body, (dict, list)) else body
        try:
            return self.exchange(method, path, text, headers)
        except (OSError, http.client.HTTPException):
            del self.local.connection  # the server has closed one that was idle for long
            return self.exchange(method, path, text, headers)

    def exchange(self, method, path, text, headers):
        if not hasattr(self.local, "connection"):
            self.local.connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context)
        self.local.connection.request(method, path, text, headers)
        answer = self.local.connection.getresponse()
        return answer.status, answer.read()

    def need(self, method, path, body=None, content_type="application/json"):
        status, answer = self.send(method, path, body, content_type)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {answer[:400]!r}")
        return answer

    def post(self, path, body):
        self.need("POST", path, body)

    def merge(self, path, body):
        self.need("PATCH", path, body, "application/merge-patch+json")

    def gauge(self, name):
        """Sum of a metric of the API server over its labels."""
        lines = self.need("GET", "/metrics").decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.split("{")[0].split(" ")[0] == name)

    def all_at_once(self, name, tasks, threads=8):
        """Runs callables of which there are many, and says how far it is."""
        start = told = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            for number, done in enumerate(pool.map(lambda task: task(), tasks, chunksize=50), 1):
                if time.monotonic() - told > 5:
                    told = time.monotonic()
                    print(f"  {name}: {number:,} after {told - start:.0f} s", file=sys.stderr, flush=True)
        print(f"  {name}: all after {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)


class ControlPlane:
    """etcd and kube-apiserver, ended when the block is left. `programs` is what tools/build_control_plane made."""

    def __init__(self, work, programs):
        self.work = work
        self.programs = programs
        certificates.make_authority(work)
        certificates.issue(work, "api", "IP:127.0.0.1")
        certificates.issue(work, "accounts", "DNS:accounts")
        with open(f"{work}/tokens.csv", "w", encoding="ascii") as tokens:
            tokens.write(f'{TOKEN},admin,1,"system:masters"\n')

    def __enter__(self):
        api, clients, peers = free_ports(3)
        self.api = Api(api, f"{self.work}/ca.crt")
        self.etcd = measure.Running(self.etcd_command(clients, peers), f"{self.work}/etcd.log", core=None)
        self.api_server = measure.Running(self.api_server_command(api, clients), f"{self.work}/api.log", core=None)
        self.kubeconfig = self.write_kubeconfig(api)
        deadline = time.monotonic() + 90
        while not self.is_ready():
            self.etcd.check()
            self.api_server.check()
            if time.monotonic() > deadline:
                raise RuntimeError("the API server does not get ready")
            time.sleep(0.2)
        return self

    def __exit__(self, *ending):
        self.api_server.__exit__(*ending)
        self.etcd.__exit__(*ending)

    def is_ready(self):
        try:
            return self.api.send("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def apply(self, *arguments):
        measure.checked([f"{self.programs}/kubectl", "--kubeconfig", self.kubeconfig, *arguments])

    def etcd_command(self, clients, peers):
        url, peer_url = f"http://127.0.0.1:{clients}", f"http://127.0.0.1:{peers}"
        return [f"{self.programs}/etcd", f"--data-dir={self.work}/etcd", f"--listen-client-urls={url}",
                f"--advertise-client-urls={url}", f"--listen-peer-urls={peer_url}",
                f"--initial-advertise-peer-urls={peer_url}", f"--initial-cluster=default={peer_url}",
                "--quota-backend-bytes=8589934592", "--unsafe-no-fsync", "--log-level=warn"]

    def api_server_command(self, port, etcd):
        accounts = f"{self.work}/accounts"
        return [f"{self.programs}/kube-apiserver", f"--etcd-servers=http://127.0.0.1:{etcd}",
                "--bind-address=127.0.0.1", f"--secure-port={port}", "--advertise-address=127.0.0.1",
                "--endpoint-reconciler-type=none", f"--tls-cert-file={self.work}/api.crt",
                f"--tls-private-key-file={self.work}/api.key",
                "--service-account-issuer=https://kubernetes.default.svc",
                f"--service-account-key-file={accounts}.crt", f"--service-account-signing-key-file={accounts}.key",
                f"--token-auth-file={self.work}/tokens.csv", "--authorization-mode=RBAC",
                "--service-cluster-ip-range=10.0.0.0/24", "--disable-admission-plugins=ServiceAccount", "--v=1"]

    def write_kubeconfig(self, port):
        path = f"{self.work}/kubeconfig"
        with open(path, "w", encoding="ascii") as file:
            json.dump({"apiVersion": "v1", "kind": "Config", "current-context": "test",
                       "clusters": [{"name": "test", "cluster": {"server": f"https://127.0.0.1:{port}",
                                                                 "certificate-authority": f"{self.work}/ca.crt"}}],
                       "users": [{"name": "admin", "user": {"token": TOKEN}}],
                       "contexts": [{"name": "test", "context": {"cluster": "test", "user": "admin"}}]}, file)
        return path

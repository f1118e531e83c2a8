# SPDX-License-Identifier: Apache-2.0
"""A large cluster in an API server: namespaces, tenants, filters, and pods that a kubelet would have reported."""

import itertools
import json

RULES, DOMAINS = 10, 3
NAMESPACES_PER_TENANT = 10
# What an agent on the first node reads.
LISTS = [f"/apis/sluice.dev/v1alpha1/{plural}" for plural in
         ("dnsfilters", "clusterdnsfilters", "domainlists", "clusterdomainlists", "dnstenants", "dnsupstreams")]
LISTS += ["/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-0"]
FILTERS = "/apis/sluice.dev/v1alpha1/namespaces/{}/dnsfilters"


def namespace_name(number):
    return f"team-{number}"


def address_of(pod):
    """Those of the first nodes are of loopback, so that queries can come from there."""
    return f"{127 if pod < 5000 else 10}.{1 + (pod >> 16)}.{pod >> 8 & 255}.{pod & 255}"


def filter_object(space, number, denied):
    rules = [{"name": f"rule-{rule}", "action": "Deny" if rule % 2 else "Allow",
              "domains": [f"*.service-{number}-{rule}-{i}.example.com" for i in range(DOMAINS)]}
             for rule in range(RULES - 1)]
    rules.append({"name": "probe", "action": "Deny", "domains": [denied]})
    return {"apiVersion": "sluice.dev/v1alpha1", "kind": "DNSFilter",
            "metadata": {"name": f"filter-{number}", "namespace": namespace_name(space)},
            "spec": {"priority": 100 + number, "rules": rules}}


def tenant_object(number):
    return {"apiVersion": "sluice.dev/v1alpha1", "kind": "DNSTenant", "metadata": {"name": f"tenant-{number}"},
            "spec": {"namespaceSelector": {"matchLabels": {"tenant": f"tenant-{number}"}},
                     "delegation": {"maxFilters": 1000}}}


def pod_object(name, node):
    """As large as those of a small web server."""
    environment = [{"name": f"SETTING_{i}", "value": "https://service.example.com/path"} for i in range(10)]
    resources = {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}}
    container = {"name": "web", "image": "registry.example.com/team/web:1.2.3", "env": environment,
                 "ports": [{"containerPort": 8080, "name": "http"}], "resources": resources}
    return {"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "labels": {"app": "web", "pod-template-hash": "5d8f9c7b6"}},
            "spec": {"nodeName": node, "containers": [container]}}


def pod_status(address):
    conditions = [{"type": kind, "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}
                  for kind in ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")]
    return {"status": {"phase": "Running", "hostIP": "192.0.2.1", "podIP": address, "podIPs": [{"ip": address}],
                       "startTime": "2026-01-01T00:00:00Z", "conditions": conditions}}


class Cluster:
    def __init__(self, api, options):
        self.api = api
        self.options = options
        self.names = (f"edit-{number}.example.net" for number in itertools.count())

    def fill(self):
        spaces = range(self.options.namespaces)
        self.api.all_at_once("namespaces", [lambda n=n: self.make_namespace(n) for n in spaces])
        tenants = range(-(-self.options.namespaces // NAMESPACES_PER_TENANT))
        self.api.all_at_once("tenants", [
            lambda n=n: self.api.post("/apis/sluice.dev/v1alpha1/dnstenants", tenant_object(n)) for n in tenants])
        self.api.all_at_once("filters", [lambda n=n: self.make_filter(n) for n in range(self.options.filters)])
        self.api.all_at_once("pods", [lambda n=n: self.make_pod(n) for n in range(self.options.pods)])

    def make_namespace(self, number):
        labels = {"tenant": f"tenant-{number // NAMESPACES_PER_TENANT}"}
        self.api.post("/api/v1/namespaces", {"metadata": {"name": namespace_name(number), "labels": labels}})

    def make_filter(self, number):
        space, index = number % self.options.namespaces, number // self.options.namespaces
        self.api.post(FILTERS.format(namespace_name(space)), filter_object(space, index, f"probe-{index}.example.org"))

    def make_pod(self, number):
        path = f"/api/v1/namespaces/{namespace_name(self.space_of(number))}/pods"
        node = f"node-{number // self.pods_per_node()}"
        self.api.post(path, pod_object(f"web-{number}", node))
        self.api.merge(f"{path}/web-{number}/status", pod_status(address_of(number)))

    def space_of(self, pod):
        return pod % self.options.namespaces

    def pods_per_node(self):
        return max(1, self.options.pods // self.options.nodes)

    def edit(self, space):
        """The first of a namespace's filters now denies another name, which is returned. No name comes twice: an edit
        that changes nothing would cost nothing."""
        denied = next(self.names)
        changed = filter_object(space, 0, denied)
        self.api.merge(f"{FILTERS.format(namespace_name(space))}/filter-0", {"spec": changed["spec"]})
        return denied

    def list_size(self, path):
        """Octets and objects of a list that is read in pages, as an agent reads it."""
        size = count = 0
        following = ""
        while True:
            text = self.api.need("GET", f"{path}{'&' if '?' in path else '?'}limit=500{following}")
            page = json.loads(text)
            size, count = size + len(text), count + len(page["items"])
            if not page["metadata"].get("continue"):
                return size, count
            following = f"&continue={page['metadata']['continue']}"

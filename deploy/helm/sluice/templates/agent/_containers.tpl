{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}
{{- define "sluice.agentContainer" -}}
{{- $nodelocal := eq .Values.shape "nodelocal" -}}
{{- $probe := dict "root" $ "host" (ternary "127.0.0.1" "" $nodelocal) -}}
name: agent
image: {{ include "sluice.image" (dict "root" $ "image" .Values.image) }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
args: [serve, --config=/etc/sluice/config/sluice.yaml{{ if $nodelocal }}, --ready-file=/var/lib/sluice/ready{{ end }}]
env:
  - {name: NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
  # The lease in which the node says what it serves goes with the pod.
  - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
  - {name: POD_UID, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}
{{- if not $nodelocal }}
# Not declared on the node's network: there each one would become a hostPort, which the second agent of an update cannot get.
ports:
  - {name: dns-udp, containerPort: {{ include "sluice.dnsPort" . }}, protocol: UDP}
  - {name: dns-tcp, containerPort: {{ include "sluice.dnsPort" . }}, protocol: TCP}
  {{- if .Values.agent.tls.secretName }}
  - {name: dns-tls, containerPort: {{ include "sluice.tlsPort" . }}, protocol: TCP}
  {{- end }}
  - {name: metrics, containerPort: {{ .Values.metrics.port }}, protocol: TCP}
{{- end }}
# As long as the first synchronisation may take; afterwards livez decides.
startupProbe:
  {{- include "sluice.probe" (merge (dict "path" "/livez") $probe) | nindent 2 }}
  periodSeconds: 1
  failureThreshold: 60
livenessProbe:
  {{- include "sluice.probe" (merge (dict "path" "/livez") $probe) | nindent 2 }}
  timeoutSeconds: 5
  failureThreshold: 5
readinessProbe:
  {{- if $nodelocal }}
  # Not by a port: the two agents of an update share all of them, and each must be asked about itself.
  exec: {command: [/usr/bin/sluice, ready, /var/lib/sluice/ready]}
  {{- else }}
  {{- include "sluice.probe" (merge (dict "path" "/readyz") $probe) | nindent 2 }}
  {{- end }}
  periodSeconds: 5
# Whoever sends queries here by way of a Service hears only after a moment that this agent is about to end.
lifecycle: {preStop: {sleep: {seconds: 5}}}
securityContext:
  {{- include "sluice.securityContext" (dict "add" (ternary (list "NET_BIND_SERVICE") nil $nodelocal)) | nindent 2 }}
resources:
  {{- toYaml .Values.agent.resources | nindent 2 }}
volumeMounts:
  - {{ include "sluice.tokenMount" . }}
  - {name: config, mountPath: /etc/sluice/config, readOnly: true}
  - {name: state, mountPath: /var/lib/sluice}
  {{- if .Values.agent.tls.secretName }}
  - {name: tls, mountPath: /etc/sluice/tls, readOnly: true}
  {{- end }}
  {{- if .Values.upstream.tls.caConfigMap }}
  - {name: upstream, mountPath: /etc/sluice/upstream, readOnly: true}
  {{- end }}
  {{- range $name, $volume := .Values.agent.extraVolumes }}
  - {name: {{ $name }}, mountPath: {{ $volume.mountPath }}, readOnly: true}
  {{- end }}
{{- end -}}

{{- /* Addresses and NOTRACK rules of the node: the only container with NET_ADMIN, and the only one that is root. It stays,
       to put back what somebody else flushed. Its command is hold or withdraw. */ -}}
{{- define "sluice.netsetup" -}}
name: netsetup
image: {{ include "sluice.image" (dict "root" .root "image" .root.Values.nodeLocal.setup.image) }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
args: [{{ .command }}]
env:
  - {name: ADDRESSES, value: {{ include "sluice.addresses" .root | fromJsonArray | join " " | quote }}}
  - {name: PORTS, value: "53 853"}
{{- if eq .command "hold" }}
restartPolicy: Always
startupProbe:
  exec: {command: [/netsetup, check]}
  periodSeconds: 1
  failureThreshold: 30
{{- else }}
readinessProbe:
  exec: {command: [/netsetup, check-withdrawn]}
{{- end }}
securityContext:
  runAsNonRoot: false
  runAsUser: 0
  {{- include "sluice.securityContext" (dict "add" (list "NET_ADMIN")) | nindent 2 }}
resources:
  {{- toYaml .root.Values.nodeLocal.setup.resources | nindent 2 }}
{{- end -}}

{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}
{{- /* The agents' sluice.yaml, before agent.config is merged over it. */ -}}
{{- define "sluice.agentDefaults" -}}
{{- $tls := .Values.agent.tls.secretName -}}
workers: {{ .Values.agent.workers }}
clusterDomain: {{ .Values.clusterDomain }}
{{- with .Values.clusterCIDRs }}
clusterCIDRs: {{ toJson . }}
{{- end }}
listeners:
{{- range $i, $address := include "sluice.addresses" . | fromJsonArray }}
- {name: udp-{{ $i }}, protocol: UDP, address: {{ $address | quote }}, port: {{ include "sluice.dnsPort" $ }}}
- {name: tcp-{{ $i }}, protocol: TCP, address: {{ $address | quote }}, port: {{ include "sluice.dnsPort" $ }}}
{{- if $tls }}
- name: tls-{{ $i }}
  protocol: TLS
  address: {{ $address | quote }}
  port: {{ include "sluice.tlsPort" $ }}
  tls: {certificateFile: /etc/sluice/tls/tls.crt, privateKeyFile: /etc/sluice/tls/tls.key}
{{- end }}
{{- end }}
upstreams:
- name: cluster
  transport: {{ .Values.upstream.transport }}
  {{- with .Values.upstream }}
  endpoints: [{address: {{ .address | quote }}{{ with .port }}, port: {{ . }}{{ end }}}]
  {{- if eq .transport "TLS" }}
  tls:
    serverName: {{ required "upstream.tls.serverName is needed with upstream.transport TLS" .tls.serverName }}
    {{- if .tls.caConfigMap }}
    caFile: /etc/sluice/upstream/ca.crt
    {{- end }}
  {{- end }}
  {{- end }}
identity: {unknownClient: {{ .Values.agent.unknownClient }}}
kubernetes: {snapshotFile: /var/lib/sluice/snapshot}
lists: {cacheDirectory: /var/lib/sluice/lists}
log: {level: info, format: json}
admin: {address: {{ include "sluice.adminAddress" . | quote }}, port: {{ .Values.metrics.port }}}
{{- end -}}

{{- define "sluice.agentConfig" -}}
{{- mergeOverwrite (include "sluice.agentDefaults" . | fromYaml) (deepCopy .Values.agent.config) | toYaml -}}
{{- end -}}

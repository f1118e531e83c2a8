{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}

{{- define "sluice.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 48 | trimSuffix "-" -}}
{{- end -}}

{{- /* For (dict "root" $ "component" "agent"). */ -}}
{{- define "sluice.selectorLabels" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "sluice.labels" -}}
{{ include "sluice.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: sluice
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* name, namespace and labels of an object; (dict "root" $ "component" "agent" "suffix" "-x" "cluster" true). */ -}}
{{- define "sluice.metadata" -}}
name: {{ include "sluice.fullname" .root }}-{{ .component }}{{ .suffix }}
{{- if not .cluster }}
namespace: {{ .root.Release.Namespace }}
{{- end }}
labels:
  {{- include "sluice.labels" . | nindent 2 }}
{{- end -}}

{{- /* For (dict "root" $ "image" .Values.image). */ -}}
{{- define "sluice.image" -}}
{{ .image.repository }}
{{- if .image.digest }}@{{ .image.digest }}{{ else }}:{{ default .root.Chart.AppVersion .image.tag }}{{ end }}
{{- end -}}

{{- define "sluice.agentAccount" -}}
{{ default (printf "%s-agent" (include "sluice.fullname" .)) .Values.serviceAccount.agentName }}
{{- end -}}

{{- define "sluice.controllerAccount" -}}
{{ default (printf "%s-controller" (include "sluice.fullname" .)) .Values.serviceAccount.controllerName }}
{{- end -}}

{{- define "sluice.webhookEnabled" -}}
{{- if and .Values.controller.enabled .Values.webhook.enabled }}true{{ end -}}
{{- end -}}

{{- define "sluice.webhookSecret" -}}
{{ default (printf "%s-webhook" (include "sluice.fullname" .)) .Values.webhook.certificate.secretName }}
{{- end -}}

{{- /* What every container of ours may do: nothing. Port 53 needs (dict "add" (list "NET_BIND_SERVICE")). */ -}}
{{- define "sluice.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
  {{- with .add }}
  add: {{ toJson . }}
  {{- end }}
{{- end -}}

{{- define "sluice.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- /* The account's token by hand, because the account mounts none by itself: who adds a container decides anew. */ -}}
{{- define "sluice.tokenVolume" -}}
name: token
projected:
  defaultMode: 0440
  sources:
  - serviceAccountToken: {path: token, expirationSeconds: 3600}
  - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}
  - downwardAPI: {items: [{path: namespace, fieldRef: {fieldPath: metadata.namespace}}]}
{{- end -}}

{{- define "sluice.tokenMount" -}}
{name: token, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}
{{- end -}}

{{- /* Addresses that an agent listens on, as JSON. */ -}}
{{- define "sluice.addresses" -}}
{{- if eq .Values.shape "nodelocal" -}}
{{- compact (list .Values.nodeLocal.address .Values.nodeLocal.clusterDNS) | toJson -}}
{{- else -}}
{{- list .Values.service.listenAddress | toJson -}}
{{- end -}}
{{- end -}}

{{- /* Behind a Service, ports that need no capability; on the node, the ones that clients know. */ -}}
{{- define "sluice.dnsPort" -}}
{{- ternary 53 5353 (eq .Values.shape "nodelocal") -}}
{{- end -}}
{{- define "sluice.tlsPort" -}}
{{- ternary 853 8853 (eq .Values.shape "nodelocal") -}}
{{- end -}}

{{- /* On a node, metrics stay on loopback until somebody scrapes them: there, no NetworkPolicy protects them. */ -}}
{{- define "sluice.adminAddress" -}}
{{- $hidden := and (eq .Values.shape "nodelocal") (not .Values.metrics.podMonitor.enabled) -}}
{{ ternary "127.0.0.1" .Values.service.listenAddress $hidden }}
{{- end -}}

{{- /* Probes by HTTP: a node that is busy with DNS must not lose its cache. For (dict "root" $ "path" "/livez"). */ -}}
{{- define "sluice.probe" -}}
httpGet: {path: {{ .path }}, port: {{ .root.Values.metrics.port }}{{ with .host }}, host: {{ . }}{{ end }}}
{{- end -}}

{{- define "sluice.checksum" -}}
{{ . | sha256sum | trunc 16 | quote }}
{{- end -}}

{{- define "sluice.kinds" -}}
[clusterdnsfilters, clusterdomainlists, dnsfilters, dnstenants, dnsupstreams, domainlists]
{{- end -}}

{{- define "sluice.statuses" -}}
{{- regexReplaceAll "[a-z]+" (include "sluice.kinds" .) "${0}/status" -}}
{{- end -}}

{{- define "sluice.agentSubjects" -}}
[{kind: ServiceAccount, name: {{ include "sluice.agentAccount" . }}, namespace: {{ .Release.Namespace }}}]
{{- end -}}

{{- define "sluice.controllerSubjects" -}}
[{kind: ServiceAccount, name: {{ include "sluice.controllerAccount" . }}, namespace: {{ .Release.Namespace }}}]
{{- end -}}

{{- /* SPDX-License-Identifier: Apache-2.0 */ -}}
{{- /* The controller's controller.yaml, before controller.config is merged over it. */ -}}
{{- define "sluice.controllerDefaults" -}}
clusterDomain: {{ .Values.clusterDomain }}
lease: {namespace: {{ .Release.Namespace }}, name: {{ include "sluice.fullname" . }}-controller}
{{- if include "sluice.webhookEnabled" . }}
webhook:
  address: {{ .Values.service.listenAddress | quote }}
  port: {{ .Values.webhook.port }}
  {{- if eq .Values.webhook.certificate.source "SelfSigned" }}
  selfSigned:
    secretName: {{ include "sluice.webhookSecret" . }}
    configurationName: {{ include "sluice.fullname" . }}-validating
    serverName: {{ include "sluice.fullname" . }}-webhook.{{ .Release.Namespace }}.svc
  {{- else }}
  tls: {certificateFile: /etc/sluice/webhook/tls.crt, privateKeyFile: /etc/sluice/webhook/tls.key}
  {{- end }}
{{- end }}
log: {level: info, format: json}
admin: {address: {{ .Values.service.listenAddress | quote }}, port: {{ .Values.metrics.port }}}
{{- end -}}

{{- define "sluice.controllerConfig" -}}
{{- mergeOverwrite (include "sluice.controllerDefaults" . | fromYaml) (deepCopy .Values.controller.config) | toYaml -}}
{{- end -}}

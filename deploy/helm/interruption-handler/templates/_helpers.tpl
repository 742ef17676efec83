{{- define "interruption-handler.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "interruption-handler.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "interruption-handler.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "interruption-handler.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "interruption-handler.labels" -}}
{{ include "interruption-handler.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "interruption-handler.webhookSecretName" -}}
{{- if .Values.webhookURLSecretName -}}
{{- .Values.webhookURLSecretName -}}
{{- else if .Values.webhookURL -}}
{{- printf "%s-webhook" (include "interruption-handler.fullname" .) -}}
{{- end -}}
{{- end -}}

{{- define "interruption-handler.notices" -}}
{{- $notices := list -}}
{{- if .Values.enableSpotInterruptionDraining }}{{ $notices = append $notices "spot" }}{{ end -}}
{{- if or .Values.enableRebalanceMonitoring .Values.enableRebalanceDraining }}{{ $notices = append $notices "rebalance" }}{{ end -}}
{{- if .Values.enableScheduledEventDraining }}{{ $notices = append $notices "maintenance" }}{{ end -}}
{{- if .Values.enableASGLifecycleDraining }}{{ $notices = append $notices "scale-in" }}{{ end -}}
{{- if not $notices }}{{ fail "enable at least one of enableSpotInterruptionDraining, enableScheduledEventDraining, enableASGLifecycleDraining, enableRebalanceMonitoring, enableRebalanceDraining" }}{{ end -}}
{{- join "," $notices -}}
{{- end -}}

{{- /* One variable from a key of a Secret: secret, key, variable. */ -}}
{{- define "interruption-handler.fromSecret" -}}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
      optional: true
{{- end -}}

{{- define "penstock.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "penstock.fullname" -}}
{{- $name := include "penstock.name" . }}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) }}
{{- .Values.fullnameOverride | default $full | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "penstock.selector" -}}
app.kubernetes.io/name: {{ include "penstock.name" . }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: router
{{- end }}

{{- define "penstock.labels" -}}
{{ include "penstock.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end }}

{{- /* The simulated engines' own component, so that no selector of the router's takes their pods. */ -}}
{{- define "penstock.engines.selector" -}}
{{ include "penstock.selector" . | replace "component: router" "component: simulated-engines" }}
{{- end }}

{{- define "penstock.image" -}}
{{- with .Values.image }}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{- define "penstock.serviceAccount" -}}
{{- $own := ternary (include "penstock.fullname" .) "default" .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default $own }}
{{- end }}

{{- define "penstock.configMap" -}}
{{- .Values.existingConfigMap.name | default (printf "%s-config" (include "penstock.fullname" .)) }}
{{- end }}

{{- define "penstock.servicePort" -}}
{{- $tls := (include "penstock.server" . | fromYaml).tls }}
{{- .Values.service.port | default (ternary 443 80 $tls) }}
{{- end }}

{{- define "penstock.portName" -}}
{{- ternary "https" "http" (include "penstock.server" . | fromYaml).tls }}
{{- end }}

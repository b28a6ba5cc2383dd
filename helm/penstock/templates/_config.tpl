{{- /* The text of the route file. */ -}}
{{- define "penstock.config" -}}
{{- if .Values.configFile }}
{{- .Values.configFile }}
{{- else }}
{{- $config := deepCopy .Values.config }}
{{- if and .Values.tls.secretName (not (dig "server" "tls" dict $config)) }}
{{- $tls := dict "certificate" "/etc/penstock/tls/tls.crt" "key" "/etc/penstock/tls/tls.key" }}
{{- $_ := set $config "server" (merge (dict "tls" $tls) ($config.server | default dict)) }}
{{- end }}
{{- toYaml $config }}
{{- end }}
{{- end }}

{{- /* What the manifests need to know of it: ports, whether there is TLS, seconds from SIGTERM to the end. */ -}}
{{- define "penstock.server" -}}
{{- $file := include "penstock.config" . | fromYaml }}
{{- if hasKey $file "Error" }}
{{- fail (printf "configFile is no YAML: %s" $file.Error) }}
{{- end }}
{{- $server := $file.server | default dict }}
{{- range $key := list "host" "adminHost" }}
{{- if or (hasPrefix "127." (get $server $key)) (has (get $server $key) (list "localhost" "::1")) }}
{{- fail (printf "config.server.%s is %s, where no probe and nobody else reaches the pod" $key (get $server $key)) }}
{{- end }}
{{- end }}
{{- $settle := include "penstock.seconds" ($server.settleTime | default "5s") | int }}
{{- $drain := include "penstock.seconds" ($server.drainTimeout | default "30s") | int }}
port: {{ $server.port | default 8080 | int }}
adminPort: {{ $server.adminPort | default 9090 | int }}
tls: {{ not (empty $server.tls) }}
endSeconds: {{ add $settle $drain }}
{{- end }}

{{- /* A duration of the configuration in seconds, rounded up. */ -}}
{{- define "penstock.seconds" -}}
{{- $text := toString . }}
{{- $number := regexFind "^[0-9]+" $text | int }}
{{- $units := dict "ms" 0.001 "s" 1 "m" 60 "h" 3600 }}
{{- $unit := regexReplaceAll "^[0-9]+" $text "" }}
{{- if not (and (regexMatch "^[0-9]+" $text) (hasKey $units $unit)) }}
{{- fail (printf "config.server: %s is no duration; write a whole number and ms, s, m or h" $text) }}
{{- end }}
{{- mulf $number (get $units $unit) | ceil | int }}
{{- end }}

{{- /* Of the keys that a running router does not take: pods are replaced when one of them changes, and only then. */ -}}
{{- define "penstock.restartChecksum" -}}
{{- $config := include "penstock.config" . | fromYaml }}
{{- $server := omit ($config.server | default dict) "settleTime" "drainTimeout" "accessLog" }}
{{- $tracing := omit ($config.tracing | default dict) "sampling" }}
{{- $rest := omit $config "server" "tracing" "pools" "routes" "access" "tokenizers" }}
{{- list $server $tracing $rest | toJson | sha256sum | trunc 16 }}
{{- end }}

{{- define "penstock.graceSeconds" -}}
{{- $needed := add .Values.preStopSeconds (include "penstock.server" . | fromYaml).endSeconds 10 | int }}
{{- $given := .Values.terminationGracePeriodSeconds | int }}
{{- if and $given (lt $given $needed) }}
{{- fail (printf "terminationGracePeriodSeconds is %d, but preStopSeconds, settleTime, drainTimeout and 10 s more are %d: streams would be killed" $given $needed) }}
{{- end }}
{{- $given | default $needed }}
{{- end }}

{{- /* What discovery by the Kubernetes API reads: resources by namespace, as the configuration or discovery.kubernetes says. */ -}}
{{- define "penstock.reads" -}}
{{- $reads := dict }}
{{- range $pool := (include "penstock.config" . | fromYaml).pools }}
{{- range $group := list $pool $pool.prefill $pool.decode }}
{{- $from := (($group | default dict).discovery | default dict).kubernetes | default dict }}
{{- range $namespace := ternary (list $.Release.Namespace) $from.namespaces (empty $from.namespaces) }}
{{- range $key, $resource := dict "service" "endpointslices" "selector" "pods" }}
{{- if hasKey $from $key }}
{{- $_ := set $reads $namespace (append (get $reads $namespace | default list) $resource | uniq) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.discovery.kubernetes }}
{{- if .enabled }}
{{- range $namespace := .namespaces | default (list $.Release.Namespace) }}
{{- $_ := set $reads $namespace (list "endpointslices" "pods") }}
{{- end }}
{{- end }}
{{- end }}
{{- toYaml $reads }}
{{- end }}

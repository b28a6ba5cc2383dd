{{- /* Options of the JVM that follow from the container's resources. */ -}}
{{- define "penstock.javaOptions" -}}
{{- $options := list }}
{{- if dig "limits" "memory" "" .Values.resources }}
{{- $options = append $options (printf "-XX:MaxRAMPercentage=%d" (int .Values.java.heapPercent)) }}
{{- end }}
{{- with include "penstock.processors" . }}
{{- $options = append $options (printf "-XX:ActiveProcessorCount=%s" .) }}
{{- end }}
{{- join " " (concat $options .Values.java.options) }}
{{- end }}

{{- /* The JVM knows of a CPU limit; of a request it does not, and would take every core of the node for its own. */ -}}
{{- define "penstock.processors" -}}
{{- if .Values.java.processors }}
{{- .Values.java.processors }}
{{- else if not (dig "limits" "cpu" "" .Values.resources) }}
{{- with dig "requests" "cpu" "" .Values.resources }}
{{- $cpu := toString . }}
{{- $cores := ternary (divf (trimSuffix "m" $cpu) 1000) (float64 $cpu) (hasSuffix "m" $cpu) }}
{{- max 1 (ceil $cores | int) }}
{{- end }}
{{- end }}
{{- end }}

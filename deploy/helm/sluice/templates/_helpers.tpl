{{- define "sluice.name" -}}
{{- if contains "sluice" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-sluice" (.Release.Name | trunc 33 | trimSuffix "-") }}{{ end }}
{{- end }}

{{/* Of all that is one service's: (list . "writer") */}}
{{- define "sluice.selector" -}}
app.kubernetes.io/name: sluice
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 | kebabcase }}
{{- end }}

{{- define "sluice.labels" -}}
{{ include "sluice.selector" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ (index . 0).Chart.Name }}-{{ (index . 0).Chart.Version }}
{{- end }}

{{- define "sluice.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "sluice.serviceAccount" -}}
{{- $own := index (index . 0).Values (index . 1) }}
{{- $own.serviceAccount.name | default (printf "%s-%s" (include "sluice.name" (index . 0)) (index . 1 | kebabcase)) }}
{{- end }}

{{/* What cannot run is refused before anything is made. */}}
{{- define "sluice.check" -}}
{{- $tls := or .Values.tls.existingSecret .Values.tls.services.existingSecret }}
{{- if and $tls .Values.insecure }}
{{- fail "cannot render: a Secret of tls and insecure are both set (the OTLP ports speak either TLS or plain text: keep one)" }}
{{- end }}
{{- if not (or $tls .Values.insecure) }}
{{- fail "cannot render: neither tls.existingSecret, tls.services.existingSecret nor insecure is set (name a Secret with certificate and key for the OTLP ports or for all, or say insecure: true)" }}
{{- end }}
{{- include "sluice.checkWriters" . }}
{{- if .Values.flightSql.enabled }}
{{- range $key := list "warehouse" "catalog.uri" }}
{{- if not (or (hasKey $.Values.writer.settings $key) (hasKey $.Values.settings $key) (hasKey $.Values.writer.settingsFromSecrets $key)) }}
{{- fail (printf "cannot render: flightSql.enabled, and writer.settings has no %s (the tables are on the Writer's own volume, which nobody else can read)" $key) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $where, $settings := dict "settings" .Values.settings "writer.settings" .Values.writer.settings "acceptor.settings" .Values.acceptor.settings "flightSql.settings" .Values.flightSql.settings "writer.settingsFromSecrets" .Values.writer.settingsFromSecrets "acceptor.settingsFromSecrets" .Values.acceptor.settingsFromSecrets "flightSql.settingsFromSecrets" .Values.flightSql.settingsFromSecrets }}
{{- range $key, $value := $settings }}
{{- if has $key (include "sluice.ownSettings" $ | fromYamlArray) }}
{{- fail (printf "cannot render: %s in %s (the chart sets it: leave it out)" $key $where) }}
{{- end }}
{{- if and (eq $key "access.file") $.Values.access.existingSecret }}
{{- fail (printf "cannot render: access.file in %s, and access.existingSecret (keep one)" $where) }}
{{- end }}
{{- if and (eq $key "tls.client-certificates") (ne (toString $value) "false") }}
{{- fail (printf "cannot render: tls.client-certificates in %s (a kubelet's probes show no certificate; tell callers by access.existingSecret)" $where) }}
{{- end }}
{{- if and (not (hasSuffix "FromSecrets" $where)) (or (regexMatch "password|secret|token|credential" $key) (regexMatch "password[^=]*=|//[^/@]*:[^/@]*@" (toString $value))) }}
{{- fail (printf "cannot render: %s in %s (put it into a Secret, and name that in settingsFromSecrets)" $key $where) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "sluice.checkWriters" -}}
{{- $writer := .Values.writer }}
{{- $replicas := int $writer.replicas }}
{{- $factor := int $writer.replicationFactor }}
{{- if and (ne $replicas 1) (lt $replicas 3) }}
{{- fail (printf "cannot render: writer.replicas is %d (1, or 3 and more: two Writers bear no loss)" $replicas) }}
{{- end }}
{{- if lt $replicas $factor }}
{{- fail (printf "cannot render: writer.replicationFactor is %d, writer.replicas is %d (three copies need three Writers; to try Sluice with one: writer.replicationFactor 1)" $factor $replicas) }}
{{- end }}
{{- if and $writer.zones (ne (len $writer.zones) $replicas) }}
{{- fail (printf "cannot render: writer.zones has %d, writer.replicas is %d (name the zone of each Writer, or none)" (len $writer.zones) $replicas) }}
{{- end }}
{{- if gt $replicas 1 }}
{{- range $key := list "warehouse" "catalog.uri" }}
{{- if not (or (hasKey $writer.settings $key) (hasKey $.Values.settings $key) (hasKey $writer.settingsFromSecrets $key)) }}
{{- fail (printf "cannot render: writer.replicas is %d, and writer.settings has no %s (several Writers need one that all of them reach; to try Sluice without: writer.replicas 1, writer.replicationFactor 1)" $replicas $key) }}
{{- end }}
{{- end }}
{{- end }}
{{- with (lookup "apps/v1" "StatefulSet" .Release.Namespace (printf "%s-writer" (include "sluice.name" .))) }}
{{- $was := .metadata.annotations | default dict }}
{{- $wasFactor := get $was "sluice.io/replication-factor" | default "1" | int }}
{{- $wasLogs := get $was "sluice.io/logs" | default "1" | int }}
{{- $wasReplicas := int .spec.replicas }}
{{- if ne $factor $wasFactor }}
{{- fail (printf "cannot upgrade: writer.replicationFactor is %d, this release was installed with %d (it cannot be changed: docs/kubernetes.md says how to begin anew)" $factor $wasFactor) }}
{{- end }}
{{- if ne (include "sluice.logs" $ | int) $wasLogs }}
{{- fail (printf "cannot upgrade: writer.logs is %s, this release was installed with %d (it cannot be changed: docs/kubernetes.md says how to begin anew)" (include "sluice.logs" $) $wasLogs) }}
{{- end }}
{{- if or (lt $replicas $wasReplicas) (and (eq $factor 1) (ne $replicas $wasReplicas)) }}
{{- fail (printf "cannot upgrade: writer.replicas is %d, this release has %d (Writers have logs that no other has; with writer.replicationFactor 3 there may be more, never fewer)" $replicas $wasReplicas) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "sluice.logs" -}}
{{- .Values.writer.logs | default (eq (int .Values.writer.replicationFactor) 3 | ternary 3 .Values.writer.replicas) | int }}
{{- end }}

{{/* Settings that follow from what else is in this chart. */}}
{{- define "sluice.ownSettings" -}}
- acceptor.admin.port
- acceptor.drain
- bind-address
- config
- data
- flight-sql.admin.port
- flight-sql.port
- flight.port
- insecure
- logs
- otlp.grpc.port
- otlp.http.port
- otlp.tls.certificate
- otlp.tls.key
- raft.port
- replication-factor
- stop-on-stdin-close
- tls.ca
- tls.certificate
- tls.key
- writer.admin.port
- writer.id
- writers
- writers.zones
{{- end }}

{{/* Components that there are, by their names in values. */}}
{{- define "sluice.components" -}}
- writer
- acceptor
{{- if .Values.flightSql.enabled }}
- flightSql
{{- end }}
{{- end }}

{{/* Of the Writers' settings, or of what is in their Secrets, those that say where the tables are. */}}
{{- define "sluice.tables" -}}
{{- range $key, $value := . }}
{{- if regexMatch "^(warehouse|catalog[.].+|s3[.].+|promote[.].+)$" $key }}
{{ dict $key $value | toYaml }}
{{- end }}
{{- end }}
{{- end }}

{{/*
Of all services, and of this one, which wins: (list . "writer"). YAML's numbers are floats to Helm,
which would write four million as 4e+06.
*/}}
{{- define "sluice.given" -}}
{{- $own := index (index . 0).Values (index . 1) }}
{{- $all := dict }}
{{- $tables := dict }}
{{- if eq (index . 1) "flightSql" }}
{{- $tables = include "sluice.tables" (index . 0).Values.writer.settings | fromYaml }}
{{- end }}
{{- range $settings := list (index . 0).Values.settings $tables $own.settings }}
{{- range $key, $value := $settings }}
{{- $_ := set $all $key (kindIs "float64" $value | ternary (int64 $value) $value | toString) }}
{{- end }}
{{- end }}
{{- range $key, $value := $all }}
{{ $key }}: {{ $value | quote }}
{{- end }}
{{- end }}

{{- define "sluice.writer.yaml" -}}
bind-address: "*"
data: /var/lib/sluice
flight.port: "8815"
{{- include "sluice.security" . }}
{{- include "sluice.cluster" . }}
raft.port: "8816"
writer.admin.port: "4320"
{{- if or (gt (int .Values.writer.replicas) 1) .Values.tls.services.existingSecret }}
writers: {{ include "sluice.writers" . }}
{{- end }}
{{- include "sluice.given" (list . "writer") }}
{{- end }}

{{- define "sluice.acceptor.yaml" -}}
acceptor.admin.port: "4319"
acceptor.drain: {{ printf "%ds" (int .Values.acceptor.drainSeconds) }}
bind-address: "*"
{{- include "sluice.security" . }}
{{- include "sluice.cluster" . }}
otlp.grpc.port: "4317"
otlp.http.port: "4318"
{{- with .Values.tls.existingSecret }}
otlp.tls.certificate: /etc/sluice/tls/tls.crt
otlp.tls.key: /etc/sluice/tls/tls.key
{{- end }}
writers: {{ include "sluice.writers" . }}
{{- include "sluice.given" (list . "acceptor") }}
{{- end }}

{{- define "sluice.flightSql.yaml" -}}
bind-address: "*"
flight-sql.admin.port: "4321"
flight-sql.port: "32010"
{{- include "sluice.security" . }}
{{- include "sluice.cluster" . }}
writers: {{ include "sluice.writers" . }}
{{- include "sluice.given" (list . "flightSql") }}
{{- end }}

{{/* Who is who, of all services. Without all of it Sluice wants the word that its network may be trusted. */}}
{{- define "sluice.security" }}
{{- with .Values.access.existingSecret }}
access.file: /etc/sluice/access/access.yaml
service.token-file: /etc/sluice/access/service-token
{{- end }}
{{- if not (and .Values.access.existingSecret .Values.tls.services.existingSecret) }}
# connections between pods are plain, or all who reach a port may use it: the network policy keeps others away
insecure: "true"
{{- end }}
{{- with .Values.tls.services.existingSecret }}
tls.ca: /etc/sluice/services/ca.crt
tls.certificate: /etc/sluice/services/tls.crt
tls.key: /etc/sluice/services/tls.key
{{- end }}
{{- end }}

{{/* The Secrets of it, in a container. */}}
{{- define "sluice.securityMounts" }}
{{- if .Values.tls.services.existingSecret }}
- name: services-tls
  mountPath: /etc/sluice/services
  readOnly: true
{{- end }}
{{- if .Values.access.existingSecret }}
- name: access
  mountPath: /etc/sluice/access
  readOnly: true
{{- end }}
{{- end }}

{{/* The same of a pod. Files are mounted whole, so that new ones are seen. */}}
{{- define "sluice.securityVolumes" }}
{{- with .Values.tls.services }}
{{- if .existingSecret }}
- name: services-tls
  secret:
    secretName: {{ .existingSecret }}
    defaultMode: 0440
    items:
      - key: {{ .certificateKey }}
        path: tls.crt
      - key: {{ .privateKeyKey }}
        path: tls.key
      - key: {{ .authorityKey }}
        path: ca.crt
{{- end }}
{{- end }}
{{- with .Values.access }}
{{- if .existingSecret }}
- name: access
  secret:
    secretName: {{ .existingSecret }}
    defaultMode: 0440
    items:
      - key: {{ .fileKey }}
        path: access.yaml
      - key: {{ .serviceTokenKey }}
        path: service-token
{{- end }}
{{- end }}
{{- end }}

{{/* What all services have to be told alike, beside where the Writers are. */}}
{{- define "sluice.cluster" }}
logs: {{ include "sluice.logs" . | quote }}
replication-factor: {{ .Values.writer.replicationFactor | int | quote }}
{{- with .Values.writer.zones }}
writers.zones: {{ join "," . | quote }}
{{- end }}
{{- end }}

{{/* Each Writer by its own name, which stays its own wherever it is started. */}}
{{- define "sluice.writers" -}}
{{- $name := include "sluice.name" . }}
{{- range $index := until (int .Values.writer.replicas) }}
{{- if $index }},{{ end }}{{ $name }}-writer-{{ $index }}.{{ $name }}-writer:8815
{{- end }}
{{- end }}

{{- define "sluice.env" -}}
{{- $own := index (index . 0).Values (index . 1) -}}
- name: SLUICE_CONFIG
  value: /etc/sluice/settings/sluice.yaml
{{- if eq (index . 1) "writer" }}
- name: SLUICE_WRITER_ID
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- end }}
{{- $tables := dict }}
{{- if eq (index . 1) "flightSql" }}
{{- $tables = include "sluice.tables" (index . 0).Values.writer.settingsFromSecrets | fromYaml }}
{{- end }}
{{- range $key, $from := merge (dict) $own.settingsFromSecrets $tables }}
- name: SLUICE_{{ $key | upper | replace "." "_" | replace "-" "_" }}
  valueFrom:
    secretKeyRef:
      name: {{ $from.secret }}
      key: {{ $from.key }}
{{- end }}
{{- with $own.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Of the pods of all. */}}
{{- define "sluice.pod" -}}
{{- $own := index (index . 0).Values (index . 1) -}}
serviceAccountName: {{ include "sluice.serviceAccount" . }}
# Nothing in here asks the API server; a web identity's token is mounted by itself.
automountServiceAccountToken: false
# Kubernetes' variables of services sluice-* look like settings.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with (index . 0).Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $own.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $own.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $own.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: {{ and (eq (index . 1) "writer") (gt (int $own.replicas) 1) | ternary ($own.zoneSpread | default "") "ScheduleAnyway" }}
    labelSelector:
      matchLabels:
        {{- include "sluice.selector" . | nindent 8 }}
{{- end }}

{{- define "sluice.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Both start within seconds, and answer here from then on, whatever they wait for. A kubelet does not look at the certificate. */}}
{{- define "sluice.liveness" -}}
startupProbe:
  httpGet:
    path: /livez
    port: admin
    {{- if .Values.tls.services.existingSecret }}
    scheme: HTTPS
    {{- end }}
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 150
livenessProbe:
  httpGet:
    path: /livez
    port: admin
    {{- if .Values.tls.services.existingSecret }}
    scheme: HTTPS
    {{- end }}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end }}

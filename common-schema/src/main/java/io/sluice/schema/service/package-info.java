/**
 * What both services are started, watched and stopped with: settings, exit codes, shutdown, meters.
 * Knows nothing of rows.
 *
 * <pre>
 * Launch            main(): settings in, exit code out
 * Settings          flag over SLUICE_* over sluice.yaml over default; all problems at once
 * CommonSettings    what both services need to know
 * ShutdownSignal    SIGTERM, a closed stdin or a part that died, as one await()
 * Closer            closes in reverse, the first failure wins
 * Telemetry         meters, which the admin pages show
 * </pre>
 */
package io.sluice.schema.service;

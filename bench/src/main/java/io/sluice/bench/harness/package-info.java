/**
 * Faults on real processes: a Writer and an Acceptor on a directory of their own, scenarios that
 * hurt them under load, and the audit that says what came of it.
 *
 * <pre>
 * SluiceBox        the two processes, their ports, their directory
 * ServiceProcess   one of them: start, await ready, stop, kill; that it ends by itself is a fault
 * LoadRun          the load beside, which fails when it hangs
 * Scenario         what is done to them; KillService, QueriesUnderLoad
 * Round            load, scenario, audit, and what is not as it must be
 * KillRounds       main: many rounds, one line each
 * </pre>
 */
@NullMarked
package io.sluice.bench.harness;

import org.jspecify.annotations.NullMarked;

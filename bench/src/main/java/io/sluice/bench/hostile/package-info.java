/**
 * Clients that mean no good, beside honest ones: what they can do to them.
 *
 * <pre>
 * SlowKind         what a connection sends at once, and then bit by bit
 * SlowConnections  thousands of these, on one thread
 * Payloads         bodies that are small and become large, or are none
 * Shot             a whole request of that sort, over HTTP or gRPC
 * Bombardment      shots at a steady pace
 * Attack           both together
 * AttackReport     what was done, and how it was answered
 * AcceptorWatch    the Acceptor's memory, threads and bytes in flight meanwhile
 * HonestLoad       clients that others must not hurt, and their latencies
 * HostileRun       quiet, attacked, quiet again
 * </pre>
 */
@NullMarked
package io.sluice.bench.hostile;

import org.jspecify.annotations.NullMarked;

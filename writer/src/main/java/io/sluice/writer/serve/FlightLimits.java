package io.sluice.writer.serve;

import io.sluice.schema.port.ConnectionLimits;
import io.sluice.schema.service.Parsers;
import io.sluice.schema.service.Settings;
import java.time.Duration;

/**
 * What clients of the Flight port may ask for, one and all of them. There is no most age of a
 * connection: Acceptors and followers keep their streams for as long as they live.
 *
 * @param connections at once
 * @param callsOfConnection at once: an Acceptor's one connection has a stream for each log, tenant
 *     and table
 * @param reads open at once, of all callers; each holds a thread, and if its reader is slow about
 *     10 MiB, or less where many are open
 * @param readsOfCaller the same of one
 * @param handshake until when TLS must have begun
 * @param known until when a new connection must have made a call of somebody who is known
 * @param idle without a call, after which a client is asked to reconnect when it has one
 * @param taken until when an answer must have been taken that is no stream of rows
 * @param ping after which silence a client is pinged, and until when it must have answered
 */
public record FlightLimits(
    int connections,
    int callsOfConnection,
    int reads,
    int readsOfCaller,
    Duration handshake,
    Duration known,
    Duration idle,
    Duration taken,
    Duration ping) {

  private static final int LEAST_RESETS = 64;
  private static final Duration HANDSHAKE = Duration.ofSeconds(20);
  private static final Duration KNOWN = Duration.ofSeconds(30);
  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final Duration TAKEN = Duration.ofMinutes(1);
  private static final Duration PING = Duration.ofMinutes(1);

  /** Actions that wait, such as a flush: each holds a thread. */
  static final int ACTIONS = 32;

  /** Beside reads and actions, which wait, all else is short. */
  private static final int OTHER_THREADS = 64;

  public FlightLimits(int connections, int callsOfConnection, int reads, int readsOfCaller) {
    this(connections, callsOfConnection, reads, readsOfCaller, HANDSHAKE, KNOWN, IDLE, TAKEN, PING);
  }

  /** Reads them; problems stay in the settings. */
  public static FlightLimits from(Settings settings) {
    int connections =
        settings.get(
            "flight.max-connections",
            "1024",
            Parsers.integer(1, 1_000_000),
            "connections to the Flight port at once; one more is closed");
    int calls =
        settings.get(
            "flight.max-calls-per-connection",
            "16384",
            Parsers.integer(1, 1_000_000),
            "calls of one connection at once; an Acceptor has one for each log, tenant and table");
    int reads =
        settings.get(
            "read.max-open",
            "512",
            Parsers.integer(1, 100_000),
            "reads of hot rows at once; one more is refused");
    int ofCaller =
        settings.get(
            "read.max-open-per-caller",
            "384",
            Parsers.integer(1, 100_000),
            "the same of one token, or, without tokens and for services, of one address");
    return new FlightLimits(connections, calls, reads, ofCaller);
  }

  /** Calls given up in a row: an Acceptor gives up all of a log when its leader is lost. */
  int resets() {
    return Math.max(LEAST_RESETS, callsOfConnection / 2);
  }

  int threads() {
    return reads + ACTIONS + OTHER_THREADS;
  }

  ConnectionLimits ofConnections() {
    return new ConnectionLimits(connections, Math.max(1, connections / 4), known, taken);
  }
}

package io.sluice.bench.harness;

import io.sluice.bench.audit.Ledger;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.LoadCredentials;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.bench.load.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A load that runs beside what is done to its target. Its own thread loads; one thread uses it. */
public final class LoadRun implements AutoCloseable {

  private static final Duration SLACK = Duration.ofMinutes(1);
  private static final Duration NEXT_ACK = Duration.ofMinutes(2);
  private static final long POLL_MILLIS = 20;

  private final LoadOptions options;
  private final Load load;
  private final Deadline end;
  private final Beside<LoadReport> running;

  private LoadRun(LoadOptions options, LoadCredentials credentials) {
    this.options = options;
    this.load = new Load(options, credentials, Timing.system(), null);
    this.end = Deadline.in(options.length().plus(options.grace()).plus(options.timeout()), SLACK);
    this.running = Beside.start("load", load::run);
  }

  public static LoadRun start(LoadOptions options) {
    return start(options, LoadCredentials.NONE);
  }

  /**
   * Starts it.
   *
   * @param credentials what is shown to the endpoint
   */
  public static LoadRun start(LoadOptions options, LoadCredentials credentials) {
    return new LoadRun(options, credentials);
  }

  public LoadOptions options() {
    return options;
  }

  /** Where it notes what it sent and what was acked. */
  public Path acks() {
    return Objects.requireNonNull(options.audit(), "the load has no audit file");
  }

  /** Returns when something was acked, so that there is something to lose. */
  public void awaitFirstAck() throws Exception {
    awaitAckBeyond(0);
  }

  /**
   * Returns when more was acked than that.
   *
   * @throws IOException the load failed, ended before, or gets no answer in time
   */
  void awaitAckBeyond(long records) throws Exception {
    Deadline nextAck = Deadline.in(NEXT_ACK, Duration.ZERO);
    while (acked() <= records) {
      @Nullable LoadReport report = running.poll();
      if (report != null && acked() <= records) {
        throw new IOException(
            "cannot go on: the load ended with %d records acked: %s"
                .formatted(report.acked(), report.lastError()));
      }
      nextAck.check("an ack beyond %d records".formatted(records));
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Records noted as acked so far. */
  long acked() throws IOException {
    return Files.exists(acks()) && Files.size(acks()) > 0 ? Ledger.read(acks()).ackedRecords() : 0;
  }

  /** Records acked so far, by the load's own count: cheap, and a moment ahead of its notes. */
  public long ackedNow() {
    return load.acked();
  }

  /** How long the oldest request has been under way, retries and all; 0 if none is. */
  public long waitingNanos() {
    return load.waitingNanos();
  }

  /** Throws what the load failed with, or that it should have ended by now. */
  public void check() throws Exception {
    if (running.poll() == null) {
      end.check("the load's end");
    }
  }

  /** Has it make nothing new. */
  public void finish() {
    load.finish();
  }

  /**
   * Waits for its end.
   *
   * @throws IOException it does not end in time
   */
  public LoadReport report() throws Exception {
    return running.await(end, "the load's end");
  }

  @Override
  public void close() {
    running.close();
  }
}

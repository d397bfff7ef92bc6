package io.sluice.bench.load;

import io.sluice.bench.audit.AckLog;
import io.sluice.bench.record.RunKeys;
import io.sluice.bench.record.Templates;
import io.sluice.query.export.Backoff;
import io.sluice.query.export.Exporter;
import io.sluice.query.export.GrpcExporter;
import io.sluice.query.export.HttpExporter;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A load run: lanes over real connections, a line of progress a second. */
public final class Load {

  private static final Duration CONNECTING = Duration.ofSeconds(2);
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final long PROGRESS_MILLIS = 1_000;

  private final LoadOptions options;
  private final LoadCredentials credentials;
  private final Timing timing;
  private final @Nullable PrintStream progress;
  private volatile boolean enough;
  private volatile long finishedNanos;
  private volatile long endNanos;
  private volatile List<Lane> running = List.of();

  /**
   * @param progress null = silent
   */
  public Load(LoadOptions options, Timing timing, @Nullable PrintStream progress) {
    this(options, LoadCredentials.NONE, timing, progress);
  }

  /**
   * @param credentials what is shown to the endpoint
   * @param progress null = silent
   */
  public Load(
      LoadOptions options,
      LoadCredentials credentials,
      Timing timing,
      @Nullable PrintStream progress) {
    this.options = options;
    this.credentials = credentials;
    this.timing = timing;
    this.progress = progress;
  }

  /**
   * Sends until the options' end and waits for the answers.
   *
   * @throws IOException the audit file cannot be written
   */
  public LoadReport run() throws IOException, InterruptedException {
    RunKeys keys = new RunKeys(options.run());
    Templates templates =
        Templates.of(
            options.signals(),
            options.batch(),
            options.seed(),
            timing.epochNanos(),
            options.variety());
    try (AckLog acks = AckLog.create(options.audit(), keys)) {
      List<Lane> lanes = new ArrayList<>();
      List<Exporter> exporters = new ArrayList<>();
      long began;
      Pacer pacer;
      try {
        for (int i = 0; i < options.connections(); i++) {
          exporters.add(exporter(i));
        }
        connect(exporters);
        began = timing.nanos();
        endNanos = began + options.length().toNanos();
        pacer = new Pacer(began, options.rate() / options.batch(), options.requests());
        Lane.Schedule schedule = new Lane.Schedule(timing, pacer, this::endNanos, options.grace());
        SplittableRandom jitter = new SplittableRandom(options.seed());
        for (Exporter exporter : exporters) {
          Backoff backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT, jitter.split());
          int lane = lanes.size();
          Turns turns = turns(lane);
          lanes.add(lane(turns, keys, templates.copy(), exporter, acks, backoff, schedule));
        }
        running = List.copyOf(lanes);
        runAll(lanes);
      } finally {
        exporters.forEach(Exporter::close);
      }
      for (Lane lane : lanes) {
        if (lane.failure() != null) {
          throw new IllegalStateException("cannot go on with the load", lane.failure());
        }
      }
      return LoadReport.of(
          (timing.nanos() - began) / 1e9,
          pacer.dueBefore(endNanos()),
          lanes.stream().map(Lane::stats).toList());
    }
  }

  /** All of them in no more time than one may take. */
  private void connect(List<Exporter> exporters) throws InterruptedException {
    long end = timing.nanos() + CONNECTING.toNanos();
    for (Exporter exporter : exporters) {
      exporter.connect(Duration.ZERO); // begins to
    }
    for (Exporter exporter : exporters) {
      exporter.connect(Duration.ofNanos(Math.max(0, end - timing.nanos())));
    }
  }

  /** Ends it before its time: nothing new is made, what was sent is waited for. Any thread. */
  public void finish() {
    long now = timing.nanos();
    if (!enough) {
      finishedNanos = now;
      enough = true;
    }
  }

  /** Records acked so far. Any thread. */
  public long acked() {
    return running.stream().mapToLong(lane -> lane.stats().acked).sum();
  }

  /** How long the oldest request has been under way, retries and all; 0 if none is. Any thread. */
  public long waitingNanos() {
    return running.stream().mapToLong(Lane::waitingNanos).max().orElse(0);
  }

  private long endNanos() {
    return enough && finishedNanos - endNanos < 0 ? finishedNanos : endNanos;
  }

  private Lane lane(
      Turns turns,
      RunKeys keys,
      Templates templates,
      Exporter exporter,
      AckLog acks,
      Backoff backoff,
      Lane.Schedule schedule) {
    return new Lane(
        turns,
        keys,
        options.signals().stream().sorted().toList(),
        templates,
        exporter,
        acks,
        backoff,
        schedule);
  }

  private Exporter exporter(int lane) {
    List<Map<String, String>> headers = turns(lane).all();
    return options.http()
        ? new HttpExporter(
            options.endpoint(), credentials.http(), headers, options.gzip(), options.timeout())
        : new GrpcExporter(
            options.endpoint(), credentials.grpc(), headers, options.gzip(), options.timeout());
  }

  private Turns turns(int lane) {
    return credentials.turns(lane, options.connections());
  }

  /** Interrupting the caller ends the lanes; what they have in flight is then unknown. */
  private void runAll(List<Lane> lanes) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (Lane lane : lanes) {
      Thread thread = new Thread(lane, "load-" + threads.size());
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
    try {
      Progress seen = new Progress(0, 0, 0);
      for (Thread thread : threads) {
        for (thread.join(PROGRESS_MILLIS); thread.isAlive(); thread.join(PROGRESS_MILLIS)) {
          seen = printProgress(lanes, seen);
        }
      }
    } catch (InterruptedException e) {
      threads.forEach(Thread::interrupt);
      throw e;
    }
  }

  /** The last error of a lane that has one. */
  private static String why(List<Lane> lanes) {
    return lanes.stream()
        .map(lane -> lane.stats().lastError)
        .filter(error -> !error.isEmpty())
        .findFirst()
        .map(error -> " (" + error + ")")
        .orElse("");
  }

  private record Progress(long acked, long bytes, long failed) {}

  private Progress printProgress(List<Lane> lanes, Progress before) {
    Progress now =
        new Progress(
            lanes.stream().mapToLong(l -> l.stats().acked).sum(),
            lanes.stream().mapToLong(l -> l.stats().ackedBytes).sum(),
            lanes.stream().mapToLong(l -> l.stats().failedAttempts).sum());
    if (progress != null) {
      progress.println(
          String.format(
              Locale.ROOT,
              "%,12d records acked, +%,d (%.1f MB), %d failed attempts%s",
              now.acked,
              now.acked - before.acked,
              (now.bytes - before.bytes) / 1e6,
              now.failed - before.failed,
              now.failed == before.failed ? "" : why(lanes)));
    }
    return now;
  }
}

package io.sluice.bench.figures;

import io.grpc.TlsChannelCredentials;
import io.sluice.bench.audit.TableDifferences;
import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadOptions;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.query.RowFilter;
import io.sluice.query.TableReader;
import io.sluice.query.Writers;
import io.sluice.query.replay.Replay;
import io.sluice.query.replay.ReplayOptions;
import io.sluice.query.replay.Target;
import io.sluice.query.replay.Totals;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A million mixed records, a fifth of them not persisted, moved to a second box by a replay that is
 * cut off twice where it saves nothing, as by kill -9; then both boxes' tables are compared.
 */
final class MovedFigure implements Figure {

  private static final long REQUESTS = 2_048;
  private static final long QUICK_REQUESTS = 128;
  private static final int BATCH = 512;
  private static final int CUTS = 2;
  private static final double LONGEST_SECONDS = 3_600;
  private static final String TENANT = ReadTicket.DEFAULT_TENANT;

  @Override
  public String name() {
    return "moved";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    long requests = effort.rounds() == Effort.QUICK.rounds() ? QUICK_REQUESTS : REQUESTS;
    long hot = requests / 5;
    long records = requests * BATCH;
    Path here = Files.createDirectory(directory.resolve("here"));
    Path there = Files.createDirectory(directory.resolve("there"));
    try (BufferAllocator allocator = new RootAllocator();
        SluiceBox source = new SluiceBox(here, List.of());
        SluiceBox target = new SluiceBox(there, List.of())) {
      source.start();
      target.start();
      try (Lake from = lake(source);
          Lake to = lake(target)) {
        BoxLoad load = new BoxLoad(source);
        load.measured(mixed(load, requests - hot));
        flush(source.flight(), allocator);
        load.measured(mixed(load, hot));
        Moved moved = moved(from, source.flight(), options(target, directory), records, allocator);
        flush(source.flight(), allocator);
        flush(target.flight(), allocator);
        source.stop();
        target.stop();
        List<String> differences = TableDifferences.between(from, TENANT, to, TENANT);
        return List.of(
            Ratio.plain(
                String.format(Locale.ROOT, "replayed records/s, cut off %d times", CUTS),
                moved.totals.acked() / moved.seconds,
                String.format(
                    Locale.ROOT,
                    "%,d records (%.0f MB) in %.1f s, %,d of them still hot; source, replay and target on this machine",
                    moved.totals.acked(),
                    moved.totals.bytes() / 1e6,
                    moved.seconds,
                    hot * BATCH)),
            Ratio.atMost(
                "rows lost, made up or altered by a replay",
                (double) (differences.size() + Math.abs(records - moved.totals.acked())),
                0,
                differences.isEmpty()
                    ? "all tables equal but for when rows came, by DuckDB's EXCEPT ALL both ways"
                    : differences.toString()));
      }
    }
  }

  private record Moved(Totals totals, double seconds) {}

  private static Moved moved(
      Lake lake, HostPort writer, ReplayOptions options, long records, BufferAllocator allocator)
      throws Exception {
    long began = System.nanoTime();
    for (int cut = 1; cut <= CUTS; cut++) {
      cutOff(lake, writer, options, records * cut / (CUTS + 1), allocator);
    }
    try (Writers writers = Writers.at(List.of(writer), allocator)) {
      Totals totals = replay(lake, writers, options, allocator).run();
      return new Moved(totals, (System.nanoTime() - began) / 1e9);
    }
  }

  /** An interrupt saves nothing more, as kill -9 does not. */
  private static void cutOff(
      Lake lake, HostPort writer, ReplayOptions options, long after, BufferAllocator allocator)
      throws Exception {
    AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
    try (Writers writers = Writers.at(List.of(writer), allocator)) {
      Replay replay = replay(lake, writers, options, allocator);
      Thread thread =
          new Thread(
              () -> {
                try {
                  replay.run();
                } catch (Throwable e) {
                  end.set(e);
                }
              },
              "replay");
      thread.start();
      while (thread.isAlive() && replay.totals().acked() < after) {
        thread.join(10);
      }
      boolean cut = thread.isAlive();
      thread.interrupt();
      thread.join();
      if (!cut) {
        throw new IllegalStateException("the replay ended before it was cut off", end.get());
      }
    }
  }

  private static Replay replay(
      Lake lake, Writers writers, ReplayOptions options, BufferAllocator allocator) {
    return new Replay(options, new TableReader(lake, writers, allocator, false), allocator);
  }

  private static ReplayOptions options(SluiceBox target, Path directory) {
    return new ReplayOptions(
        TENANT,
        Table.all(),
        RowFilter.ALL,
        new Target(target.grpc(), false, TlsChannelCredentials.create(), null, Map.of(), false),
        0,
        2_000,
        1 << 20,
        4,
        Duration.ofMinutes(5),
        false,
        directory.resolve("checkpoint.json"));
  }

  private static LoadOptions mixed(BoxLoad load, long requests) {
    LoadOptions spans = load.options(Signal.TRACES, 0, LONGEST_SECONDS);
    return new LoadOptions(
        Signal.stable(),
        spans.rate(),
        spans.length(),
        requests,
        spans.connections(),
        spans.http(),
        spans.endpoint(),
        spans.run(),
        spans.seed(),
        BATCH,
        spans.audit(),
        spans.gzip(),
        spans.timeout(),
        spans.grace());
  }

  private static Lake lake(SluiceBox box) throws Exception {
    return Lake.open(
        LakeConfig.of(
            "jdbc:sqlite:" + box.data().resolve("catalog.db"),
            "file://" + box.data().resolve("warehouse")),
        Clock.systemUTC());
  }

  private static void flush(HostPort writer, BufferAllocator allocator) throws Exception {
    try (Writers writers = Writers.at(List.of(writer), allocator)) {
      writers.flush(writer);
    }
  }
}

package io.sluice.bench.whole;

import io.grpc.TlsChannelCredentials;
import io.sluice.bench.audit.TableDifferences;
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
import io.sluice.schema.table.Table;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/** Replays of what a data directory holds, and what became of the rows elsewhere. */
final class Replayed implements AutoCloseable {

  private final BufferAllocator allocator = new RootAllocator();
  private final Lake lake;

  Replayed(Path data) throws Exception {
    lake = lake(data);
  }

  private static Lake lake(Path data) throws Exception {
    return Lake.open(
        LakeConfig.of(
            "jdbc:sqlite:" + data.resolve("catalog.db"), "file://" + data.resolve("warehouse")),
        Clock.systemUTC());
  }

  /** Of all tables, in small requests. */
  static ReplayOptions options(URI to, boolean http, double rate, @Nullable Path checkpoint) {
    return new ReplayOptions(
        "default",
        Table.all(),
        RowFilter.ALL,
        target(to, http, Map.of()),
        rate,
        40,
        1 << 20,
        3,
        Duration.ofSeconds(30),
        false,
        checkpoint);
  }

  static Target target(URI to, boolean http, Map<String, String> headers) {
    return new Target(to, http, TlsChannelCredentials.create(), null, headers, false);
  }

  Totals run(HostPort writer, ReplayOptions options) throws Exception {
    try (Writers writers = Writers.at(List.of(writer), allocator)) {
      TableReader tables = new TableReader(lake, writers, allocator, false);
      return new Replay(options, tables, allocator).run();
    }
  }

  /**
   * Rows that one has and the other has not, or more often, by table; empty if they are equal but
   * for when they came. Times that are not the event's are of the arrival.
   *
   * @param tenants of this one and of the other
   */
  static List<String> differences(Path one, String oneTenant, Path other, String otherTenant)
      throws Exception {
    try (Lake first = lake(one);
        Lake second = lake(other)) {
      return TableDifferences.between(first, oneTenant, second, otherTenant);
    }
  }

  @Override
  public void close() {
    lake.close();
    allocator.close();
  }
}

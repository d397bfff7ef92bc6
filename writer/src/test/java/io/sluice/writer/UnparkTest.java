package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.Lake;
import io.sluice.schema.rows.EventTime;
import io.sluice.schema.service.Fatal;
import io.sluice.schema.service.Settings;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.writer.apply.Applier;
import io.sluice.writer.apply.MemoryLog;
import io.sluice.writer.apply.ParkedSets;
import io.sluice.writer.apply.ReleasedTables;
import io.sluice.writer.apply.Releaser;
import io.sluice.writer.apply.RowsByChunk;
import io.sluice.writer.apply.Window;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.persist.Holds;
import io.sluice.writer.persist.HotMemory;
import io.sluice.writer.persist.Parking;
import io.sluice.writer.persist.PersistThreads;
import io.sluice.writer.persist.Persister;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnparkTest {

  private static final TableKey KEY = new TableKey("default", Table.TRACES);

  @TempDir private Path data;

  @Test
  void setGoesOnThoughAnUnparkOfItEndsByAnError() throws Exception {
    Fatal fatal =
        (part, cause) -> {
          throw new AssertionError(part, cause);
        };
    Settings settings = Settings.of(List.of("--data=" + data), Map.of(), data);
    Lake lake = Lake.open(WriterSettings.from(settings).lake(), Clock.systemUTC());
    WriterCatalog catalog = new WriterCatalog(() -> lake, fatal);
    catalog.open(open -> open.ensureTables("default"), open -> {});
    MemoryLog log = new MemoryLog();
    Ledger ledger = new Ledger(new Telemetry("test"));
    ParkedSets parked = new ParkedSets(data, log);
    Parking parking =
        new Parking(new ParkedLot(parked), ledger, Duration.ZERO, Long.MAX_VALUE, () -> false);
    Window window = new Window(1_000_000, 1_000);
    try (BufferAllocator allocator = new RootAllocator();
        ChunkBuffer buffer =
            new ChunkBuffer(key -> 5L, SealPolicy.DEFAULT, HotSpans.NO_LOG, System::nanoTime);
        Persister persister =
            new Persister(
                buffer,
                set -> {
                  throw new IOException("the test begins none");
                },
                () -> {},
                parking,
                ledger,
                fatal,
                Duration.ZERO,
                new HotMemory(Long.MAX_VALUE, ledger),
                new PersistThreads(
                    1, System::nanoTime, new Holds(System::nanoTime, new Telemetry("test"))),
                System::nanoTime)) {
      BatchLoader loader = new BatchLoader(allocator, EventTime.DEFAULT);
      Releaser releaser =
          new Releaser(
              log,
              window,
              buffer,
              new Applier(window, buffer, new RowsByChunk(1), loader, ledger, 0),
              data,
              new ReleasedTables(data, log.id()),
              () -> {
                throw new OutOfMemoryError("injected");
              },
              Duration.ZERO,
              System::nanoTime);
      HotSpans.add(allocator, buffer, KEY, 6, 4);
      Unpark unpark =
          new Unpark(catalog, log.id(), buffer, persister, releaser::rebase, parked::rebase);
      assertThatThrownBy(() -> unpark.unpark(KEY)).isInstanceOf(OutOfMemoryError.class);
      TableBuffer table = buffer.table(KEY);
      ChunkSet set = table.beginPersist().orElseThrow();
      assertThat(set.from()).as("nothing was done").isEqualTo(5);
      table.persistFailed(set);
    } finally {
      catalog.closeLake();
    }
  }
}

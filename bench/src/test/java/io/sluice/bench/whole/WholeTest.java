package io.sluice.bench.whole;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.whole.Records.Entry;
import io.sluice.query.Writers;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * Any OTLP that is answered with 200 comes back as it was: from the hot rows, after a crash from
 * the log, and from the tables' files. Real bytes through a real Acceptor and Writer.
 */
class WholeTest {

  private static final int REQUESTS = 60;

  /** One try has hundreds of requests, chosen such that every case is among them. */
  @Property(tries = 1, shrinking = ShrinkingMode.OFF)
  void everyRecordComesBackFromMemoryLogAndFiles(@ForAll long seed) throws Exception {
    Path data = Files.createTempDirectory("whole");
    Sent sent =
        new Sent(new Random(seed), TimeUnit.SECONDS.toNanos(Instant.now().getEpochSecond()));
    try (StoredRecords stored = new StoredRecords(data)) {
      try (InProcessSluice sluice = new InProcessSluice(data)) {
        sent.send(sluice, REQUESTS);
        sent.sendLarge(sluice);
        assertAllIn(stored, sluice, sent);
        sluice.crash();
      }
      try (InProcessSluice sluice = new InProcessSluice(data)) {
        assertAllIn(stored, sluice, sent); // replayed
        sent.send(sluice, REQUESTS);
        flush(sluice);
        sent.sendUnseen(sluice);
        assertAllIn(stored, sluice, sent); // part of them from files
        sluice.crash();
      }
      try (InProcessSluice sluice = new InProcessSluice(data)) {
        assertAllIn(stored, sluice, sent);
        flush(sluice);
      }
      assertAllPersisted(stored, sent);
    }
    assertThat(sent.unseen()).as("in no request").isEmpty();
    assertThat(sent.rejected()).isPositive();
    assertThat(sent.empty()).isPositive();
    delete(data);
  }

  private static void assertAllIn(StoredRecords stored, InProcessSluice sluice, Sent sent)
      throws Exception {
    for (Table table : Table.all()) {
      List<Entry> all = new ArrayList<>(stored.hot(sluice.flight(), table));
      all.addAll(stored.persisted(table));
      sent.assertAre(table, all);
    }
  }

  private static void assertAllPersisted(StoredRecords stored, Sent sent) throws Exception {
    stored.forgetCounts();
    for (Table table : Table.all()) {
      sent.assertAre(table, stored.persisted(table));
      assertThat(DuckDbRows.read(table, stored.iceberg(table)))
          .isEqualTo(DuckDbRows.of(table, sent.messages(table)));
      assertThat(stored.files(table)).as("days and shards of " + table).isGreaterThan(3);
    }
    assertThat(never(stored.counts())).as("no row with such a raw column").isEmpty();
    assertThat(stored.withoutRaw())
        .as("rows without raw bytes")
        .isGreaterThanOrEqualTo(sent.plainRecords());
  }

  private static List<String> never(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .filter(e -> e.getValue() == 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static void flush(InProcessSluice sluice) throws Exception {
    try (BufferAllocator allocator = new RootAllocator();
        Writers writers = Writers.at(List.of(sluice.flight()), allocator)) {
      writers.flush(sluice.flight());
    }
  }

  /** What failed stays, to be looked at. */
  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

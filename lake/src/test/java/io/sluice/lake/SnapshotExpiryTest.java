package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(CatalogKind.class)
class SnapshotExpiryTest {

  private static final UUID LOG = new UUID(1, 1);
  private static final UUID QUIET_LOG = new UUID(2, 2);

  @Parameter CatalogKind kind;
  @TempDir Path directory;
  private Lake lake;
  private LakeTable traces;

  @BeforeEach
  void open() throws Exception {
    lake = TempLake.open(kind.config(directory, 3));
    lake.ensureTables("default");
    traces = lake.table("default", Table.TRACES);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void oldSnapshotsGoAndMarksAndRowsStay() throws Exception {
    traces.commit(new LogRange(QUIET_LOG, 0, 9), List.of());
    List<String> ids = commit(0, 20);
    assertThat(iceberg().operations().current().snapshots()).hasSizeBetween(3, 6);
    assertThat(traces.marks()).containsOnly(Map.entry(LOG, 20L), Map.entry(QUIET_LOG, 9L));
    assertThat(TempLake.traceIds(lake)).isEqualTo(ids);
    assertThat(lake.counters().expiredSnapshots()).isGreaterThan(10);
    assertThat(lake.counters().expiryFailures()).isZero();
    try (Stream<Path> all = Files.walk(directory)) {
      assertThat(all.filter(f -> f.getFileName().toString().startsWith("snap-")).count())
          .isLessThan(8);
    }
  }

  @Test
  void foreignAndTaggedSnapshotsStay() throws Exception {
    commit(0, 1);
    long tagged = iceberg().currentSnapshot().snapshotId();
    iceberg().manageSnapshots().createTag("release", tagged).commit();
    iceberg().newAppend().appendFile(TempLake.file(traces, "foreign")).commit();
    long foreign = iceberg().currentSnapshot().snapshotId();
    commit(1, 20);
    List<Long> left = new ArrayList<>();
    iceberg().snapshots().forEach((Snapshot s) -> left.add(s.snapshotId()));
    assertThat(left).contains(tagged, foreign).hasSizeLessThan(9);
    assertThat(TempLake.traceIds(lake)).hasSize(21);
  }

  @Test
  void repeatedRangeIsStillRefusedWhenItsSnapshotIsGone() throws Exception {
    commit(0, 20);
    assertThat(traces.commit(new LogRange(LOG, 0, 1), List.of()))
        .isEqualTo(new CommitOutcome.AlreadyCommitted(20));
  }

  private List<String> commit(int from, int to) throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = from; i < to; i++) {
      ids.add("%03d".formatted(i));
      traces.commit(
          new LogRange(LOG, i, i + 1), List.of(TempLake.file(traces, "%03d".formatted(i))));
    }
    return ids;
  }

  private BaseTable iceberg() {
    return (BaseTable) lake.catalog().loadTable(TableIdentifier.of("default", "traces"));
  }
}

package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.CommitOutcome.Committed;
import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables of older and of newer releases. */
@ParameterizedClass
@EnumSource(CatalogKind.class)
class TableVersionTest {

  private static final UUID LOG = new UUID(1, 1);
  private static final TableIdentifier TRACES = TableIdentifier.of("default", "traces");

  @Parameter CatalogKind kind;
  @TempDir Path directory;
  private Lake lake;

  @BeforeEach
  void open() throws Exception {
    lake = TempLake.open(kind.config(directory));
    lake.ensureTables("default");
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void olderTableGetsTheColumnsOfThisReleaseAndItsFilesAreReadOn() throws Exception {
    makeOlder();
    LakeTable traces = lake.table("default", Table.TRACES);
    assertThatThrownBy(traces::marks)
        .isInstanceOf(TableLostException.class)
        .hasMessageContaining("column trace_state");
    assertThat(traces.isOlder()).isTrue();
    assertThat(traces.newer()).isEmpty();
    try (Lake another = TempLake.open(kind.config(directory))) {
      traces.bringUpToDate();
      another.table("default", Table.TRACES).bringUpToDate(); // finds it done
    }
    assertThat(traces.marks()).containsOnly(Map.entry(LOG, 1L));
    assertThat(traces.isOlder()).isFalse();
    assertThat(traces.commit(new LogRange(LOG, 1, 2), List.of(TempLake.file(traces, "new"))))
        .isInstanceOf(Committed.class);
    assertThat(TempLake.traceIds(lake)).containsExactly("new", "old");
    BaseTable iceberg = iceberg();
    assertThat(iceberg.properties()).containsEntry("sluice.schema", "1");
    assertThat(iceberg.schema().findField("trace_state").doc()).isNotEmpty();
    assertThat(iceberg.schema().findField("links.element.flags")).isNotNull();
    assertThat(iceberg.schema().findField("theirs")).isNotNull();
  }

  @Test
  void tableOfANewerReleaseSaysSoAndTakesTheRowsOfThoseWhoHadItOpen() throws Exception {
    LakeTable traces = lake.table("default", Table.TRACES);
    traces.marks();
    iceberg().updateSchema().addColumn("of_a_newer_release", Types.StringType.get()).commit();
    iceberg().updateProperties().set("sluice.schema", "2").commit();
    assertThat(traces.commit(new LogRange(LOG, 0, 1), List.of(TempLake.file(traces, "row"))))
        .isInstanceOf(Committed.class);
    assertThat(traces.newer())
        .contains(
            "a newer release made it: sluice.format is 1 and sluice.schema is 2, this one knows 1 and 1");
    assertThat(traces.isOlder()).isFalse();
  }

  @Test
  void twoWhoBringItUpToDateAtOnceBothSucceed() throws Exception {
    makeOlder();
    try (Lake other = TempLake.open(kind.config(directory))) {
      LakeTable theirs = other.table("default", Table.TRACES);
      Thread thread =
          new Thread(
              () -> {
                try {
                  theirs.bringUpToDate();
                } catch (LakeUnavailableException e) {
                  throw new IllegalStateException(e);
                }
              });
      thread.start();
      lake.table("default", Table.TRACES).bringUpToDate();
      thread.join();
      assertThat(theirs.marks()).containsOnly(Map.entry(LOG, 1L));
    }
  }

  /** As if it had been made before two columns were: one of them within a list of structs. */
  private void makeOlder() throws Exception {
    LakeTable traces = lake.table("default", Table.TRACES);
    traces.commit(new LogRange(LOG, 0, 1), List.of(TempLake.file(traces, "old")));
    iceberg()
        .updateSchema()
        .deleteColumn("trace_state")
        .deleteColumn("links.element.flags")
        .addColumn("theirs", Types.LongType.get())
        .commit();
    iceberg().updateProperties().set("sluice.schema", "0").commit();
  }

  private BaseTable iceberg() {
    return (BaseTable) lake.catalog().loadTable(TRACES);
  }
}

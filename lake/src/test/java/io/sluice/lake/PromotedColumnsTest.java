package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.CommitOutcome.Committed;
import io.sluice.schema.table.AttributeSource;
import io.sluice.schema.table.Promotion;
import io.sluice.schema.table.Promotions;
import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromotedColumnsTest {

  private static final UUID LOG = new UUID(1, 1);
  private static final TableIdentifier TRACES = TableIdentifier.of("default", "traces");
  private static final Promotion NAMESPACE =
      new Promotion(AttributeSource.RESOURCE, "k8s.namespace.name");
  private static final Promotion ROUTE = new Promotion(AttributeSource.RECORD, "http.route");
  private static final String COLUMN = "resource_k8s_namespace_name";
  private static final String PROPERTY = "sluice.promoted." + COLUMN;
  private static final String VALUE = "resource_attributes:k8s.namespace.name";

  @TempDir Path directory;

  private Lake lake(Promotion... promoted) throws Exception {
    Lake lake = TempLake.open(TempLake.config(directory).with(Promotions.of(List.of(promoted))));
    lake.ensureTables("default");
    return lake;
  }

  private static BaseTable iceberg(Lake lake) {
    return (BaseTable) lake.catalog().loadTable(TRACES);
  }

  private static LakeTable traces(Lake lake) {
    return lake.table("default", Table.TRACES);
  }

  @Test
  void newTableHasThemAndSaysSo() throws Exception {
    try (Lake lake = lake(ROUTE, NAMESPACE)) {
      BaseTable iceberg = iceberg(lake);
      assertThat(iceberg.properties())
          .containsEntry(PROPERTY, VALUE)
          .containsEntry("sluice.promoted.attribute_http_route", "attributes:http.route")
          .containsEntry("write.metadata.metrics.column." + COLUMN, "truncate(64)");
      Types.NestedField column = iceberg.schema().findField(COLUMN);
      assertThat(column.type()).isEqualTo(Types.StringType.get());
      assertThat(column.isOptional()).isTrue();
      assertThat(column.doc()).contains("the resource's attribute k8s.namespace.name");
      FileTarget target = traces(lake).target();
      assertThat(target.promotions().all()).containsExactly(ROUTE, NAMESPACE);
      int columns = target.schema().columns().size();
      assertThat(target.schema().columns().subList(columns - 2, columns))
          .extracting(Types.NestedField::name)
          .containsExactly("attribute_http_route", COLUMN);
      assertThat(target.schema().findField(COLUMN).fieldId()).isEqualTo(column.fieldId());
    }
  }

  @Test
  void tableWithFilesGetsThemInOneCommitAndItsFilesHaveNulls() throws Exception {
    try (Lake lake = lake()) {
      commit(traces(lake), 0, "old", null);
    }
    try (Lake lake = lake(NAMESPACE)) {
      LakeTable traces = traces(lake);
      int before = iceberg(lake).operations().current().previousFiles().size();
      assertThat(traces.promotions().all()).as("not loaded").containsExactly(NAMESPACE);
      traces.marks();
      assertThat(traces.promotions().isEmpty()).as("as loaded").isTrue();
      traces.promote();
      assertThat(traces.promotions().all()).containsExactly(NAMESPACE);
      assertThat(iceberg(lake).properties()).containsEntry(PROPERTY, VALUE);
      traces.promote();
      assertThat(iceberg(lake).operations().current().previousFiles()).hasSize(before + 1);
      commit(traces, 1, "new", "shop");
      assertThat(values(lake)).containsExactlyInAnyOrder("old null", "new shop");
      assertThat(traces.snapshot().promotions().all()).containsExactly(NAMESPACE);
    }
    try (Lake lake = lake()) {
      assertThat(traces(lake).target().promotions().all())
          .as("whatever the settings")
          .containsExactly(NAMESPACE);
    }
  }

  @Test
  void tableThatIsNotThereIsLeftAloneAndReadWithWhatItWillHave() throws Exception {
    try (Lake lake = lake(NAMESPACE)) {
      LakeTable other = lake.table("other", Table.LOGS);
      other.promote();
      assertThat(other.uuid()).isEmpty();
      assertThat(other.snapshot().promotions().all()).containsExactly(NAMESPACE);
      assertThat(other.snapshot().schema().findField(COLUMN)).isNotNull();
      assertThat(lake.known("other", Table.LOGS)).contains(other);
      assertThat(lake.known("nobody", Table.LOGS)).isEmpty();
    }
  }

  @Test
  void droppedColumnIsNotWrittenUntilAStartWantsIt() throws Exception {
    try (Lake lake = lake(ROUTE, NAMESPACE)) {
      LakeTable traces = traces(lake);
      iceberg(lake).updateSchema().deleteColumn(COLUMN).commit();
      assertThat(traces.target().promotions().all()).containsExactly(ROUTE);
      commit(traces, 0, "row", null);
      traces.promote();
      assertThat(traces.target().promotions().all()).containsExactly(ROUTE, NAMESPACE);
    }
  }

  @Test
  void columnThatWasMovedIsInTheTablesOrder() throws Exception {
    try (Lake lake = lake(ROUTE, NAMESPACE)) {
      iceberg(lake).updateSchema().moveBefore(COLUMN, "attribute_http_route").commit();
      assertThat(traces(lake).target().promotions().all()).containsExactly(NAMESPACE, ROUTE);
    }
  }

  @Test
  void propertyThatNamesAColumnOfOursOrOfAnotherTypeIsNotFollowed() throws Exception {
    try (Lake lake = lake()) {
      iceberg(lake).updateSchema().addColumn(COLUMN, Types.LongType.get()).commit();
      iceberg(lake)
          .updateProperties()
          .set(PROPERTY, VALUE)
          .set("sluice.promoted.resource_schema_url", "resource_attributes:schema.url")
          .set("sluice.promoted.trace_id", "attributes:trace_id")
          .commit();
      assertThat(traces(lake).target().promotions().isEmpty()).isTrue();
      commit(traces(lake), 0, "row", null);
    }
  }

  @Test
  void columnOfThatNameThatNobodyPromotedIsRefused() throws Exception {
    try (Lake lake = lake()) {
      iceberg(lake)
          .updateSchema()
          .addColumn("Resource_K8s_namespace_name", Types.StringType.get())
          .commit();
    }
    try (Lake lake = lake(NAMESPACE)) {
      assertThatThrownBy(() -> traces(lake).promote())
          .isInstanceOf(ColumnTakenException.class)
          .hasMessage(
              "cannot start: default.traces has a column Resource_K8s_namespace_name that is not"
                  + " resource_attributes:k8s.namespace.name: its property "
                  + PROPERTY
                  + " is null (drop or rename that column, or do not promote the attribute)");
    }
  }

  @Test
  void columnThatHoldsAnotherAttributeIsRefused() throws Exception {
    try (Lake lake = lake(NAMESPACE)) {
      traces(lake).marks();
    }
    try (Lake lake = lake(new Promotion(AttributeSource.RESOURCE, "k8s.namespace-name"))) {
      assertThatThrownBy(() -> traces(lake).promote())
          .isInstanceOf(ColumnTakenException.class)
          .hasMessageContaining(PROPERTY + " is " + VALUE);
    }
  }

  @Test
  void columnOfAnotherTypeIsRefused() throws Exception {
    try (Lake lake = lake(NAMESPACE)) {
      iceberg(lake).updateSchema().deleteColumn(COLUMN).commit();
      iceberg(lake).updateSchema().addColumn(COLUMN, Types.LongType.get()).commit();
      assertThatThrownBy(() -> traces(lake).promote())
          .isInstanceOf(ColumnTakenException.class)
          .hasMessageContaining("has its column " + COLUMN + " as optional long");
    }
  }

  @Test
  void lostTableIsNotGivenColumns() throws Exception {
    try (Lake lake = lake()) {
      iceberg(lake).updateProperties().remove("sluice.format").commit();
    }
    try (Lake lake = lake(NAMESPACE)) {
      assertThatThrownBy(() -> traces(lake).promote()).isInstanceOf(TableLostException.class);
      assertThat(iceberg(lake).schema().findField(COLUMN)).isNull();
    }
  }

  @Test
  void whoComesSecondAddsWhatIsStillLacking() throws Exception {
    try (Lake lake = lake()) {
      commit(traces(lake), 0, "old", null);
    }
    try (Lake one = lake(NAMESPACE);
        Lake two = lake(NAMESPACE, ROUTE)) {
      BaseTable stale = iceberg(two);
      traces(one).promote();
      Promotions wanted = Promotions.of(List.of(NAMESPACE, ROUTE));
      SchemaEvolution.promote(TRACES, stale, wanted, Clock.systemUTC());
      assertThat(traces(one).target().promotions().all()).containsExactly(NAMESPACE, ROUTE);
    }
  }

  /** Each has the settings of its own, and comes between any two steps of the other. */
  @Test
  void twoAtOnceBothSucceed() throws Exception {
    Faults steps = new Faults();
    try (Lake other = lake(ROUTE, NAMESPACE);
        Lake lake = faulty(steps)) {
      AtomicReference<Exception> failure = new AtomicReference<>();
      int step = 0;
      do {
        step++;
        unpromote(other);
        steps.interrupt(
            step,
            () -> {
              try {
                traces(other).promote();
              } catch (Exception e) {
                failure.set(e);
              }
            });
        traces(lake).promote();
        assertThat(failure.get()).isNull();
        assertThat(traces(lake).promotions().all()).contains(NAMESPACE);
        assertThat(iceberg(other).properties()).containsEntry(PROPERTY, VALUE);
        assertThat(iceberg(other).schema().columns())
            .filteredOn(c -> c.name().equals(COLUMN))
            .hasSize(1);
      } while (steps.steps() >= step);
      assertThat(step).isGreaterThan(8);
      assertThat(lake.counters().retries()).as("met each other").isPositive();
    }
  }

  @Test
  void failureOfAnyOneStepIsGotOver() throws Exception {
    Faults faults = new Faults();
    try (Lake sound = lake();
        Lake lake = faulty(faults)) {
      int step = 0;
      do {
        step++;
        unpromote(sound);
        faults.arm(step, false);
        traces(lake).promote();
        faults.disarm();
        assertThat(traces(sound).target().promotions().all()).containsExactly(NAMESPACE);
      } while (faults.steps() >= step);
      assertThat(lake.counters().retries()).isGreaterThan(5);
    }
  }

  private Lake faulty(Faults faults) throws Exception {
    return Lake.open(
        TempLake.config(directory).with(Promotions.of(List.of(NAMESPACE))),
        Clock.systemUTC(),
        new FaultyFileIO(faults),
        (uri, properties) -> new FaultyConnections(uri, properties, faults),
        pause -> {});
  }

  /** As the manual says. */
  private static void unpromote(Lake lake) {
    for (String column : List.of(COLUMN, "attribute_http_route")) {
      if (iceberg(lake).schema().findField(column) != null) {
        iceberg(lake).updateSchema().deleteColumn(column).commit();
        iceberg(lake).updateProperties().remove("sluice.promoted." + column).commit();
      }
    }
  }

  /** One row, whose promoted column is set if there is a value. */
  private static void commit(LakeTable traces, long from, String traceId, String value)
      throws Exception {
    Map<String, Object> row = new HashMap<>(Map.of("trace_id", traceId));
    if (value != null) {
      row.put(COLUMN, value);
    }
    DataFile file = TempLake.named(traces, UUID.randomUUID() + ".parquet", List.of(row));
    assertThat(traces.commit(new LogRange(LOG, from, from + 1), List.of(file)))
        .isInstanceOf(Committed.class);
  }

  private static List<String> values(Lake lake) throws Exception {
    List<String> values = new ArrayList<>();
    try (CloseableIterable<Record> rows = IcebergGenerics.read(iceberg(lake)).build()) {
      rows.forEach(row -> values.add(row.getField("trace_id") + " " + row.getField(COLUMN)));
    }
    return values;
  }
}

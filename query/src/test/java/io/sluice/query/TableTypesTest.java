package io.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every column of every table, hot and persisted, side by side. */
final class TableTypesTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(Table.class)
  void hotAndPersistedRowsHaveTheSameValuesAndTypes(Table table) throws Exception {
    try (Reading reading = new Reading(directory)) {
      reading.lake.ensureTables("default");
      Map<String, Object> row = TestRows.full(TableSchema.of(table).columns());
      reading.persist(table, 0, 1, List.of(row));
      reading.writer.add(table, 2, row);
      String json = reading.text(ResultFormat.JSON, "SELECT * FROM " + table);
      List<String> lines = json.lines().toList();
      assertThat(lines).hasSize(4);
      assertThat(lines.get(1)).isEqualTo(lines.get(2) + ",");
      assertThat(lines.get(2)).doesNotContain(":null,").contains("\"/attributes\"");
      Map<String, Object> empty = Map.of("time", TestRows.NOON);
      reading.persist(table, 1, 3, List.of(row, empty));
      reading.writer.add(table, 4, empty);
      assertThat(reading.value("SELECT count(*), count(service_name) FROM " + table))
          .isEqualTo("4,2");
    }
  }

  @Test
  void mapsListsAndStructsAreReachedByTheirNames() throws Exception {
    try (Reading reading = new Reading(directory)) {
      reading.lake.ensureTables("default");
      Map<String, Object> row = TestRows.full(TableSchema.of(Table.TRACES).columns());
      reading.persist(Table.TRACES, 0, 1, List.of(row));
      reading.writer.add(Table.TRACES, 2, row);
      assertThat(
              reading.csv(
                  "SELECT attributes['http.route'] r, attributes['none'] n, attributes['absent'] a,"
                      + " events[1].name e, len(links) l, time, otlp_raw b FROM traces"))
          .isEqualTo(
              """
              r,n,a,e,l,time,b
              /attributes,,,name-é,2,2026-11-22T12:00:00.123456Z,AP8H
              /attributes,,,name-é,2,2026-11-22T12:00:00.123456Z,AP8H
              """);
    }
  }
}

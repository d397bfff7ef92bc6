package io.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.LakeTable;
import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other engines do to our tables is read right, or refused by the name of the feature. */
final class ForeignChangesTest {

  @TempDir private Path directory;
  private Reading reading;

  @BeforeEach
  void open() throws Exception {
    reading = new Reading(directory);
    reading.lake.ensureTables("default");
    reading.persist(Table.TRACES, 0, 2, List.of(row("a"), row("b")));
    reading.writer.add(Table.TRACES, 3, row("hot"));
  }

  @AfterEach
  void close() throws Exception {
    reading.close();
  }

  @Test
  void addedColumnIsNullInOlderFilesAndInHotRowsAlsoOnceItIsRenamed() throws Exception {
    org.apache.iceberg.Table iceberg = reading.iceberg(Table.TRACES);
    iceberg
        .updateSchema()
        .addColumn("Region \"x\"", Types.StringType.get())
        .addColumn("price", Types.DecimalType.of(10, 2))
        .addColumn("first", Types.DateType.get())
        .commit();
    Map<String, Object> added = row("c");
    added.put("Region \"x\"", "north");
    append(added);
    String all = "SELECT name, %s, price, first FROM traces ORDER BY name";
    assertThat(reading.csv(all.formatted("\"Region \"\"x\"\"\"")))
        .isEqualTo("name,\"Region \"\"x\"\"\",price,first\na,,,\nb,,,\nc,north,,\nhot,,,\n");
    iceberg.updateSchema().renameColumn("Region \"x\"", "zone").commit();
    assertThat(reading.csv(all.formatted("zone")))
        .isEqualTo("name,zone,price,first\na,,,\nb,,,\nc,north,,\nhot,,,\n");
  }

  @Test
  void nameThatIsUsedAgainIsAnotherColumn() throws Exception {
    org.apache.iceberg.Table iceberg = reading.iceberg(Table.TRACES);
    iceberg.updateSchema().addColumn("zone", Types.StringType.get()).commit();
    Map<String, Object> row = row("c");
    row.put("zone", "old");
    append(row);
    iceberg.updateSchema().deleteColumn("zone").commit();
    iceberg.updateSchema().addColumn("zone", Types.LongType.get()).commit();
    assertThat(reading.csv("SELECT name, zone FROM traces ORDER BY name"))
        .isEqualTo("name,zone\na,\nb,\nc,\nhot,\n");
  }

  @Test
  void positionDeletesAndEqualityDeletesAreHonoured() throws Exception {
    org.apache.iceberg.Table iceberg = reading.iceberg(Table.TRACES);
    DataFile data = append(row("c"), row("d"), row("e"));
    iceberg.newRowDelta().addDeletes(positionDelete(data, 1)).commit();
    assertThat(names()).containsExactly("a", "b", "c", "e", "hot");
    iceberg.newRowDelta().addDeletes(equalityDelete("a")).commit();
    iceberg.newRowDelta().addDeletes(equalityDelete("e")).commit();
    append(row("a2"), row("e"));
    assertThat(names()).containsExactly("a2", "b", "c", "e", "hot");
    assertThat(reading.value("SELECT count(*) FROM traces")).isEqualTo("5");
  }

  @Test
  void fileWithoutFieldIdsIsRefusedInsteadOfReadAsNulls() throws Exception {
    LakeTable table = reading.lake.table("default", Table.TRACES);
    DataFile good = reading.file(table, table.target().schema(), List.of(row("x")));
    Path path = Path.of(good.location().substring("file://".length()));
    java.nio.file.Files.delete(path);
    try (var duckdb = java.sql.DriverManager.getConnection("jdbc:duckdb:");
        var statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT TIMESTAMPTZ '2026-11-22 12:00:00Z' AS time, 'x' AS name) TO "
              + SqlText.string(path.toString())
              + " (FORMAT parquet)");
    }
    reading.iceberg(Table.TRACES).newAppend().appendFile(good).commit();
    assertThatThrownBy(this::names)
        .isInstanceOf(ReadException.class)
        .hasMessageContaining("no Iceberg field ids");
  }

  @Test
  void renamedFieldWithinAStructIsRefusedInsteadOfReadAsNulls() throws Exception {
    org.apache.iceberg.Table iceberg = reading.iceberg(Table.TRACES);
    iceberg
        .updateSchema()
        .addColumn(
            "extra",
            Types.StructType.of(
                Types.NestedField.optional(1, "inner", Types.StringType.get()),
                Types.NestedField.optional(2, "other", Types.StringType.get())))
        .commit();
    Map<String, Object> row = row("c");
    row.put("extra", Map.of("inner", "deep", "other", "o"));
    append(row);
    assertThat(reading.value("SELECT extra.inner FROM traces WHERE extra IS NOT NULL"))
        .isEqualTo("deep");
    iceberg.updateSchema().renameColumn("extra.inner", "moved").commit();
    assertThatThrownBy(this::names)
        .isInstanceOf(ReadException.class)
        .hasMessageContaining("calls a nested field inner that is now moved");
  }

  @Test
  void fieldAddedWithinAStructOfOursIsNullInHotRows() throws Exception {
    reading
        .iceberg(Table.TRACES)
        .updateSchema()
        .addColumn("events.element", "extra", Types.LongType.get())
        .commit();
    Map<String, Object> hot = row("hot2");
    hot.put(
        "events",
        List.of(Map.of("name", "e", "time_unix_nano", 5L, "attributes", Map.of("k", "v"))));
    reading.writer.add(Table.TRACES, 4, hot);
    assertThat(
            reading.value(
                "SELECT events[1].name, events[1].attributes['k'], events[1].extra FROM traces"
                    + " WHERE name = 'hot2'"))
        .isEqualTo("e,v,");
  }

  private static Map<String, Object> row(String name) {
    Map<String, Object> row = new HashMap<>();
    row.put("time", TestRows.NOON);
    row.put("name", name);
    return row;
  }

  private List<String> names() throws Exception {
    return reading.csv("SELECT name FROM traces ORDER BY name").lines().skip(1).toList();
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // the array stays a list
  private DataFile append(Map<String, Object>... rows) throws Exception {
    org.apache.iceberg.Table iceberg = reading.iceberg(Table.TRACES);
    LakeTable table = reading.lake.table("default", Table.TRACES);
    DataFile file = reading.file(table, iceberg.schema(), List.of(rows));
    iceberg.newAppend().appendFile(file).commit();
    return file;
  }

  private DeleteFile positionDelete(DataFile data, long position) throws Exception {
    org.apache.iceberg.Table iceberg = reading.iceberg(Table.TRACES);
    PositionDeleteWriter<Record> writer =
        Parquet.writeDeletes(output("position"))
            .withSpec(iceberg.spec())
            .withPartition(day())
            .overwrite()
            .buildPositionWriter();
    try (writer) {
      writer.write(PositionDelete.<Record>create().set(data.location(), position));
    }
    return writer.toDeleteFile();
  }

  private DeleteFile equalityDelete(String name) throws Exception {
    org.apache.iceberg.Table iceberg = reading.iceberg(Table.TRACES);
    Schema keys = iceberg.schema().select("name");
    EqualityDeleteWriter<Record> writer =
        Parquet.writeDeletes(output("equality"))
            .forTable(iceberg)
            .rowSchema(keys)
            .createWriterFunc(type -> GenericParquetWriter.create(keys, type))
            .withPartition(day())
            .overwrite()
            .equalityFieldIds(keys.findField("name").fieldId())
            .buildEqualityWriter();
    try (writer) {
      writer.write(GenericRecord.create(keys).copy(Map.of("name", name)));
    }
    return writer.toDeleteFile();
  }

  private OutputFile output(String name) throws Exception {
    LakeTable table = reading.lake.table("default", Table.TRACES);
    return table
        .target()
        .io()
        .newOutputFile(
            table.target().location(Reading.DAY, name + java.util.UUID.randomUUID() + ".parquet"));
  }

  private PartitionData day() throws Exception {
    return (PartitionData)
        reading.lake.table("default", Table.TRACES).target().partition(Reading.DAY);
  }
}

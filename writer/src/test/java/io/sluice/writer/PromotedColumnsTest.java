package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeTable;
import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import io.sluice.schema.wire.ReadTicket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.SyncPutListener;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Attributes with columns of their own, in a whole Writer. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PromotedColumnsTest {

  private static final TableIdentifier TRACES = TableIdentifier.of("default", "traces");
  private static final String PROMOTED = "--promote.resource=service.name,absent";
  private static final String COLUMN = "resource_service_name";

  @TempDir Path data;
  private final BufferAllocator allocator = new RootAllocator();
  private final AtomicReference<Throwable> died = new AtomicReference<>();
  private WriterService service;
  private FlightClient client;

  private void open(String... more) throws Exception {
    service = WriterService.open(settings(more), (part, e) -> died.set(e));
    while (!service.replayed()) {
      LockSupport.parkNanos(1_000_000);
    }
    client =
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", service.port()))
            .build();
  }

  private WriterSettings settings(String... more) {
    List<String> flags =
        List.of(
            "--data=" + data,
            "--flight.port=0",
            "--writer.admin.port=0",
            "--wal.segment-bytes=1MiB",
            "--wal.max-bytes=64MiB");
    Settings settings =
        Settings.of(Stream.concat(flags.stream(), List.of(more).stream()).toList(), Map.of(), data);
    return WriterSettings.from(settings);
  }

  private void stop() throws Exception {
    client.close();
    service.close();
    service = null;
  }

  @AfterEach
  void close() throws Exception {
    if (service != null) {
      stop();
    }
    allocator.close();
    assertThat(died.get()).isNull();
  }

  @Test
  void hotRowsHaveTheColumnsOfTheTableInItsOrderAndSoDoTheFiles() throws Exception {
    open(PROMOTED);
    put("", "cart", "shop");
    List<Field> fields = new ArrayList<>(TableSchema.of(Table.TRACES).arrow().getFields());
    fields.add(Field.nullable(COLUMN, new ArrowType.Utf8()));
    fields.add(Field.nullable("resource_absent", new ArrowType.Utf8()));
    assertThat(client.getInfo(FlightDescriptor.path("traces")).getSchemaOptional())
        .hasValueSatisfying(schema -> assertThat(schema.getFields()).isEqualTo(fields));
    List<String> expected =
        List.of(",null", ",null", "cart,null", "cart,null", "shop,null", "shop,null");
    assertThat(hot(0, null, fields)).isEqualTo(expected);
    assertThat(
            hot(
                0,
                List.of("resource_absent", COLUMN),
                fields.subList(fields.size() - 2, fields.size())))
        .isEqualTo(expected);
    flush();
    try (Lake lake = lake()) {
      assertThat(lake.catalog().loadTable(TRACES).schema().columns())
          .extracting(Types.NestedField::name)
          .isEqualTo(fields.stream().map(Field::getName).toList());
      assertThat(persisted(lake)).isEqualTo(expected);
      assertThat(inFiles(lake)).isEqualTo(expected);
    }
  }

  /** Another engine skips files by them. */
  @Test
  void filesHaveBoundsOfTheColumn() throws Exception {
    open(PROMOTED);
    put("cart", "shop");
    flush();
    try (Lake lake = lake()) {
      int id = lake.catalog().loadTable(TRACES).schema().findField(COLUMN).fieldId();
      try (CloseableIterable<FileScanTask> files =
          lake.catalog().loadTable(TRACES).newScan().includeColumnStats().planFiles()) {
        FileScanTask file = files.iterator().next();
        assertThat(text(file.file().lowerBounds().get(id))).isEqualTo("cart");
        assertThat(text(file.file().upperBounds().get(id))).isEqualTo("shop");
      }
    }
  }

  @Test
  void tableWithFilesGetsTheColumnAtAStartAndItIsFilledAlsoOnceNobodyAsksForIt() throws Exception {
    open();
    put("old");
    flush();
    stop();
    open(PROMOTED);
    put("cart");
    flush();
    stop();
    open();
    put("shop");
    assertThat(hot(2, List.of(COLUMN), null)).containsExactly("shop", "shop");
    flush();
    try (Lake lake = lake()) {
      assertThat(persisted(lake))
          .containsExactly(
              "cart,null", "cart,null", "null,null", "null,null", "shop,null", "shop,null");
    }
  }

  @Test
  void rowsThatAReplayBringsHaveIt() throws Exception {
    open();
    put("cart");
    service.abandon();
    client.close();
    open(PROMOTED);
    assertThat(hot(0, List.of(COLUMN), null)).containsExactly("cart", "cart");
    flush();
    try (Lake lake = lake()) {
      assertThat(persisted(lake)).containsExactly("cart,null", "cart,null");
    }
  }

  @Test
  void columnThatAnotherWriterPromotedMeanwhileIsReadHotWhenItIsAskedFor() throws Exception {
    open();
    put("cart");
    try (Lake lake = Lake.open(settings(PROMOTED).lake(), Clock.systemUTC())) {
      LakeTable traces = lake.table("default", Table.TRACES);
      traces.promote();
    }
    assertThat(hot(0, List.of(COLUMN), null)).containsExactly("cart", "cart");
    assertThatThrownBy(() -> hot(0, List.of("resource_other"), null))
        .hasMessageContaining("cannot read column: resource_other");
  }

  @Test
  void columnThatTheTableHasLostIsNotWritten() throws Exception {
    open(PROMOTED);
    try (Lake lake = lake()) {
      lake.catalog().loadTable(TRACES).updateSchema().deleteColumn("resource_absent").commit();
      put("cart");
      flush();
      assertThat(lake.catalog().loadTable(TRACES).currentSnapshot()).isNotNull();
      put("shop");
      List<Field> fields = new ArrayList<>(TableSchema.of(Table.TRACES).arrow().getFields());
      fields.add(Field.nullable(COLUMN, new ArrowType.Utf8()));
      assertThat(hot(1, null, fields)).containsExactly("shop", "shop");
    }
  }

  @Test
  void columnOfThatNameThatIsSomethingElseRefusesTheStart() throws Exception {
    open();
    stop();
    try (Lake lake = lake()) {
      lake.catalog()
          .loadTable(TRACES)
          .updateSchema()
          .addColumn(COLUMN, Types.StringType.get())
          .commit();
    }
    assertThatThrownBy(() -> WriterService.open(settings(PROMOTED), (part, e) -> died.set(e)))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("cannot start: default.traces has a column " + COLUMN);
  }

  private static String text(ByteBuffer bound) {
    return StandardCharsets.UTF_8.decode(bound).toString();
  }

  private Lake lake() throws Exception {
    return Lake.open(settings().lake(), Clock.systemUTC());
  }

  /** Two spans of each service. */
  private void put(String... services) throws Exception {
    long nanos = System.currentTimeMillis() * 1_000_000;
    try (VectorSchemaRoot root = WireSpans.of(allocator, List.of(services), 0, 2, nanos)) {
      FlightClient.ClientStreamListener stream =
          client.startPut(
              FlightDescriptor.path("0", "default", "traces"), root, new SyncPutListener());
      stream.putNext();
      stream.completed();
      stream.getResult();
    }
  }

  private void flush() {
    client.doAction(new Action("flush")).forEachRemaining(result -> {});
  }

  /** The promoted columns of rows above a position, sorted. */
  private List<String> hot(long after, List<String> columns, List<Field> expected)
      throws Exception {
    String id = Files.readString(data.resolve("writer/log-0/log-id")).strip();
    UUID log = UUID.fromString(id.substring(id.lastIndexOf(' ') + 1));
    ReadTicket ticket =
        new ReadTicket("default", Table.TRACES, Map.of(log, after), columns, null, null, false);
    List<String> rows = new ArrayList<>();
    try (FlightStream stream = client.getStream(new Ticket(ticket.toJson()))) {
      if (expected != null) {
        assertThat(stream.getSchema().getFields()).isEqualTo(expected);
      }
      while (stream.next()) {
        VectorSchemaRoot root = stream.getRoot();
        for (int row = 0; row < root.getRowCount(); row++) {
          List<String> cells = new ArrayList<>();
          for (String name : List.of(COLUMN, "resource_absent")) {
            FieldVector vector = root.getVector(name);
            if (vector != null) {
              cells.add(String.valueOf(vector.getObject(row)));
            }
          }
          rows.add(String.join(",", cells));
        }
      }
    }
    return rows.stream().sorted().toList();
  }

  /** The same of the table, read by Iceberg. */
  private static List<String> persisted(Lake lake) throws Exception {
    List<String> rows = new ArrayList<>();
    try (CloseableIterable<Record> records =
        IcebergGenerics.read(lake.catalog().loadTable(TRACES)).build()) {
      records.forEach(r -> rows.add(r.getField(COLUMN) + "," + r.getField("resource_absent")));
    }
    return rows.stream().sorted().toList();
  }

  /** The same, read from the files by DuckDB, each beside its entry in the map. */
  private static List<String> inFiles(Lake lake) throws Exception {
    List<String> rows = new ArrayList<>();
    try (CloseableIterable<FileScanTask> files =
            lake.catalog().loadTable(TRACES).newScan().planFiles();
        Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      for (FileScanTask file : files) {
        ResultSet result =
            statement.executeQuery(
                "SELECT %s, resource_absent, resource_attributes['service.name'] FROM '%s'"
                    .formatted(COLUMN, file.file().location().substring("file://".length())));
        while (result.next()) {
          assertThat(result.getString(1)).isEqualTo(result.getString(3));
          rows.add(result.getString(1) + "," + result.getString(2));
        }
      }
    }
    return rows.stream().sorted().toList();
  }
}

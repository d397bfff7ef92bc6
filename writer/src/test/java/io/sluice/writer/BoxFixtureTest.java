package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Column;
import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The data directory of a box that release 0.1 wrote and kill -9 ended, half of it in tables and
 * half in the log: segments with DoPut messages of the Acceptor, the window's checkpoint, the
 * catalog, metadata and Parquet. Every later release starts on it and finds the same rows.
 *
 * <p>Made by {@code ./sluice up --data /sluice-v1} with {@code wal.segment-bytes} 1MiB and {@code
 * shards} 2; {@code load --signal all --batch 20}; {@code flush}; {@code load} again; kill -9.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BoxFixtureTest {

  /** Of each table, in its order: rows, and a checksum of all their values. */
  /** That release had no such table: it is there, and empty. */
  private static final String NO_PROFILES = "0 0";

  private static final List<String> PERSISTED =
      List.of(
          "80 324d760e",
          "80 da89e434",
          "24 544dfb62",
          "32 7357f1d4",
          "16 f81acd50",
          "4 a292e200",
          "4 176b0574",
          NO_PROFILES);

  private static final List<String> HOT =
      List.of(
          "60 137a52ea",
          "60 9c8c0e52",
          "18 438f0281",
          "24 60db3baa",
          "12 1382d41e",
          "3 c7b71633",
          "3 abf7bb34",
          NO_PROFILES);

  @TempDir Path data;
  private final BufferAllocator allocator = new RootAllocator();
  private final AtomicReference<Throwable> died = new AtomicReference<>();
  private MovedFiles files;
  private WriterService service;
  private FlightClient client;

  @BeforeEach
  void open() throws Exception {
    unpack("/box-v1.zip");
    files = new MovedFiles("file:///sluice-v1", "file://" + data);
    service =
        WriterService.open(
            settings(), WriterEnvironment.withLakes(config -> lake()), (part, e) -> died.set(e));
    while (!service.replayed()) {
      LockSupport.parkNanos(1_000_000);
    }
    client =
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", service.port()))
            .build();
  }

  private WriterSettings settings() {
    List<String> flags =
        List.of(
            "--data=" + data,
            "--flight.port=0",
            "--writer.admin.port=0",
            "--wal.segment-bytes=1MiB",
            "--wal.max-bytes=64MiB",
            "--shards=2");
    return WriterSettings.from(Settings.of(flags, Map.of(), data));
  }

  private Lake lake() throws LakeUnavailableException {
    return Lake.open(settings().lake(), Clock.systemUTC(), files);
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    service.close();
    allocator.close();
    assertThat(died.get()).isNull();
  }

  @Test
  void whatRelease01WroteIsReadReplayedAndPersisted() throws Exception {
    List<String> hot = new ArrayList<>();
    List<String> persisted = new ArrayList<>();
    Map<Table, Long> rows = new LinkedHashMap<>();
    try (Lake lake = lake()) {
      for (Table table : Table.all()) {
        List<String> found = hot(lake, table);
        List<String> stored = persisted(lake, table);
        hot.add(summary(found));
        persisted.add(summary(stored));
        rows.put(table, (long) found.size() + stored.size());
      }
      assertThat(persisted).isEqualTo(PERSISTED);
      assertThat(hot).isEqualTo(HOT);

      client.doAction(new Action("flush")).forEachRemaining(result -> {});
      for (Table table : Table.all()) {
        assertThat(hot(lake, table)).as(table.tableName()).isEmpty();
        assertThat(persisted(lake, table))
            .as(table.tableName())
            .hasSize(rows.get(table).intValue());
      }
    }
  }

  private List<String> hot(Lake lake, Table table) throws Exception {
    ReadTicket ticket =
        new ReadTicket(
            "default", table, lake.table("default", table).marks(), null, null, null, false);
    List<String> rows = new ArrayList<>();
    try (FlightStream stream = client.getStream(new Ticket(ticket.toJson()))) {
      while (stream.next()) {
        VectorSchemaRoot root = stream.getRoot();
        for (int row = 0; row < root.getRowCount(); row++) {
          StringBuilder text = new StringBuilder();
          for (Column column : TableSchema.of(table).columns()) {
            Object value = root.getVector(column.name()).getObject(row);
            text.append(column.name()).append('=').append(value).append(' ');
          }
          rows.add(text.toString());
        }
      }
    }
    return rows;
  }

  private static List<String> persisted(Lake lake, Table table) throws IOException {
    List<String> rows = new ArrayList<>();
    org.apache.iceberg.Table iceberg =
        lake.catalog().loadTable(TableIdentifier.of("default", table.tableName()));
    try (CloseableIterable<Record> records = IcebergGenerics.read(iceberg).build()) {
      for (Record record : records) {
        StringBuilder text = new StringBuilder();
        for (Column column : TableSchema.of(table).columns()) {
          Object value = record.getField(column.name());
          text.append(column.name()).append('=').append(value).append(' ');
        }
        rows.add(text.toString());
      }
    }
    return rows;
  }

  private static String summary(List<String> rows) {
    CRC32C crc = new CRC32C();
    rows.stream().sorted().forEach(row -> crc.update(row.getBytes(StandardCharsets.UTF_8)));
    return rows.size() + " " + Long.toHexString(crc.getValue());
  }

  private void unpack(String zip) throws IOException {
    try (InputStream bytes = BoxFixtureTest.class.getResourceAsStream(zip);
        ZipInputStream entries = new ZipInputStream(bytes)) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        Path file = data.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          Files.copy(entries, file);
        }
      }
    }
  }
}

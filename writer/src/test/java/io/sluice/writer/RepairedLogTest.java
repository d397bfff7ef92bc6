package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.Lake;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.wal.WalRepair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.SyncPutListener;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.iceberg.FileScanTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Writer on a log of which a repair found positions lost: the rest is served, and it goes on. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RepairedLogTest {

  @TempDir Path data;
  private final BufferAllocator allocator = new RootAllocator();
  private final AtomicReference<Throwable> died = new AtomicReference<>();
  private WriterService service;
  private FlightClient client;

  private void start() throws Exception {
    service = WriterService.open(settings(), (part, e) -> died.set(e));
    client =
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", service.port()))
            .build();
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!service.replayed()) {
      assertThat(System.nanoTime()).as("what is lost is waited for").isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private WriterSettings settings() {
    List<String> flags =
        List.of(
            "--data=" + data,
            "--flight.port=0",
            "--writer.admin.port=0",
            "--wal.segment-bytes=1MiB",
            "--wal.max-bytes=64MiB");
    return WriterSettings.from(Settings.of(flags, Map.of(), data));
  }

  private void kill() throws Exception {
    client.close();
    service.abandon();
    service = null;
  }

  @AfterEach
  void close() throws Exception {
    if (service != null) {
      kill();
    }
    allocator.close();
    assertThat(died.get()).isNull();
  }

  @Test
  void readsDoNotWaitForALostEndAndWhatComesBehindItIsThereOnce() throws Exception {
    start();
    put("kept", 3);
    kill();
    start();
    put("lost", 5); // each start begins a segment
    kill();
    loseNewestSegment(5);
    start();
    assertThat(rows()).as("nothing was put since").containsOnly("kept").hasSize(3);
    put("new", 2);
    assertThat(rows()).containsExactlyInAnyOrder("kept", "kept", "kept", "new", "new");
    flush();
    kill();
    start();
    assertThat(persistedRows()).isEqualTo(5);
    put("newer", 1);
    flush();
    assertThat(persistedRows()).isEqualTo(6);
  }

  @Test
  void aLostEndOfALogWithoutAnyOtherRecordIsPassedToo() throws Exception {
    start();
    put("lost", 3);
    kill();
    loseNewestSegment(1);
    start();
    assertThat(rows()).isEmpty();
    put("new", 2);
    assertThat(rows()).containsOnly("new").hasSize(2);
  }

  /** The repair calls lost what the segment could have held, not only what it held. */
  private void loseNewestSegment(int atLeast) throws Exception {
    Path log = data.resolve("writer/log-0");
    try (Stream<Path> files = Files.list(log)) {
      Files.delete(
          files
              .filter(file -> file.getFileName().toString().matches("[0-9a-f]{16}\\.wal"))
              .max(Comparator.naturalOrder())
              .orElseThrow());
    }
    WalRepair.Report report = WalRepair.repair(log, true, (stream, payload) -> "");
    WalRepair.Lost lost = report.lost().get(report.lost().size() - 1);
    assertThat(lost.last() - lost.first()).isGreaterThanOrEqualTo(atLeast - 1);
  }

  private void put(String service, int rows) throws Exception {
    long nanos = System.currentTimeMillis() * 1_000_000;
    for (int row = 0; row < rows; row++) {
      try (VectorSchemaRoot root = WireSpans.of(allocator, service, row, 1, nanos)) {
        FlightClient.ClientStreamListener stream =
            client.startPut(
                FlightDescriptor.path("0", "default", "traces"), root, new SyncPutListener());
        stream.putNext();
        stream.completed();
        stream.getResult();
      }
    }
  }

  private void flush() {
    client.doAction(new Action("flush")).next();
  }

  /** The services of the hot rows. */
  private List<String> rows() throws Exception {
    ReadTicket ticket =
        new ReadTicket("default", Table.TRACES, Map.of(logId(), 0L), null, null, null, false);
    List<String> services = new ArrayList<>();
    try (FlightStream stream =
        client.getStream(new Ticket(ticket.toJson()), CallOptions.timeout(60, TimeUnit.SECONDS))) {
      while (stream.next()) {
        VectorSchemaRoot root = stream.getRoot();
        for (int row = 0; row < root.getRowCount(); row++) {
          services.add(root.getVector("service_name").getObject(row).toString());
        }
      }
    }
    return services;
  }

  private UUID logId() throws Exception {
    String id = Files.readString(data.resolve("writer/log-0/log-id")).strip();
    return UUID.fromString(id.substring(id.lastIndexOf(' ') + 1));
  }

  private long persistedRows() throws Exception {
    long rows = 0;
    try (Lake lake = Lake.open(settings().lake(), Clock.systemUTC())) {
      for (FileScanTask file : lake.table("default", Table.TRACES).snapshot().files()) {
        rows += file.file().recordCount();
      }
    }
    return rows;
  }
}

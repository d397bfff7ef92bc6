package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.service.DamagedException;
import io.sluice.schema.service.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.SyncPutListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Writer ends by a damaged log with a sentence that names the repair, not as by a bad disk. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedLogTest {

  @TempDir Path data;
  private final CompletableFuture<Throwable> died = new CompletableFuture<>();

  private WriterService open() throws Exception {
    List<String> flags =
        List.of(
            "--data=" + data,
            "--flight.port=0",
            "--writer.admin.port=0",
            "--wal.segment-bytes=1MiB",
            "--wal.max-bytes=64MiB");
    WriterSettings settings = WriterSettings.from(Settings.of(flags, Map.of(), data));
    return WriterService.open(settings, (part, e) -> died.complete(e));
  }

  /** Each start begins a segment, so that the damaged one is read by the replay alone. */
  private void writeALog() throws Exception {
    WriterService first = open();
    try (BufferAllocator allocator = new RootAllocator();
        FlightClient client =
            FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", first.port()))
                .build();
        VectorSchemaRoot root =
            WireSpans.of(allocator, "x", 1, 1, System.currentTimeMillis() * 1_000_000)) {
      FlightClient.ClientStreamListener stream =
          client.startPut(
              FlightDescriptor.path("0", "default", "traces"), root, new SyncPutListener());
      stream.putNext();
      stream.completed();
      stream.getResult();
    }
    first.abandon();
    open().abandon();
  }

  private Path flip(int at) throws Exception {
    Path log = data.resolve("writer/log-0");
    Path file = log.resolve("0000000000000001.wal");
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
    return log;
  }

  @Test
  void aReplayThatMeetsDamageNamesItAndTheRepair() throws Exception {
    writeALog();
    Path log = flip(4096 + 60);
    WriterService service = open();
    assertThat(died.join())
        .isInstanceOf(DamagedException.class)
        .hasMessageContaining("0000000000000001.wal at offset 4096: expected payload CRC 0x")
        .hasMessageContaining("'sluice wal repair " + log + "'");
    service.abandon();
  }

  @Test
  void aStartThatMeetsDamageDoesTheSame() throws Exception {
    writeALog();
    Path log = flip(40);
    assertThatThrownBy(this::open)
        .isInstanceOf(DamagedException.class)
        .hasMessageContaining("'sluice wal repair " + log + "'");
  }
}

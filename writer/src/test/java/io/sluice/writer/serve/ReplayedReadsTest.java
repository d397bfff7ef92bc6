package io.sluice.writer.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.writer.HotSpans;
import io.sluice.writer.ManualClock;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.TableKey;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A read during a replay would be short, so there is none. */
@Timeout(60)
class ReplayedReadsTest {

  private static final TableKey TRACES = new TableKey("default", Table.TRACES);
  private volatile boolean whole;

  @Test
  void readIsRefusedUntilTheLogIsReplayed() throws Exception {
    ManualClock clock = new ManualClock();
    try (BufferAllocator allocator = new RootAllocator();
        ChunkBuffer buffer =
            new ChunkBuffer(key -> 0L, SealPolicy.DEFAULT, HotSpans.NO_LOG, clock)) {
      FlightReads reads =
          new FlightReads(
              new UUID(1, 2),
              buffer,
              allocator,
              new Actions(null, buffer, null),
              () -> whole,
              new ReadLimits(Duration.ofMinutes(1), clock, new LongAdder()));
      try (FlightServer server =
              FlightServer.builder(allocator, Location.forGrpcInsecure("127.0.0.1", 0), reads)
                  .build()
                  .start();
          FlightClient client =
              FlightClient.builder(
                      allocator, Location.forGrpcInsecure("127.0.0.1", server.getPort()))
                  .build()) {
        HotSpans.add(allocator, buffer, TRACES, 1, 10); // the first of two
        assertThatThrownBy(() -> rows(client))
            .isInstanceOfSatisfying(
                FlightRuntimeException.class,
                e -> assertThat(e.status().metadata().get("sluice-reason")).isEqualTo("leader"))
            .hasMessageContaining("replaying its log");
        HotSpans.add(allocator, buffer, TRACES, 2, 10);
        whole = true;
        assertThat(rows(client)).isEqualTo(20);
      }
    }
  }

  private static int rows(FlightClient client) throws Exception {
    int rows = 0;
    try (FlightStream stream = client.getStream(new Ticket(ReadTicket.of(Table.TRACES).toJson()))) {
      while (stream.next()) {
        rows += stream.getRoot().getRowCount();
      }
    }
    return rows;
  }
}

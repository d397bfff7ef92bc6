package io.sluice.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.LakeConfig;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An audit that a Writer cuts short asks again, and tells of each row once. */
class TableRowsTest {

  @TempDir private Path directory;
  private final BufferAllocator allocator = new RootAllocator();
  private final CuttingWriter producer = new CuttingWriter();
  private final List<String> seen = new ArrayList<>();
  private FlightServer server;

  @BeforeEach
  void open() throws Exception {
    server =
        FlightServer.builder(allocator, Location.forGrpcInsecure("127.0.0.1", 0), producer)
            .build()
            .start();
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    allocator.close();
  }

  @Test
  void rowsOfAStreamThatEndsInItsMiddleAreToldWhenTheyHaveAllCome() throws Exception {
    producer.cuts = 2;
    try (TableRows rows = rows(Duration.ofMinutes(1))) {
      rows.read(Table.TRACES, keys());
      assertThat(rows.hotRows()).isEqualTo(3);
    }
    assertThat(seen).containsExactly("span 0", "span 1", "span 2");
    assertThat(producer.reads).isEqualTo(3);
  }

  @Test
  void oneThatNeverComesToItsEndIsAnErrorThatNamesTheTable() throws Exception {
    producer.cuts = Integer.MAX_VALUE;
    try (TableRows rows = rows(Duration.ZERO)) {
      assertThatThrownBy(() -> rows.read(Table.TRACES, keys()))
          .isInstanceOf(FlightRuntimeException.class)
          .hasMessageContaining("cannot read traces of tenant default whole in PT0S: ")
          .hasMessageContaining("(reload the table)");
    }
    assertThat(seen).isEmpty();
  }

  private TableRows rows(Duration patience) throws Exception {
    return new TableRows(
        new AuditTarget(
            LakeConfig.of(
                "jdbc:sqlite:" + directory.resolve("catalog.db"),
                "file://" + directory.resolve("warehouse")),
            List.of(new HostPort("127.0.0.1", server.getPort())),
            "default",
            patience));
  }

  private RowKeys keys() {
    return new RowKeys() {
      @Override
      public void span(
          @Nullable String traceId, @Nullable String spanId, @Nullable RowContent row) {
        seen.add(spanId);
      }

      @Override
      public void keyed(Table table, @Nullable String key, @Nullable RowContent row) {
        throw new AssertionError(table);
      }
    };
  }

  /** Three rows, each a batch, with a sign of life among them; some reads end before the last. */
  private final class CuttingWriter extends NoOpFlightProducer {
    private volatile int cuts;
    private volatile int reads;

    @Override
    public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
      int read = ++reads;
      try (VectorSchemaRoot root =
          VectorSchemaRoot.create(
              TableSchema.of(Table.TRACES).arrow(new HashSet<>(ReadColumns.of(Table.TRACES).all())),
              allocator)) {
        listener.start(root);
        for (int row = 0; row < 3; row++) {
          root.allocateNew();
          listener.putNext();
          ((VarCharVector) root.getVector("span_id"))
              .setSafe(0, ("span " + row).getBytes(StandardCharsets.UTF_8));
          root.setRowCount(1);
          if (row == 2 && read <= cuts) {
            listener.error(
                CallStatus.UNAVAILABLE
                    .withDescription("cannot go on (reload the table)")
                    .toRuntimeException());
            return;
          }
          listener.putNext();
          root.setRowCount(0);
        }
        listener.completed();
      }
    }
  }
}

package io.sluice.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.LakeConfig;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.ReadTicket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An audit that a Writer cuts short asks again, and tells of each row once. */
class TableRowsTest {

  @TempDir private Path directory;
  private final BufferAllocator allocator = new RootAllocator();
  private final CuttingWriter producer = new CuttingWriter(1);
  private final List<String> seen = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private FlightServer server;

  @BeforeEach
  void open() throws Exception {
    server = start(producer);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    // A call is over for its server before the method that answered it has let go its memory.
    threads.shutdown();
    assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
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

  private FlightServer start(CuttingWriter writer) throws Exception {
    return FlightServer.builder(allocator, Location.forGrpcInsecure("127.0.0.1", 0), writer)
        .executor(threads)
        .build()
        .start();
  }

  private TableRows rows(Duration patience) throws Exception {
    return rows(patience, server);
  }

  private TableRows rows(Duration patience, FlightServer at) throws Exception {
    return new TableRows(
        new AuditTarget(
            LakeConfig.of(
                "jdbc:sqlite:" + directory.resolve("catalog.db"),
                "file://" + directory.resolve("warehouse")),
            List.of(new HostPort("127.0.0.1", at.getPort())),
            "default",
            patience));
  }

  @Test
  void everyLogIsReadByItsIdOnceItHasALeader() throws Exception {
    CuttingWriter three = new CuttingWriter(3);
    three.leads = 1;
    try (FlightServer other = start(three);
        TableRows rows = rows(Duration.ofMinutes(1), other)) {
      rows.read(Table.TRACES, keys());
      assertThat(rows.hotRows()).isEqualTo(9);
    }
    assertThat(three.tickets).extracting(ReadTicket::log).containsExactly(three.logs);
    assertThat(three.tickets).noneMatch(ReadTicket::allowPartial);
  }

  @Test
  void logThatNobodyLeadsIsAnErrorThatNamesIt() throws Exception {
    CuttingWriter three = new CuttingWriter(3);
    three.leads = 0;
    try (FlightServer other = start(three);
        TableRows rows = rows(Duration.ZERO, other)) {
      assertThatThrownBy(() -> rows.read(Table.TRACES, keys()))
          .isInstanceOf(FlightRuntimeException.class)
          .hasMessageContaining("cannot read traces of tenant default whole in PT0S: ")
          .hasMessageContaining("log 0 (%s): no Writer that answers knows", three.logs[0]);
    }
    assertThat(seen).isEmpty();
  }

  @Test
  void loneLogIsReadWithoutItsIdAsOlderWritersWantIt() throws Exception {
    try (TableRows rows = rows(Duration.ofMinutes(1))) {
      rows.read(Table.TRACES, keys());
    }
    assertThat(producer.tickets).singleElement().extracting(ReadTicket::log).isNull();
  }

  @Test
  void rowsOfAnotherLogOrThatMayNotBeAllAreNotTaken() throws Exception {
    for (String odd : List.of("sluice.partial", "sluice.log")) {
      producer.about = Map.of(odd, "odd");
      try (TableRows rows = rows(Duration.ZERO)) {
        assertThatThrownBy(() -> rows.read(Table.TRACES, keys()))
            .isInstanceOf(FlightRuntimeException.class)
            .hasMessageContaining("cannot read log 0 (%s): Writer ", producer.logs[0])
            .hasMessageContaining("odd");
      }
    }
    assertThat(seen).isEmpty();
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
    private final UUID[] logs;
    private final List<ReadTicket> tickets = new CopyOnWriteArrayList<>();
    private volatile int cuts;
    private volatile int reads;
    private volatile int leads;
    private volatile Map<String, String> about = Map.of();

    CuttingWriter(int logs) {
      this.logs = Stream.generate(UUID::randomUUID).limit(logs).toArray(UUID[]::new);
      this.leads = logs;
    }

    @Override
    public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
      StringBuilder answer = new StringBuilder();
      for (int i = 0; i < logs.length; i++) {
        answer
            .append(i == 0 ? "{\"v\":1,\"logs\":[" : ",")
            .append("{\"number\":%d,\"id\":\"%s\",\"leads\":%s}".formatted(i, logs[i], i < leads));
      }
      if (leads < logs.length) {
        leads++; // an election ends
      }
      listener.onNext(new Result(answer.append("]}").toString().getBytes(StandardCharsets.UTF_8)));
      listener.onCompleted();
    }

    private UUID log(Ticket bytes) {
      try {
        ReadTicket ticket = ReadTicket.parse(bytes.getBytes());
        tickets.add(ticket);
        return ticket.log() == null ? logs[0] : ticket.log();
      } catch (MalformedMessageException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
      int read = ++reads;
      Map<String, String> metadata = new HashMap<>(about);
      metadata.putIfAbsent("sluice.log", log(ticket).toString());
      try (VectorSchemaRoot root =
          VectorSchemaRoot.create(
              new Schema(
                  TableSchema.of(Table.TRACES)
                      .arrow(new HashSet<>(ReadColumns.of(Table.TRACES).all()))
                      .getFields(),
                  metadata),
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

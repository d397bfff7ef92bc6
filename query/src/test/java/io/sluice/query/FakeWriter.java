package io.sluice.query;

import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Promotions;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.ErrorFlightMetadata;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A Writer of one log as a reader sees it: rows with positions, of which the oldest can be let go.
 * Rows are sent one per batch.
 */
final class FakeWriter extends NoOpFlightProducer implements AutoCloseable {

  /** A row of a table at its position in the log. */
  record HotRow(long position, Map<String, Object> values) {}

  /** Runs while a DoGet is answered; what it throws is the answer. */
  interface Before {
    void read(ReadTicket ticket) throws Exception;
  }

  final UUID log = UUID.randomUUID();
  final List<ReadTicket> tickets = new ArrayList<>();
  private final Map<Table, List<HotRow>> rows = new java.util.EnumMap<>(Table.class);
  private final BufferAllocator allocator;
  private final FlightServer server;
  private volatile String answer;
  private volatile FlightRuntimeException refusal;
  private volatile Before before = ticket -> {};
  private volatile Before beforeSecondRow = ticket -> {};
  private volatile int failAfterRows = Integer.MAX_VALUE;
  private final AtomicInteger answering = new AtomicInteger();
  private volatile Promotions promotions = Promotions.NONE;
  private long letGo;

  FakeWriter(BufferAllocator allocator) throws IOException {
    this.allocator = allocator;
    this.server =
        FlightServer.builder(allocator, Location.forGrpcInsecure("127.0.0.1", 0), this)
            .build()
            .start();
    this.answer =
        "{\"v\":1,\"writer\":\"writer-0\",\"logs\":[{\"number\":0,\"id\":\"%s\",\"leader\":\"127.0.0.1:1\",\"first\":1,\"applied\":9}]}"
            .formatted(log);
  }

  HostPort address() {
    return new HostPort("127.0.0.1", server.getPort());
  }

  /** Which columns tables have besides their own. */
  void promotes(Promotions promoted) {
    promotions = promoted;
  }

  /** What DoAction {@code logs} says. */
  void answers(String logs) {
    answer = logs;
  }

  /** What every DoAction is refused with. */
  void refuses(FlightRuntimeException with) {
    refusal = with;
  }

  void before(Before read) {
    before = read;
  }

  void beforeSecondRow(Before wait) {
    beforeSecondRow = wait;
  }

  void failAfter(int rowsSent) {
    failAfterRows = rowsSent;
  }

  synchronized void add(Table table, long position, Map<String, Object> values) {
    rows.computeIfAbsent(table, t -> new ArrayList<>()).add(new HotRow(position, values));
  }

  /** Forgets rows up to a position: who has less is told to reload. */
  synchronized void letGo(long upTo) {
    letGo = upTo;
    rows.values().forEach(list -> list.removeIf(row -> row.position <= upTo));
  }

  static FlightRuntimeException refusal(String reason) {
    ErrorFlightMetadata metadata = new ErrorFlightMetadata();
    metadata.insert("sluice-reason", reason);
    return CallStatus.UNAVAILABLE
        .withDescription("refused: " + reason)
        .withMetadata(metadata)
        .toRuntimeException();
  }

  @Override
  public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
    if (refusal != null) {
      listener.onError(refusal);
      return;
    }
    listener.onNext(new Result(answer.getBytes(StandardCharsets.UTF_8)));
    listener.onCompleted();
  }

  @Override
  public void getStream(CallContext context, Ticket bytes, ServerStreamListener listener) {
    answering.incrementAndGet();
    try {
      ReadTicket ticket = ReadTicket.parse(bytes.getBytes());
      before.read(ticket);
      List<HotRow> pinned = pin(ticket);
      Schema schema =
          new Schema(
              promotions.arrow(ticket.table(), columns(ticket)).getFields(),
              Map.of("sluice.log", log.toString(), "sluice.position", "1000"));
      try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
        listener.start(root);
        listener.putNext(); // no rows: a sign of life, as while a log is replayed
        int sent = 0;
        for (HotRow row : pinned) {
          if (++sent > failAfterRows) {
            throw refusal("slow-reader");
          }
          if (sent == 2) {
            beforeSecondRow.read(ticket);
          }
          root.allocateNew();
          root.getFieldVectors().forEach(v -> TestRows.set(v, row.values.get(v.getName())));
          root.setRowCount(1);
          listener.putNext();
        }
        listener.completed();
      }
    } catch (FlightRuntimeException e) {
      listener.error(e);
    } catch (Exception e) {
      listener.error(CallStatus.INTERNAL.withDescription(e.toString()).toRuntimeException());
    } finally {
      answering.decrementAndGet();
    }
  }

  private synchronized List<HotRow> pin(ReadTicket ticket) {
    tickets.add(ticket);
    long after = ticket.after().getOrDefault(log, 0L);
    if (after < letGo) {
      throw refusal("reload");
    }
    return rows.getOrDefault(ticket.table(), List.of()).stream()
        .filter(row -> row.position > after)
        .toList();
  }

  private static Set<String> columns(ReadTicket ticket) throws MalformedMessageException {
    List<String> asked = ticket.columns();
    if (asked == null) {
      throw new MalformedMessageException("the reader asks for columns, always");
    }
    return new HashSet<>(asked);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    while (answering.get() > 0) { // the server does not wait for what a reader has given up
      LockSupport.parkNanos(1_000_000);
    }
  }
}

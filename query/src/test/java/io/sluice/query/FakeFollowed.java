package io.sluice.query;

import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** A Writer of one log as a reader that follows sees it: it goes on with rows as they are added. */
final class FakeFollowed extends NoOpFlightProducer implements AutoCloseable {

  private record Row(long position, String name) {}

  final UUID log = UUID.randomUUID();
  final List<ReadTicket> tickets = new CopyOnWriteArrayList<>();
  private final List<Row> rows = new ArrayList<>();
  private final BufferAllocator allocator;
  private final FlightServer server;
  private final AtomicInteger answering = new AtomicInteger();
  private final Queue<Integer> breaks = new ConcurrentLinkedQueue<>();
  private volatile boolean saysPositions = true;
  private volatile long letGo;
  private volatile @Nullable FlightRuntimeException refusal;
  private volatile boolean closed;

  FakeFollowed(BufferAllocator allocator) throws IOException {
    this.allocator = allocator;
    this.server =
        FlightServer.builder(allocator, Location.forGrpcInsecure("127.0.0.1", 0), this)
            .build()
            .start();
  }

  HostPort address() {
    return new HostPort("127.0.0.1", server.getPort());
  }

  void add(long position, String... names) {
    synchronized (rows) {
      for (String name : names) {
        rows.add(new Row(position, name));
      }
    }
  }

  /** The next streams end by an error after so many rows, one after the other. */
  void breaksAfter(Integer... counts) {
    breaks.addAll(List.of(counts));
  }

  void saysNoPositions() {
    saysPositions = false;
  }

  /** What was persisted is not to be had here any more. */
  void letGo(long upTo) {
    synchronized (rows) {
      rows.removeIf(row -> row.position <= upTo);
      letGo = upTo;
    }
  }

  void refuses(@Nullable FlightRuntimeException with) {
    refusal = with;
  }

  @Override
  public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
    String logs =
        "{\"v\":1,\"writer\":\"writer-0\",\"logs\":[{\"number\":0,\"id\":\"%s\",\"leader\":\"127.0.0.1:1\",\"first\":1,\"applied\":9}]}"
            .formatted(log);
    listener.onNext(new Result(logs.getBytes(StandardCharsets.UTF_8)));
    listener.onCompleted();
  }

  @Override
  public FlightInfo getFlightInfo(CallContext context, FlightDescriptor descriptor) {
    ReadTicket ticket = ReadTicket.of(Table.TRACES).with(Map.of(log, letGo));
    return FlightInfo.builder(
            TableSchema.of(Table.TRACES).arrow(),
            descriptor,
            List.of(new FlightEndpoint(new Ticket(ticket.toJson()))))
        .build();
  }

  @Override
  public void getStream(CallContext context, Ticket bytes, ServerStreamListener listener) {
    answering.incrementAndGet();
    try {
      ReadTicket ticket = ReadTicket.parse(bytes.getBytes());
      tickets.add(ticket);
      FlightRuntimeException with = refusal;
      if (with != null) {
        throw with;
      }
      send(ticket, ticket.after().getOrDefault(log, 0L), listener);
    } catch (FlightRuntimeException e) {
      listener.error(e);
    } catch (Exception e) {
      listener.error(CallStatus.INTERNAL.withDescription(e.toString()).toRuntimeException());
    } finally {
      answering.decrementAndGet();
    }
  }

  private void send(ReadTicket ticket, long after, ServerStreamListener listener) {
    if (after < letGo) {
      throw FakeWriter.refusal("reload");
    }
    Schema schema =
        new Schema(
            TableSchema.of(Table.TRACES)
                .arrow(new HashSet<>(Objects.requireNonNull(ticket.columns())))
                .getFields(),
            Map.of("sluice.log", log.toString(), "sluice.position", Long.toString(after)));
    Integer next = breaks.poll();
    int left = next == null ? 0 : next;
    try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
      listener.start(root);
      int sent = 0;
      while (!listener.isCancelled() && !closed) {
        List<Row> all = after(after);
        if (sent == all.size()) {
          LockSupport.parkNanos(1_000_000);
          continue;
        }
        Row row = all.get(sent++);
        root.allocateNew();
        root.getFieldVectors().forEach(v -> TestRows.set(v, row.name));
        root.setRowCount(1);
        put(listener, all, sent, after);
        if (--left == 0) {
          throw FakeMember.lost();
        }
      }
      throw FakeMember.lost();
    }
  }

  private List<Row> after(long position) {
    synchronized (rows) {
      return rows.stream().filter(row -> row.position > position).toList();
    }
  }

  private void put(ServerStreamListener listener, List<Row> all, int sent, long after) {
    if (!saysPositions) {
      listener.putNext();
      return;
    }
    long position = all.get(sent - 1).position;
    boolean whole = sent < all.size() && all.get(sent).position > position;
    long complete = whole ? position : all.get(sent - 1).position - 1;
    long more =
        whole ? 0 : all.subList(0, sent).stream().filter(row -> row.position == position).count();
    byte[] json =
        "{\"position\":%d,\"rows\":%d}"
            .formatted(Math.max(complete, after), more)
            .getBytes(StandardCharsets.UTF_8);
    ArrowBuf beside = allocator.buffer(json.length);
    beside.writeBytes(json);
    listener.putNext(beside);
  }

  @Override
  public void close() {
    closed = true;
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

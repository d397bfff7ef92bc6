package io.sluice.query;

import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.TableSchema;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/** A Writer of a {@link FakeCluster} as a reader sees it. */
final class FakeMember extends NoOpFlightProducer implements AutoCloseable {

  /** Runs while a DoGet or DoAction is answered; what it throws is the answer. */
  interface Before {
    void answer() throws Exception;
  }

  final List<ReadTicket> tickets = new CopyOnWriteArrayList<>();
  final List<String> actions = new CopyOnWriteArrayList<>();

  /** What it says of some logs, by number, whatever is true. */
  final Map<Integer, String> claims = new ConcurrentHashMap<>();

  /** Positions up to which it gives logs to who takes partial rows, by number. */
  final Map<Integer, Long> partial = new ConcurrentHashMap<>();

  private final FakeCluster cluster;
  private final int index;
  private final BufferAllocator allocator;
  private final FlightServer server;
  private final HostPort address;
  private final AtomicInteger answering = new AtomicInteger();
  private volatile Before beforeRead = () -> {};
  private volatile Before beforeLogs = () -> {};
  private volatile Before beforeDeed = () -> {};
  private volatile int batch = 1;
  private volatile int rowsBefore = Integer.MAX_VALUE;
  private volatile Before among = () -> {};

  FakeMember(FakeCluster cluster, int index, BufferAllocator allocator) throws IOException {
    this.cluster = cluster;
    this.index = index;
    this.allocator = allocator;
    this.server =
        FlightServer.builder(allocator, Location.forGrpcInsecure("127.0.0.1", 0), this)
            .build()
            .start();
    this.address = new HostPort("127.0.0.1", server.getPort());
  }

  HostPort address() {
    return address;
  }

  void beforeRead(Before before) {
    beforeRead = before;
  }

  void beforeLogs(Before before) {
    beforeLogs = before;
  }

  /** Before it flushes or unparks. */
  void beforeDeed(Before before) {
    beforeDeed = before;
  }

  /** How many rows are sent at once. */
  void batch(int rows) {
    batch = rows;
  }

  /** Something happens in the middle of each stream. */
  void afterRows(int rows, Before happens) {
    rowsBefore = rows;
    among = happens;
  }

  /** As of a connection that is lost. */
  static FlightRuntimeException lost() {
    return CallStatus.UNAVAILABLE.withDescription("connection reset").toRuntimeException();
  }

  static String claim(FakeLog log, long term, boolean leads, String leader) {
    return claim(log, term, leads, leader, 1000);
  }

  private static String claim(FakeLog log, long term, boolean leads, String leader, long applied) {
    return "{\"number\":%d,\"id\":\"%s\",\"term\":%d%s,\"leads\":%s,\"first\":1,\"applied\":%d,\"peers\":[{\"writer\":\"writer-0\"},{\"writer\":\"writer-1\"},{\"writer\":\"writer-2\"}]}"
        .formatted(
            log.number,
            log.id,
            term,
            leader.isEmpty() ? "" : ",\"leader\":\"" + leader + "\"",
            leads,
            applied);
  }

  @Override
  public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
    actions.add(action.getType());
    try {
      String answer;
      if (action.getType().equals("logs")) {
        beforeLogs.answer();
        answer = logs();
      } else {
        beforeDeed.answer();
        answer =
            "{\"v\":1,\"done\":\"done by %d\",\"persisted\":[{\"tenant\":\"default\",\"table\":\"traces\",\"position\":%d,\"rows\":1}]}"
                .formatted(index, index);
      }
      listener.onNext(new Result(answer.getBytes(StandardCharsets.UTF_8)));
      listener.onCompleted();
    } catch (FlightRuntimeException e) {
      listener.onError(e);
    } catch (Exception e) {
      listener.onError(CallStatus.INTERNAL.withDescription(e.toString()).toRuntimeException());
    }
  }

  private String logs() {
    String logs =
        cluster.logs.stream()
            .map(
                log ->
                    claims.containsKey(log.number)
                        ? claims.get(log.number)
                        : claim(
                            log,
                            log.term,
                            log.leader == index,
                            log.leader == FakeLog.NOBODY
                                ? ""
                                : cluster.writer(log.leader).address().toString(),
                            partial.getOrDefault(log.number, 1000L)))
            .filter(claim -> !claim.isEmpty())
            .collect(Collectors.joining(","));
    return "{\"v\":1,\"writer\":\"writer-%d\",\"disk\":\"d\",\"address\":\"%s\",\"cluster\":%d,\"logs\":[%s]}"
        .formatted(index, address, cluster.logs.size(), logs);
  }

  @Override
  public void getStream(CallContext context, Ticket bytes, ServerStreamListener listener) {
    answering.incrementAndGet();
    try {
      ReadTicket ticket = ReadTicket.parse(bytes.getBytes());
      tickets.add(ticket);
      beforeRead.answer();
      send(ticket, log(ticket), listener);
    } catch (FlightRuntimeException e) {
      listener.error(e);
    } catch (Exception e) {
      listener.error(CallStatus.INTERNAL.withDescription(e.toString()).toRuntimeException());
    } finally {
      answering.decrementAndGet();
    }
  }

  private FakeLog log(ReadTicket ticket) {
    return cluster.logs.stream()
        .filter(log -> cluster.logs.size() == 1 || log.id.equals(ticket.log()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no such log: " + ticket.log()));
  }

  private void send(ReadTicket ticket, FakeLog log, ServerStreamListener listener)
      throws Exception {
    boolean whole = log.leader == index;
    Long applied = partial.get(log.number);
    if (!whole && !(ticket.allowPartial() && applied != null)) {
      throw FakeWriter.refusal("leader");
    }
    long to = whole ? 1000 : Objects.requireNonNull(applied);
    List<Map<String, Object>> rows = log.read(ticket, to);
    Map<String, String> about = new HashMap<>();
    about.put("sluice.log", log.id.toString());
    about.put("sluice.position", Long.toString(to));
    if (!whole) {
      about.put("sluice.partial", "it does not lead");
    }
    Schema schema =
        new Schema(
            TableSchema.of(ticket.table()).arrow(new HashSet<>(columns(ticket))).getFields(),
            about);
    try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
      listener.start(root);
      root.allocateNew();
      int filled = 0;
      for (int sent = 0; sent < rows.size(); sent++) {
        if (sent == rowsBefore) {
          among.answer();
        }
        Map<String, Object> row = rows.get(sent);
        int at = filled++;
        root.getFieldVectors().forEach(v -> TestRows.set(v, at, row.get(v.getName())));
        if (filled == batch || sent + 1 == rows.size()) {
          root.setRowCount(filled);
          listener.putNext();
          root.allocateNew();
          filled = 0;
        }
      }
      listener.completed();
    }
  }

  private static List<String> columns(ReadTicket ticket) throws MalformedMessageException {
    List<String> asked = ticket.columns();
    if (asked == null) {
      throw new MalformedMessageException("the reader asks for columns, always");
    }
    return asked;
  }

  /** Never answers, as a process that was stopped. */
  static Before silence(CountDownLatch end) {
    return () -> {
      end.await();
      throw lost();
    };
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

package io.sluice.query;

import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.sluice.query.ReadRefusedException.Reason;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.ReadTicket;
import java.net.ConnectException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.ErrorFlightMetadata;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/** A connection to one Writer. Any thread may use it. */
final class WriterClient implements AutoCloseable {

  private static final String REASON = "sluice-reason";
  private static final int MAX_MESSAGE = 256 << 20;
  private static final int CLOSE_SECONDS = 5;
  private static final int MARKS_SECONDS = 10;

  /** The action that tells which logs a Writer has. */
  static final String LOGS = "logs";

  private final HostPort address;
  private final ManagedChannel channel;
  private final FlightClient flight;
  private final Patience patience;

  private WriterClient(
      HostPort address, ManagedChannel channel, FlightClient flight, Patience patience) {
    this.address = address;
    this.channel = channel;
    this.flight = flight;
    this.patience = patience;
  }

  /** Connects when it is first used. */
  static WriterClient of(
      HostPort address,
      ChannelCredentials credentials,
      BufferAllocator allocator,
      Patience patience) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(address.host(), address.port(), credentials)
            .maxInboundMessageSize(MAX_MESSAGE)
            .maxTraceEvents(0)
            .build();
    return new WriterClient(
        address,
        channel,
        FlightGrpcUtils.createFlightClientWithSharedChannel(allocator, channel),
        patience);
  }

  /**
   * Asks for an action and gives its one answer.
   *
   * @throws ReadException the Writer cannot be reached, or refuses
   */
  byte[] action(String type, byte[] body, Duration atMost) throws ReadException {
    CallOption deadline = CallOptions.timeout(atMost.toMillis(), TimeUnit.MILLISECONDS);
    connect();
    try {
      Iterator<Result> results = flight.doAction(new Action(type, body), deadline);
      if (!results.hasNext()) {
        throw new ReadException(
            "cannot do %s: Writer %s gave no answer".formatted(type, address), null);
      }
      byte[] answer = results.next().getBody();
      results.forEachRemaining(more -> {});
      return answer;
    } catch (FlightRuntimeException e) {
      throw failure(type.equals(LOGS) ? "find logs" : "do " + type, e);
    }
  }

  /** Up to where of each of its logs a table is persisted, as the Writer knows it. */
  Map<UUID, Long> marks(String tenant, Table table) throws ReadException {
    connect();
    try {
      Map<UUID, Long> marks = new HashMap<>();
      FlightInfo info =
          flight.getInfo(
              FlightDescriptor.path(tenant, table.tableName()),
              CallOptions.timeout(MARKS_SECONDS, TimeUnit.SECONDS));
      for (FlightEndpoint endpoint : info.getEndpoints()) {
        marks.putAll(ReadTicket.parse(endpoint.getTicket().getBytes()).after());
      }
      return marks;
    } catch (FlightRuntimeException e) {
      throw failure("find the mark of " + table, e);
    } catch (MalformedMessageException e) {
      throw new ReadException("cannot find the mark of %s: %s".formatted(table, e.getMessage()), e);
    }
  }

  /** Starts a read. */
  FlightStream start(ReadTicket ticket) {
    connect();
    return flight.getStream(new Ticket(ticket.toJson()));
  }

  /**
   * Waits until the Writer has pinned the rows of a read.
   *
   * @param what is read, for a sentence
   */
  Schema pinned(FlightStream stream, String what, Duration atMost) throws ReadException {
    try {
      return patience.await(stream, stream::getSchema, atMost);
    } catch (FlightRuntimeException e) {
      throw failure("read " + what, e);
    }
  }

  /** Whether the stream has more rows, which are then its current ones. */
  boolean next(FlightStream stream) {
    return patience.await(stream, stream::next);
  }

  /** What went wrong, in a sentence; a refusal with what to do about it. */
  ReadException failure(String what, FlightRuntimeException e) {
    CallStatus status = e.status();
    String said = status.description() == null ? status.code().name() : status.description();
    String says = "Writer %s says: %s".formatted(address, said);
    ErrorFlightMetadata metadata = status.metadata();
    if (metadata != null && metadata.containsKey(REASON)) {
      String name = metadata.get(REASON).replace('-', '_').toUpperCase(Locale.ROOT);
      for (Reason reason : Reason.values()) {
        if (reason.name().equals(name)) {
          return new ReadRefusedException(reason, what, says, e);
        }
      }
      return new ReadException(said, e); // a whole sentence
    }
    return switch (status.code()) {
      case UNAVAILABLE ->
          away(
              what,
              "cannot be reached: " + (isRefused(e) ? "connection refused" : said),
              "is it running? --writers or SLUICE_WRITERS says where Writers are; `sluice up` starts one",
              e);
      case TIMED_OUT ->
          away(
              what,
              "did not answer in time: " + said,
              "is it stopped? SLUICE_WRITERS says where Writers are",
              e);
      case CANCELLED -> away(what, "ended it: " + said, "it may be stopping: ask again", e);
      default -> new ReadException("cannot %s: %s".formatted(what, says), e);
    };
  }

  private ReadException away(String what, String how, String advice, FlightRuntimeException e) {
    return new WriterAwayException(what, "Writer %s %s".formatted(address, how), advice, e);
  }

  /** After a failure gRPC waits, for longer each time; who asks here has waited already. */
  private void connect() {
    channel.resetConnectBackoff();
  }

  /** gRPC itself only says "io exception". */
  private static boolean isRefused(Throwable e) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof ConnectException
          && String.valueOf(at.getMessage()).contains("Connection refused")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    try (flight) {
      channel.shutdownNow().awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

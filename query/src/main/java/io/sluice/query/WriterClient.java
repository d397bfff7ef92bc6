package io.sluice.query;

import io.sluice.query.ReadRefusedException.Reason;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.wire.ReadTicket;
import java.net.ConnectException;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.ErrorFlightMetadata;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;

/** A connection to one Writer. Any thread may use it. */
final class WriterClient implements AutoCloseable {

  private static final String REASON = "sluice-reason";
  private static final int MAX_MESSAGE = 256 << 20;

  private final HostPort address;
  private final FlightClient flight;
  private final Patience patience;

  private WriterClient(HostPort address, FlightClient flight, Patience patience) {
    this.address = address;
    this.flight = flight;
    this.patience = patience;
  }

  /** Connects when it is first used. */
  static WriterClient of(HostPort address, BufferAllocator allocator, Patience patience) {
    return new WriterClient(
        address,
        FlightClient.builder(allocator, Location.forGrpcInsecure(address.host(), address.port()))
            .maxInboundMessageSize(MAX_MESSAGE)
            .build(),
        patience);
  }

  /**
   * Asks for an action and gives its one answer.
   *
   * @throws ReadException the Writer cannot be reached, or refuses
   */
  byte[] action(String type, byte[] body, long seconds) throws ReadException {
    CallOption deadline = CallOptions.timeout(seconds, TimeUnit.SECONDS);
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
      throw failure("do " + type, e);
    }
  }

  /**
   * Starts a read and waits until the Writer has pinned its rows.
   *
   * @param what is read, for a sentence
   */
  FlightStream open(ReadTicket ticket, String what) throws ReadException {
    FlightStream stream = flight.getStream(new Ticket(ticket.toJson()));
    try {
      patience.await(stream, stream::getSchema);
      return stream;
    } catch (FlightRuntimeException e) {
      ReadException failure = failure("read " + what, e);
      close(stream, failure);
      throw failure;
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
    ErrorFlightMetadata metadata = status.metadata();
    if (metadata != null && metadata.containsKey(REASON)) {
      String name = metadata.get(REASON).replace('-', '_').toUpperCase(Locale.ROOT);
      for (Reason reason : Reason.values()) {
        if (reason.name().equals(name)) {
          return new ReadRefusedException(
              reason, "cannot %s: Writer %s says: %s".formatted(what, address, said), e);
        }
      }
      return new ReadException(said, e); // a whole sentence
    }
    return switch (status.code()) {
      case UNAVAILABLE ->
          new ReadException(
              "cannot %s: Writer %s cannot be reached: %s (is it running? SLUICE_WRITERS says where Writers are)"
                  .formatted(what, address, isRefused(e) ? "connection refused" : said),
              e);
      case TIMED_OUT ->
          new ReadException(
              "cannot %s: Writer %s did not answer in time: %s (is it stopped? SLUICE_WRITERS says where Writers are)"
                  .formatted(what, address, said),
              e);
      case CANCELLED ->
          new ReadException(
              "cannot %s: Writer %s ended it: %s (it may be stopping: ask again)"
                  .formatted(what, address, said),
              e);
      default ->
          new ReadException("cannot %s: Writer %s says: %s".formatted(what, address, said), e);
    };
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
    try {
      flight.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(FlightStream stream, ReadException failure) {
    try {
      stream.close();
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }
}

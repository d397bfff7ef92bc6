package io.sluice.query;

import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** The Writers of a deployment, as a reader finds them. Any thread may use it. */
public final class Writers implements AutoCloseable {

  private static final long LOGS_SECONDS = 30;
  private static final long STATUS_SECONDS = 30;
  private static final long FLUSH_SECONDS = 600;
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final List<HostPort> addresses;
  private final BufferAllocator allocator;
  private final Patience patience;
  private final Map<HostPort, WriterClient> clients = new ConcurrentHashMap<>();

  private Writers(List<HostPort> addresses, BufferAllocator allocator, Patience patience) {
    this.addresses = List.copyOf(addresses);
    this.allocator = allocator;
    this.patience = patience;
  }

  /** Connects to nobody yet; the allocator must outlive it. */
  public static Writers at(List<HostPort> addresses, BufferAllocator allocator) {
    return at(addresses, allocator, SILENCE);
  }

  /** The same with another bound on how long a Writer may send nothing. */
  static Writers at(List<HostPort> addresses, BufferAllocator allocator, Duration silence) {
    return new Writers(addresses, allocator, new Patience(silence));
  }

  /** Where Writers are looked for. */
  public List<HostPort> addresses() {
    return addresses;
  }

  /** What a Writer says of itself. */
  public WriterStatus status(HostPort address) throws ReadException {
    return WriterStatus.parse(client(address).action("status", new byte[0], STATUS_SECONDS));
  }

  /** Makes a Writer persist all that it has applied. */
  public List<Flushed> flush(HostPort address) throws ReadException {
    return Flushed.parse(client(address).action("flush", new byte[0], FLUSH_SECONDS));
  }

  /** The same for one table of a tenant. */
  public List<Flushed> flush(HostPort address, String tenant, Table table) throws ReadException {
    ReadTicket ticket = new ReadTicket(tenant, table, Map.of(), null, null, null, false);
    return Flushed.parse(client(address).action("flush", ticket.toJson(), FLUSH_SECONDS));
  }

  /** Makes a Writer take a table that was begun anew; what it did, in a sentence. */
  public String unpark(HostPort address, String tenant, Table table) throws ReadException {
    ReadTicket ticket = new ReadTicket(tenant, table, Map.of(), null, null, null, false);
    byte[] answer = client(address).action("unpark", ticket.toJson(), STATUS_SECONDS);
    try {
      return Json.text(Json.object(Json.parse(answer)).get("done"));
    } catch (IOException e) {
      throw new ReadException(
          "cannot read what a Writer did: " + new String(answer, StandardCharsets.UTF_8), e);
    }
  }

  /**
   * All logs of the cluster, each at its leader, by number: what the first Writer that answers
   * says.
   *
   * @throws ReadException no Writer answers, or the list has holes
   */
  List<LogPlace> logs() throws ReadException {
    @Nullable ReadException failure = null;
    for (HostPort address : addresses) {
      try {
        return places(address, client(address).action("logs", new byte[0], LOGS_SECONDS));
      } catch (ReadException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    throw failure == null
        ? new ReadException("cannot find logs: no Writers are configured (SLUICE_WRITERS)", null)
        : failure;
  }

  /** Opens a read at the log's leader. */
  FlightStream open(LogPlace log, ReadTicket ticket) throws ReadException {
    return client(log.leader()).open(ticket, log.of(ticket));
  }

  WriterClient client(HostPort address) {
    return clients.computeIfAbsent(address, a -> WriterClient.of(a, allocator, patience));
  }

  @Override
  public void close() {
    clients.values().forEach(WriterClient::close);
    patience.close();
  }

  private List<LogPlace> places(HostPort asked, byte[] answer) throws ReadException {
    List<LogPlace> places = new ArrayList<>();
    try {
      for (Object each : Json.list(Json.object(Json.parse(answer)).get("logs"))) {
        Map<?, ?> log = Json.object(each);
        places.add(
            new LogPlace(
                Integer.parseInt(Json.text(log.get("number"))),
                UUID.fromString(Json.text(log.get("id"))),
                leader(asked, Json.text(log.get("leader")))));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new ReadException(
          "cannot read which logs Writer %s has: %s".formatted(asked, text(answer)), e);
    }
    places.sort(Comparator.comparingInt(LogPlace::number));
    for (int i = 0; i < places.size(); i++) {
      if (places.get(i).number() != i) {
        throw new ReadException(
            "cannot read all logs: Writer %s names no leader for log %d (ask again later)"
                .formatted(asked, i),
            null);
      }
    }
    if (places.isEmpty()) {
      throw new ReadException("cannot read: Writer %s has no logs".formatted(asked), null);
    }
    return places;
  }

  /** A lone Writer leads everything, and is best reached by the address that just worked. */
  private HostPort leader(HostPort asked, String named) {
    return addresses.size() == 1 ? asked : HostPort.parse(named);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}

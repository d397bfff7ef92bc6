package io.sluice.writer.serve;

import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Promotions;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.vector.types.pojo.Schema;

/** Tells where the rows of a table are that no commit holds: a ticket for each log. */
final class FlightInfos {

  private static final long UNKNOWN = -1;

  private final ServedLogs logs;
  private final Whereabouts here;
  private final ReadColumns columns;

  FlightInfos(ServedLogs logs, Whereabouts here, ReadColumns columns) {
    this.logs = logs;
    this.here = here;
    this.columns = columns;
  }

  FlightInfo of(FlightDescriptor descriptor, String tenant, Table table) {
    ReadTicket ticket = new ReadTicket(tenant, table, Map.of(), null, null, null, false);
    Schema schema = columns.tables().of(new TableKey(tenant, table)).arrow(table);
    return of(descriptor, schema, ticket);
  }

  FlightInfo of(FlightDescriptor descriptor, ReadTicket ticket) {
    Promotions promoted = columns.promotions(ticket);
    Schema schema = promoted.arrow(ticket.table(), columns.names(ticket, promoted));
    return of(descriptor, schema, ticket);
  }

  /** A ticket that names no position is for what no commit holds yet, and then says so. */
  private FlightInfo of(FlightDescriptor descriptor, Schema schema, ReadTicket asked) {
    TableKey key = new TableKey(asked.tenant(), asked.table());
    List<FlightEndpoint> endpoints = new ArrayList<>();
    long rows = 0;
    List<ServedLog> hosted = logs.hosted();
    for (ServedLog log : hosted) {
      Optional<TableBuffer> table = log.buffer().known(key);
      endpoints.add(endpoint(log, asked, table.map(TableBuffer::mark).orElse(0L)));
      boolean isKnown = rows != UNKNOWN && log.gate().isWhole();
      rows = isKnown ? rows + table.map(TableBuffer::hotRows).orElse(0L) : UNKNOWN;
    }
    return new FlightInfo(partial(schema, hosted.size()), descriptor, endpoints, UNKNOWN, rows);
  }

  private FlightEndpoint endpoint(ServedLog log, ReadTicket asked, long mark) {
    ReadTicket ticket = asked.after().isEmpty() ? asked.with(Map.of(log.log().id(), mark)) : asked;
    if (logs.count() == 1) {
      return new FlightEndpoint(new Ticket(ticket.toJson()));
    }
    Ticket own = new Ticket(ticket.of(log.log().id()).toJson());
    String leader = log.leader(here.address());
    if (leader.isEmpty()) {
      return new FlightEndpoint(own);
    }
    HostPort at = HostPort.parse(leader);
    return new FlightEndpoint(own, here.location(at));
  }

  /** Of a log that is not here, the id is not known: whoever wants all asks the others, too. */
  private Schema partial(Schema schema, int hosted) {
    return hosted == logs.count()
        ? schema
        : new Schema(
            schema.getFields(),
            Map.of(
                FlightReads.PARTIAL,
                "this Writer has %d of %d logs (ask the others, too)"
                    .formatted(hosted, logs.count())));
  }
}

package io.sluice.writer.serve;

import io.sluice.schema.rows.RowExpander;
import io.sluice.schema.security.Caller;
import io.sluice.schema.security.DeniedException;
import io.sluice.schema.security.Scope;
import io.sluice.schema.table.Promotions;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.writer.buffer.HotRead;
import io.sluice.writer.buffer.ReloadException;
import io.sluice.writer.buffer.StreamHead;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.ActionType;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * What a Writer serves over Flight but DoPut: rows that are not yet persisted (or were a short
 * while ago), what there is to read, and actions. Each call runs on a thread of its own; no state
 * here.
 */
public final class FlightReads extends NoOpFlightProducer {

  /** In a schema's metadata: why the stream, or the list of tickets, may lack rows. */
  static final String PARTIAL = "sluice.partial";

  private final ServedLogs logs;
  private final BufferAllocator allocator;
  private final Actions actions;
  private final ReadLimits limits;
  private final Admitted admitted;
  private final Supplier<Caller> callers;
  private final ReadColumns columns;
  private final FlightInfos infos;

  /**
   * @param callers who makes the call that the asking thread answers
   * @param admitted bounds how many are open
   * @param here where this Writer is reached over Flight
   */
  public FlightReads(
      ServedLogs logs,
      Whereabouts here,
      BufferAllocator allocator,
      Actions actions,
      TablePromotions promotions,
      ReadLimits limits,
      Admitted admitted,
      Supplier<Caller> callers) {
    this.logs = logs;
    this.allocator = allocator;
    this.actions = actions;
    this.limits = limits;
    this.admitted = admitted;
    this.callers = callers;
    this.columns = new ReadColumns(promotions);
    this.infos = new FlightInfos(logs, here, columns);
  }

  @Override
  public void getStream(CallContext context, Ticket bytes, ServerStreamListener listener) {
    ReadTicket ticket = ticket(bytes.getBytes());
    if (!StreamHead.isTenant(ticket.tenant())) {
      throw ReadErrors.invalid("cannot read tenant: '%s'".formatted(ticket.tenant()));
    }
    requireReader(ticket.tenant());
    try (Admitted.Call read = admitted.read(whose())) {
      read(ticket, listener);
    }
  }

  /** A token's, or where all show the same one, or none, an address'. */
  private Object whose() {
    Caller caller = callers.get();
    return caller.service() ? FlightAccess.peer() : caller;
  }

  private void read(ReadTicket ticket, ServerStreamListener listener) {
    ServedLog log = log(ticket);
    TableKey key = new TableKey(ticket.tenant(), ticket.table());
    Promotions promoted = columns.promotions(ticket);
    Set<String> names = columns.names(ticket, promoted);
    try (RowExpander expander = new RowExpander(ticket.table(), promoted, names, allocator)) {
      ReadGate.Target target = log.gate().target(ticket.allowPartial());
      // Pinned before the schema is sent: a reader that has it may load Parquet, whatever is let
      // go.
      UUID id = log.log().id();
      long after = ticket.after().getOrDefault(id, 0L);
      HotRead read = log.buffer().read(key, after);
      long to = Math.max(read.to(), target.position());
      Schema schema = new Schema(expander.root().getSchema().getFields(), metadata(id, to, target));
      new HotStream(
              ticket,
              after,
              log.buffer(),
              log.gate(),
              expander,
              listener,
              limits,
              admitted::windowBytes)
          .run(read, to, schema);
    } catch (ReloadException e) {
      throw ReadErrors.reload(e);
    } catch (IOException e) {
      throw e.getCause() instanceof OutOfMemoryException
          ? ReadErrors.memory(key)
          : ReadErrors.log(key, e);
    } catch (OutOfMemoryException e) {
      throw ReadErrors.memory(key);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ReadErrors.leader(
          "cannot go on reading %s: the Writer is stopping (ask again)".formatted(key));
    }
  }

  private static Map<String, String> metadata(UUID log, long to, ReadGate.Target target) {
    Map<String, String> metadata = new HashMap<>();
    metadata.put("sluice.log", log.toString());
    metadata.put("sluice.position", Long.toString(to));
    if (target.partial() != null) {
      metadata.put(PARTIAL, target.partial());
    }
    return metadata;
  }

  /** The one that the ticket names, or the only one. */
  private ServedLog log(ReadTicket ticket) {
    List<ServedLog> hosted = logs.hosted();
    UUID named = ticket.log();
    if (named == null && hosted.size() == 1) {
      return hosted.get(0);
    }
    if (named == null) {
      throw ReadErrors.invalid(
          "cannot read: the ticket names no log, this Writer has %d (add \"log\": its id, which GetFlightInfo and the action logs tell)"
              .formatted(hosted.size()));
    }
    return hosted.stream()
        .filter(log -> log.log().id().equals(named))
        .findAny()
        .orElseThrow(
            () ->
                ReadErrors.leader(
                    "cannot read log %s: this Writer does not have it (the action logs tells who leads which)"
                        .formatted(named)));
  }

  @Override
  public void listFlights(
      CallContext context, Criteria criteria, StreamListener<FlightInfo> listener) {
    Caller caller = callers.get();
    List<ServedLog> hosted = logs.hosted();
    hosted.forEach(log -> log.gate().requireOpen());
    Set<String> tenants = new HashSet<>(Set.of(ReadTicket.DEFAULT_TENANT));
    hosted.forEach(
        log -> log.buffer().tables().forEach(table -> tenants.add(table.key().tenant())));
    tenants.removeIf(tenant -> !caller.may(Scope.READ) || !caller.has(tenant));
    for (String tenant : tenants.stream().sorted().toList()) {
      for (Table table : Table.all()) {
        listener.onNext(infos.of(FlightDescriptor.path(tenant, table.tableName()), tenant, table));
      }
    }
    listener.onCompleted();
  }

  @Override
  public FlightInfo getFlightInfo(CallContext context, FlightDescriptor descriptor) {
    logs.hosted().forEach(log -> log.gate().requireOpen());
    if (descriptor.isCommand()) {
      ReadTicket ticket = ticket(descriptor.getCommand());
      requireReader(ticket.tenant());
      return infos.of(descriptor, ticket);
    }
    List<String> path = descriptor.getPath();
    if (path.isEmpty() || path.size() > 2) {
      throw ReadErrors.invalid("cannot find flight: path " + path + " (expected [tenant, table])");
    }
    String tenant = path.size() == 2 ? path.get(0) : ReadTicket.DEFAULT_TENANT;
    requireReader(tenant);
    String name = path.get(path.size() - 1);
    Table table =
        Table.named(name)
            .orElseThrow(
                () ->
                    ReadErrors.invalid(
                        "cannot find flight: table %s (tables are %s)"
                            .formatted(name, Table.all())));
    return infos.of(descriptor, tenant, table);
  }

  @Override
  public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
    listener.onNext(new Result(actions.run(action.getType(), action.getBody(), callers.get())));
    listener.onCompleted();
  }

  @Override
  public void listActions(CallContext context, StreamListener<ActionType> listener) {
    Actions.TYPES.forEach(listener::onNext);
    listener.onCompleted();
  }

  private void requireReader(String tenant) {
    try {
      callers.get().require(Scope.READ, tenant);
    } catch (DeniedException e) {
      throw FlightAccess.denied(e);
    }
  }

  private static ReadTicket ticket(byte[] json) {
    try {
      return ReadTicket.parse(json);
    } catch (MalformedMessageException e) {
      throw ReadErrors.invalid(String.valueOf(e.getMessage()));
    }
  }
}

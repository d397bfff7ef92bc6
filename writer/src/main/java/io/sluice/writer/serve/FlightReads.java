package io.sluice.writer.serve;

import io.sluice.schema.rows.RowExpander;
import io.sluice.schema.table.Column;
import io.sluice.schema.table.Promotions;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.HotRead;
import io.sluice.writer.buffer.ReloadException;
import io.sluice.writer.buffer.StreamHead;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.ActionType;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
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

  private static final long UNKNOWN = -1;

  private final UUID logId;
  private final ChunkBuffer buffer;
  private final BufferAllocator allocator;
  private final Actions actions;
  private final ReadLimits limits;
  private final TablePromotions promotions;
  private final ReadGate gate;

  public FlightReads(
      UUID logId,
      ChunkBuffer buffer,
      BufferAllocator allocator,
      Actions actions,
      TablePromotions promotions,
      ReadGate gate,
      ReadLimits limits) {
    this.logId = logId;
    this.buffer = buffer;
    this.allocator = allocator;
    this.actions = actions;
    this.promotions = promotions;
    this.gate = gate;
    this.limits = limits;
  }

  @Override
  public void getStream(CallContext context, Ticket bytes, ServerStreamListener listener) {
    ReadTicket ticket = ticket(bytes.getBytes());
    if (!StreamHead.isTenant(ticket.tenant())) {
      throw ReadErrors.invalid("cannot read tenant: '%s'".formatted(ticket.tenant()));
    }
    TableKey key = new TableKey(ticket.tenant(), ticket.table());
    Promotions promoted = promotions(key, ticket);
    Set<String> columns = columns(ticket, promoted);
    long target = gate.target();
    try (RowExpander expander = new RowExpander(ticket.table(), promoted, columns, allocator)) {
      // Pinned before the schema is sent: a reader that has it may load Parquet, whatever is let
      // go.
      HotRead read = buffer.read(key, ticket.after().getOrDefault(logId, 0L));
      long to = Math.max(read.to(), target);
      Schema schema =
          new Schema(
              expander.root().getSchema().getFields(),
              Map.of("sluice.log", logId.toString(), "sluice.position", Long.toString(to)));
      new HotStream(ticket, buffer, gate, expander, listener, limits).run(read, to, schema);
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

  @Override
  public void listFlights(
      CallContext context, Criteria criteria, StreamListener<FlightInfo> listener) {
    gate.requireOpen();
    Set<String> tenants = new HashSet<>(Set.of(ReadTicket.DEFAULT_TENANT));
    buffer.tables().forEach(table -> tenants.add(table.key().tenant()));
    for (String tenant : tenants.stream().sorted().toList()) {
      for (Table table : Table.all()) {
        listener.onNext(info(FlightDescriptor.path(tenant, table.tableName()), tenant, table));
      }
    }
    listener.onCompleted();
  }

  @Override
  public FlightInfo getFlightInfo(CallContext context, FlightDescriptor descriptor) {
    gate.requireOpen();
    if (descriptor.isCommand()) {
      ReadTicket ticket = ticket(descriptor.getCommand());
      Promotions promoted = promotions(new TableKey(ticket.tenant(), ticket.table()), ticket);
      Schema schema = promoted.arrow(ticket.table(), columns(ticket, promoted));
      return info(descriptor, schema, ticket);
    }
    List<String> path = descriptor.getPath();
    if (path.isEmpty() || path.size() > 2) {
      throw ReadErrors.invalid("cannot find flight: path " + path + " (expected [tenant, table])");
    }
    String name = path.get(path.size() - 1);
    Table table =
        Table.named(name)
            .orElseThrow(
                () ->
                    ReadErrors.invalid(
                        "cannot find flight: table %s (tables are %s)"
                            .formatted(name, Table.all())));
    return info(descriptor, path.size() == 2 ? path.get(0) : ReadTicket.DEFAULT_TENANT, table);
  }

  @Override
  public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
    listener.onNext(new Result(actions.run(action.getType(), action.getBody())));
    listener.onCompleted();
  }

  @Override
  public void listActions(CallContext context, StreamListener<ActionType> listener) {
    Actions.TYPES.forEach(listener::onNext);
    listener.onCompleted();
  }

  private FlightInfo info(FlightDescriptor descriptor, String tenant, Table table) {
    ReadTicket ticket = new ReadTicket(tenant, table, Map.of(), null, null, null, false);
    Schema schema = promotions.of(new TableKey(tenant, table)).arrow(table);
    return info(descriptor, schema, ticket);
  }

  /** A ticket that names no position is for what no commit holds yet, and then says so. */
  private FlightInfo info(FlightDescriptor descriptor, Schema schema, ReadTicket asked) {
    Optional<TableBuffer> table = buffer.known(new TableKey(asked.tenant(), asked.table()));
    ReadTicket ticket =
        asked.after().isEmpty()
            ? asked.with(Map.of(logId, table.map(TableBuffer::mark).orElse(0L)))
            : asked;
    FlightEndpoint endpoint = new FlightEndpoint(new Ticket(ticket.toJson()));
    long rows = gate.isWhole() ? table.map(TableBuffer::hotRows).orElse(0L) : UNKNOWN;
    return new FlightInfo(schema, descriptor, List.of(endpoint), UNKNOWN, rows);
  }

  private static ReadTicket ticket(byte[] json) {
    try {
      return ReadTicket.parse(json);
    } catch (MalformedMessageException e) {
      throw ReadErrors.invalid(String.valueOf(e.getMessage()));
    }
  }

  /** Another Writer may have promoted a column since the table was loaded here. */
  private Promotions promotions(TableKey key, ReadTicket ticket) {
    Promotions known = promotions.of(key);
    List<String> asked = ticket.columns();
    return asked == null || names(ticket, known).containsAll(asked)
        ? known
        : promotions.reload(key);
  }

  private static Set<String> names(ReadTicket ticket, Promotions promoted) {
    return promoted.columns(ticket.table()).stream().map(Column::name).collect(Collectors.toSet());
  }

  private static Set<String> columns(ReadTicket ticket, Promotions promoted) {
    Set<String> known = names(ticket, promoted);
    List<String> asked = ticket.columns();
    if (asked == null) {
      return known;
    }
    for (String column : asked) {
      if (!known.contains(column)) {
        throw ReadErrors.invalid(
            "cannot read column: %s (%s has no such column)".formatted(column, ticket.table()));
      }
    }
    return Set.copyOf(asked);
  }
}

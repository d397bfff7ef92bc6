package io.sluice.acceptor.receive;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The records of one signal of a tenant from when they are decoded, and how their requests were
 * answered: at any moment received = taken + rejected + empty + refused + in flight. Guarded by its
 * monitor.
 */
final class SignalRecords {

  private final String tenant;
  private final Signal signal;
  private final Map<Table, Taken> taken = new EnumMap<>(Table.class);
  private Sums sums = new Sums(0, 0, 0, 0, 0, 0);

  /**
   * All since the start.
   *
   * @param taken acknowledged, repeats among them
   * @param rejected told to the client as rejected
   * @param empty groups without records and metrics without points, of requests that were taken
   * @param refused of requests whose clients were told to come again, and so still have them
   * @param inFlight not yet answered
   */
  record Sums(long received, long taken, long rejected, long empty, long refused, long inFlight) {}

  /** Of one table, acknowledged; and of those, in batches that the Writer had before. */
  private record Taken(long rows, long repeated) {}

  SignalRecords(String tenant, Signal signal) {
    this.tenant = tenant;
    this.signal = signal;
    for (Table table : Table.all()) {
      if (table.signal() == signal) {
        taken.put(table, new Taken(0, 0));
      }
    }
  }

  String tenant() {
    return tenant;
  }

  Signal signal() {
    return signal;
  }

  /** A request was decoded. */
  synchronized Receipt received(long rows, long rejected, long empty) {
    long more = rows + rejected + empty;
    sums =
        new Sums(
            sums.received + more,
            sums.taken,
            sums.rejected,
            sums.empty,
            sums.refused,
            sums.inFlight + more);
    return new Receipt(rejected, empty, more);
  }

  /** As an object: its names, but for the signal's, are the ledger's. */
  void write(JsonGenerator out) throws IOException {
    Sums now = sums();
    out.writeStartObject();
    out.writeStringField("tenant", tenant);
    out.writeStringField("signal", signal.name().toLowerCase(Locale.ROOT));
    out.writeNumberField("received", now.received);
    out.writeNumberField("taken", now.taken);
    out.writeNumberField("rejected", now.rejected);
    out.writeNumberField("empty", now.empty);
    out.writeNumberField("refused", now.refused);
    out.writeNumberField("inFlight", now.inFlight);
    out.writeEndObject();
  }

  synchronized Sums sums() {
    return sums;
  }

  synchronized long taken(Table table) {
    return of(table).rows;
  }

  synchronized long repeated(Table table) {
    return of(table).repeated;
  }

  private Taken of(Table table) {
    return Objects.requireNonNull(taken.get(table), "no table of the signal");
  }

  private synchronized void stored(Receipt of) {
    long rows = 0;
    for (Map.Entry<Table, Taken> more : of.taken.entrySet()) {
      Taken before = of(more.getKey());
      Taken now = more.getValue();
      taken.put(more.getKey(), new Taken(before.rows + now.rows, before.repeated + now.repeated));
      rows += now.rows;
    }
    sums =
        new Sums(
            sums.received,
            sums.taken + rows,
            sums.rejected + of.rejected,
            sums.empty + of.empty,
            sums.refused,
            sums.inFlight - of.received);
  }

  private synchronized void refused(Receipt of) {
    sums =
        new Sums(
            sums.received,
            sums.taken,
            sums.rejected,
            sums.empty,
            sums.refused + of.received,
            sums.inFlight - of.received);
  }

  /** The records of one request until it is answered. One thread at a time. */
  final class Receipt {
    private final long rejected;
    private final long empty;
    private final long received;
    private final Map<Table, Taken> taken = new EnumMap<>(Table.class);
    private boolean ended;

    private Receipt(long rejected, long empty, long received) {
      this.rejected = rejected;
      this.empty = empty;
      this.received = received;
    }

    /** Of the rows, so many are acknowledged once the request is. */
    void taken(Table table, long rows, boolean repeat) {
      taken.merge(
          table,
          new Taken(rows, repeat ? rows : 0),
          (a, b) -> new Taken(a.rows + b.rows, a.repeated + b.repeated));
    }

    /** The request is answered; only the first time counts. */
    void ended(Outcome outcome) {
      if (ended) {
        return;
      }
      ended = true;
      if (outcome instanceof Outcome.Stored) {
        stored(this);
      } else {
        refused(this);
      }
    }
  }
}

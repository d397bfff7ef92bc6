package io.sluice.query;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A log of a {@link FakeCluster}: rows at positions, of which the oldest can be let go. */
final class FakeLog {

  static final int NOBODY = -1;

  private record Row(long position, Map<String, Object> values) {}

  final int number;
  final UUID id = UUID.randomUUID();

  /** Index of the Writer that leads it, by what the other Writers know. */
  volatile int leader = NOBODY;

  volatile long term = 1;
  private final Map<Table, List<Row>> rows = new EnumMap<>(Table.class);
  private long letGo;

  FakeLog(int number) {
    this.number = number;
  }

  /** Another Writer leads it, in a new term. */
  void ledBy(int writer) {
    term++;
    leader = writer;
  }

  synchronized void add(Table table, long position, Map<String, Object> values) {
    rows.computeIfAbsent(table, t -> new ArrayList<>()).add(new Row(position, values));
  }

  /** Forgets rows up to a position: who has less is told to reload. */
  synchronized void letGo(long upTo) {
    letGo = upTo;
    rows.values().forEach(list -> list.removeIf(row -> row.position <= upTo));
  }

  /** What a read of it gives, up to a position. */
  synchronized List<Map<String, Object>> read(ReadTicket ticket, long upTo) {
    long after = ticket.after().getOrDefault(id, 0L);
    if (after < letGo) {
      throw FakeWriter.refusal("reload");
    }
    return rows.getOrDefault(ticket.table(), List.of()).stream()
        .filter(row -> row.position > after && row.position <= upTo)
        .map(Row::values)
        .toList();
  }
}

package io.sluice.writer.serve;

import io.sluice.schema.table.Column;
import io.sluice.schema.table.Promotions;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.writer.buffer.TableKey;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which columns a ticket asks for, of those that its table has. Any thread may ask. */
record ReadColumns(TablePromotions tables) {

  /** Another Writer may have promoted a column since the table was loaded here. */
  Promotions promotions(ReadTicket ticket) {
    TableKey key = new TableKey(ticket.tenant(), ticket.table());
    Promotions known = tables.of(key);
    List<String> asked = ticket.columns();
    return asked == null || all(ticket, known).containsAll(asked) ? known : tables.reload(key);
  }

  /** Their names; refused if the table lacks one. */
  Set<String> names(ReadTicket ticket, Promotions promoted) {
    Set<String> known = all(ticket, promoted);
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

  private static Set<String> all(ReadTicket ticket, Promotions promoted) {
    return promoted.columns(ticket.table()).stream().map(Column::name).collect(Collectors.toSet());
  }
}

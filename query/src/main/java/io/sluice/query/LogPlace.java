package io.sluice.query;

import io.sluice.schema.service.HostPort;
import io.sluice.schema.wire.ReadTicket;
import java.util.UUID;

/**
 * A log, and where it is read.
 *
 * @param number in the cluster, from 0
 * @param id random, made with the log
 * @param leader the Writer that serves its rows
 * @param alone whether the cluster has no other log
 */
public record LogPlace(int number, UUID id, HostPort leader, boolean alone) {

  /**
   * For this log's rows. Only where there are several it names one: older Writers refuse the key.
   */
  public ReadTicket ticket(ReadTicket ofTable) {
    return alone ? ofTable : ofTable.of(id);
  }

  /** The same, for what a replica has that cannot tell whether it is all. */
  ReadTicket partialTicket(ReadTicket ofTable) {
    ReadTicket whole = ticket(ofTable);
    return new ReadTicket(
        whole.tenant(),
        whole.table(),
        whole.after(),
        whole.columns(),
        whole.from(),
        whole.to(),
        whole.follow(),
        whole.log(),
        true);
  }

  /** What is read of it, in words. */
  String of(ReadTicket ticket) {
    return "table %s of tenant %s, log %d (%s)"
        .formatted(ticket.table(), ticket.tenant(), number, id);
  }
}

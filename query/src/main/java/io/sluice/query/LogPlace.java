package io.sluice.query;

import io.sluice.schema.service.HostPort;
import io.sluice.schema.wire.ReadTicket;
import java.util.UUID;

/**
 * A log, and where it is read.
 *
 * @param number in the cluster, from 0
 * @param id random, made with the log's disk
 * @param leader the Writer that serves its rows
 */
record LogPlace(int number, UUID id, HostPort leader) {

  /** What is read of it, in words. */
  String of(ReadTicket ticket) {
    return "table %s of tenant %s, log %d (%s)"
        .formatted(ticket.table(), ticket.tenant(), number, id);
  }
}

package io.sluice.writer;

import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Telemetry;
import io.sluice.writer.raft.Follower;
import io.sluice.writer.raft.LeadReturns;
import io.sluice.writer.raft.Membership;
import io.sluice.writer.raft.Neighbour;
import io.sluice.writer.raft.RaftLog;
import io.sluice.writer.raft.RaftMember;
import io.sluice.writer.raft.RaftNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands leads over: to the Writer on which they are placed, or to any when this one ends. */
final class Leads {

  /** Who was silent for so long is not there. */
  static final Duration DEAD = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(Leads.class);

  /** A log takes nothing while its lead is handed over. */
  static final long TRANSFER_MILLIS = 3_000;

  private static final int PAUSES = 6;

  private final RaftNode node;
  private final RaftMember self;
  private final CommonSettings cluster;
  private final LongSupplier nanos;
  private final LeadReturns returns;
  private final LongAdder returned;
  private final LongAdder failures;

  Leads(
      RaftNode node,
      RaftMember self,
      WriterSettings settings,
      LongSupplier nanos,
      Telemetry telemetry) {
    this.node = node;
    this.self = self;
    this.cluster = settings.common();
    this.nanos = nanos;
    Duration after = settings.returnLeadsAfter();
    returns =
        new LeadReturns(after, after.dividedBy(PAUSES), settings.electionTimeout().multipliedBy(2));
    returned = telemetry.counter("sluice.leads.returned", Attributes.empty());
    failures = telemetry.counter("sluice.leads.failures", Attributes.empty());
  }

  /** At most one lead; it waits until that is handed over. The cluster's thread. */
  void giveBack(Map<Integer, RaftLog> logs, Map<Integer, Neighbour> found) {
    List<LeadReturns.Lead> misplaced = new ArrayList<>();
    logs.forEach(
        (number, log) -> {
          if (log.leadership().leads()) {
            misplaced(number, log, found).ifPresent(misplaced::add);
          }
        });
    returns
        .next(nanos.getAsLong(), misplaced)
        .ifPresent(
            number -> {
              RaftLog log = logs.get(number);
              if (log != null
                  && preferred(number, log, found).filter(to -> give(log, to)).isPresent()) {
                returned.increment();
              }
            });
  }

  private Optional<LeadReturns.Lead> misplaced(
      int number, RaftLog log, Map<Integer, Neighbour> found) {
    Membership membership = log.membership();
    Optional<Follower> follower =
        preferred(number, log, found)
            .flatMap(
                member -> node.followers(log).stream().filter(each -> each.is(member)).findAny());
    return follower.map(
        each ->
            new LeadReturns.Lead(
                number, membership.settled(), log.lastPosition() - each.matched(), each.silent()));
  }

  /** Another member, with the very disk that answers for it and has the log. */
  private Optional<RaftMember> preferred(int number, RaftLog log, Map<Integer, Neighbour> found) {
    int first = cluster.placement().leader(number);
    Neighbour neighbour = found.get(first);
    return neighbour == null
            || neighbour.logs().stream().noneMatch(its -> its.id().equals(log.id()))
        ? Optional.empty()
        : log.members().stream().filter(neighbour.self()::equals).findAny();
  }

  /** Hands over what is led here, to any: the process is about to end. */
  void handOver(Map<Integer, RaftLog> logs, Duration atMost) {
    long end = nanos.getAsLong() + atMost.toNanos();
    for (RaftLog log : logs.values()) {
      if (log.leadership().leads() && nanos.getAsLong() - end < 0) {
        for (RaftMember member : log.members()) {
          if (!member.equals(self)
              && node.silence(log, member).compareTo(DEAD) < 0
              && give(log, member)) {
            break;
          }
        }
      }
    }
  }

  /** Whether it leads now. */
  private boolean give(RaftLog log, RaftMember to) {
    try {
      node.transfer(log, to, TRANSFER_MILLIS);
      LOG.info("handed log {} over to {}", log.number(), to.writer());
      return true;
    } catch (IOException e) {
      failures.increment();
      LOG.info("cannot hand log {} over to {}: {}", log.number(), to.writer(), e.getMessage());
      return false;
    }
  }
}

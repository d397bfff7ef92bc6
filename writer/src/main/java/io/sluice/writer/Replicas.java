package io.sluice.writer;

import io.sluice.schema.service.Closer;
import io.sluice.writer.raft.Leaving;
import io.sluice.writer.raft.LogNumber;
import io.sluice.writer.raft.Membership;
import io.sluice.writer.raft.RaftLog;
import io.sluice.writer.raft.RaftMember;
import io.sluice.writer.raft.RaftNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The replicas that are here: how each comes, by whichever way, and how it goes. Any thread. */
final class Replicas implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);
  private static final String BACK =
      "cannot go on: this replica was let go of while it became a member again (start the Writer again)";
  private static final long ADOPTED_NANOS = Duration.ofMinutes(1).toNanos();

  private final WriterCore core;
  private final RaftNode node;
  private final HostedLogs hosting;
  private final Object moving = new Object(); // held while a log comes or goes
  private final Map<Integer, HostedLog> all = new ConcurrentHashMap<>();
  private final Map<Integer, RaftLog> logs = new ConcurrentHashMap<>();
  private final Map<Integer, Long> adopted = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * @param hosting is given each log, as it is opened
   */
  Replicas(WriterCore core, RaftNode node, HostedLogs hosting) {
    this.core = core;
    this.node = node;
    this.hosting = hosting;
  }

  /** By number; changes as they come and go. */
  Map<Integer, RaftLog> logs() {
    return Collections.unmodifiableMap(logs);
  }

  /** Those that the disk knows; the node is not started yet. */
  void hostKnown() throws IOException {
    for (RaftLog log : node.logs()) {
      host(log);
    }
  }

  private void host(RaftLog log) throws IOException {
    int number = LogNumber.of(log.id());
    HostedLog hosted = ReplicaHosting.open(core, number, log).hosted();
    logs.put(number, log);
    all.put(number, hosted);
    hosting.add(hosted);
  }

  /**
   * Begins a log that is new here, unless it came meanwhile.
   *
   * @param members as for {@link RaftNode#add}
   * @return whether it was begun
   */
  boolean begin(UUID id, List<RaftMember> members) throws IOException {
    synchronized (moving) {
      if (logs.containsKey(LogNumber.of(id))) {
        return false;
      }
      hostNew(node.add(id, members));
      return true;
    }
  }

  /** While the Writer runs: Raft has the log already, and so it is here or the Writer ends. */
  private void hostNew(RaftLog log) throws IOException {
    try {
      host(log);
    } catch (IOException | RuntimeException e) {
      core.fatal().died("log " + LogNumber.of(log.id()), e);
      throw e;
    }
  }

  /** Has nothing of the log yet, and no vote: it waits for the leader, but not for ever. */
  void adopt(int number, @Nullable UUID id) throws IOException {
    synchronized (moving) {
      RaftLog there = logs.get(number);
      if (closed || id == null || LogNumber.of(id) != number) {
        throw new IOException("cannot adopt log %d as %s".formatted(number, id));
      }
      if (there != null && !there.id().equals(id)) {
        throw new IOException(
            "cannot adopt log %d: it is here as %s, not %s (are all of one cluster?)"
                .formatted(number, there.id(), id));
      }
      adopted.put(number, core.nanos().getAsLong());
      if (there == null) {
        hostNew(node.add(id, List.of()));
        LOG.info("ready to get log {}", number);
      }
    }
  }

  /** Its leader has told of this Writer as a member. */
  void listed(int number) {
    adopted.remove(number);
  }

  /** Whether it has come just now: whoever moves it here may not have told the leader yet. */
  boolean isAwaited(int number) {
    Long since = adopted.get(number);
    return since != null && core.nanos().getAsLong() - since < ADOPTED_NANOS;
  }

  /**
   * The log is on other Writers, for ever, by what its leader says. Stopped first: what it got
   * until then may say otherwise.
   */
  void leave(int number, RaftLog log, Membership proof) throws IOException {
    synchronized (moving) {
      HostedLog hosted = all.get(number);
      if (hosted == null || isAwaited(number) || !Leaving.isOlder(log.membership(), proof)) {
        return;
      }
      hosting.remove(hosted);
      logs.remove(number);
      all.remove(number);
      adopted.remove(number);
      hosted.gate().stop();
      hosted.close();
      if (!Leaving.isOlder(log.membership(), proof)) {
        core.fatal().died("log " + number, new IOException(BACK));
        return;
      }
      node.leave(log);
      LOG.info(
          "left log {}, which is on {} now",
          number,
          proof.members().stream().map(RaftMember::writer).toList());
    }
  }

  /** Nobody moves a log here from now on. */
  void adoptNone() {
    closed = true;
  }

  @Override
  public void close() throws IOException {
    synchronized (moving) {
      try (Closer parts = new Closer()) {
        all.values().forEach(parts::add);
      }
    }
  }
}

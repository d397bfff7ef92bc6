package io.sluice.writer;

import com.fasterxml.jackson.core.JsonGenerator;
import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.security.Tls;
import io.sluice.schema.service.Closer;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.HostPort;
import io.sluice.writer.raft.DiskId;
import io.sluice.writer.raft.Founding;
import io.sluice.writer.raft.Founding.Step;
import io.sluice.writer.raft.Leaving;
import io.sluice.writer.raft.LogNumber;
import io.sluice.writer.raft.Membership;
import io.sluice.writer.raft.Neighbour;
import io.sluice.writer.raft.RaftConfig;
import io.sluice.writer.raft.RaftLog;
import io.sluice.writer.raft.RaftMember;
import io.sluice.writer.raft.RaftNode;
import io.sluice.writer.raft.RaftTls;
import io.sluice.writer.serve.Cluster;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This Writer's replicas: those that its disk knows, at once; and by a thread of its own, those
 * that are founded, or that it is taken in to again after it has lost its disk. That thread also
 * lets go of those that were moved to other Writers, be it while this one was down.
 */
final class ReplicatedLogs implements AutoCloseable, Cluster {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicatedLogs.class);
  private static final String ENDED =
      "cannot go on: Raft has ended this replica (start the Writer again: it gets from the others what it has not)";

  /** Ratis keeps the newest segments on the heap: three of each log. */
  private static final long LARGEST_SEGMENT = 16 << 20;

  private static final long ROUND_MILLIS = 500;
  private static final long SETTLED_ROUND_MILLIS = 2_000;
  private static final long JOIN_MILLIS = 60_000;

  private final WriterCore core;
  private final CommonSettings cluster;
  private final RaftMember self;
  private final RaftNode node;
  private final Neighbours neighbours;
  private final Leads leads;
  private final Members members;
  private final Replicas replicas;
  private final SecureRandom random = new SecureRandom();
  private final Map<Integer, String> said = new HashMap<>(); // the thread's
  private final Thread rounds = new Thread(this::rounds, "cluster");
  private volatile Map<Integer, HostPort> leadersElsewhere = Map.of();
  private volatile boolean settled;
  private volatile boolean closed;

  private ReplicatedLogs(WriterCore core, HostedLogs hosting) throws IOException {
    this.core = core;
    this.cluster = core.settings().common();
    DiskId disk = DiskId.of(directory(cluster.data()));
    HostPort flight = cluster.writers().get(cluster.ordinal());
    HostPort raft = new HostPort(flight.host(), cluster.raftPort());
    self = new RaftMember(cluster.writerId(), disk.id(), raft, flight);
    WriterSettings settings = core.settings();
    RaftConfig config =
        new RaftConfig(
            disk.directory(),
            self,
            cluster.bindAddress().addresses().get(0).getHostAddress(),
            Math.min(settings.wal().segmentBytes(), LARGEST_SEGMENT),
            settings.wal().maxBytes(),
            Math.max(settings.intakeBytes(), PENDING_BYTES),
            settings.electionTimeout(),
            raftTls(core));
    node =
        RaftNode.open(
            config,
            disk,
            core.nanos(),
            ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()),
            cause -> core.fatal().died("the log", cause));
    neighbours =
        new Neighbours(
            cluster.writers(),
            cluster.ordinal(),
            core.tls().client(settings.access().shownByService()),
            core.allocator());
    leads = new Leads(node, self, settings, core.nanos(), core.telemetry());
    replicas = new Replicas(core, node, hosting);
    members = new Members(node, self, replicas.logs());
    rounds.setDaemon(true);
  }

  private static @Nullable RaftTls raftTls(WriterCore core) {
    Tls tls = core.tls().server().tls();
    return tls == null
        ? null
        : new RaftTls(
            tls,
            core.settings().common().writers().stream()
                .map(HostPort::host)
                .collect(Collectors.toSet()),
            core.telemetry().counter("sluice.raft.refused", Attributes.empty()));
  }

  /** More than the largest message. */
  private static final long PENDING_BYTES = 256L << 20;

  static Path directory(Path data) {
    return LogPaths.all(data).resolve("raft");
  }

  /**
   * Takes part in the logs that the disk knows.
   *
   * @param hosting is given each log, as it is opened
   */
  static ReplicatedLogs open(WriterCore core, HostedLogs hosting) throws IOException {
    ReplicatedLogs opened = new ReplicatedLogs(core, hosting);
    opened.replicas.hostKnown();
    opened.node.start();
    return opened;
  }

  /** Looks for what else is to be here: the others can ask this Writer now. */
  void start() {
    rounds.start();
  }

  @Override
  public void writeSelf(JsonGenerator out) throws IOException {
    out.writeStringField("disk", self.disk().toString());
    out.writeStringField("raft", self.raft().toString());
    out.writeStringField("flight", self.flight().toString());
    out.writeNumberField("writers", cluster.writers().size());
  }

  @Override
  public void writeMembers(JsonGenerator out, int number) throws IOException {
    RaftLog log = replicas.logs().get(number);
    if (log != null) {
      NeighbourJson.write(out, members.of(log));
    }
  }

  @Override
  public List<Copy> copies(int number) {
    RaftLog log = replicas.logs().get(number);
    return log == null ? List.of() : members.copies(log);
  }

  @Override
  public void act(Act act, byte[] body) throws IOException {
    NeighbourJson.Asked asked = NeighbourJson.asked(body);
    switch (act) {
      case JOIN -> members.admit(asked.log(), NeighbourJson.member(body));
      case ADOPT -> replicas.adopt(asked.log(), asked.id());
      case MEMBERS -> members.change(asked.log(), asked.from(), asked.members());
      case LEAD -> members.lead(asked.log(), asked.peer(), Leads.TRANSFER_MILLIS);
    }
  }

  /** Where a log's leader is reached that is not hosted here; null if that is not known. */
  @Nullable String leaderElsewhere(int number) {
    HostPort leader = leadersElsewhere.get(number);
    return leader == null ? null : leader.toString();
  }

  /** Why the next Writer should not be stopped yet; null: for all that is known here it may be. */
  @Nullable String lacking() {
    if (!settled) {
      return "not all logs that belong here are founded or joined yet";
    }
    for (Map.Entry<Integer, RaftLog> each : replicas.logs().entrySet()) {
      String lacking = each.getValue().lacking();
      if (lacking != null) {
        return "log %d: %s".formatted(each.getKey(), lacking);
      }
    }
    return null;
  }

  private void rounds() {
    while (!closed) {
      try {
        settled = round();
        synchronized (this) {
          if (!closed) {
            wait(settled ? SETTLED_ROUND_MILLIS : ROUND_MILLIS);
          }
        }
      } catch (InterruptedException e) {
        return;
      } catch (IOException | RuntimeException e) {
        LOG.warn("cannot look after the cluster's logs (tried again)", e);
      } catch (Error e) {
        core.fatal().died("the cluster's thread", e);
        return;
      }
    }
  }

  /** Whether there is nothing to be done but to keep the leads where they belong. */
  private boolean round() throws IOException {
    Map<Integer, Neighbour> found = neighbours.ask();
    boolean settled = true;
    for (int number = 0; number < cluster.logs(); number++) {
      RaftLog log = replicas.logs().get(number);
      settled &= log == null ? begin(number, found) : keep(number, log, found);
    }
    leadersElsewhere = Neighbour.leaders(found.values());
    leads.giveBack(replicas.logs(), found);
    return settled;
  }

  private Step decide(int number, Map<Integer, Neighbour> found) {
    return Founding.decide(
        number,
        cluster.ordinal(),
        self,
        cluster.writers().size(),
        cluster.placement().writers(number),
        node.left(),
        found);
  }

  /** What is here may have been moved away, or is about to come, or is to go on. */
  private boolean keep(int number, RaftLog log, Map<Integer, Neighbour> found) throws IOException {
    Membership own = log.membership();
    Optional<RaftMember> listed =
        own.members().stream().filter(each -> each.peerId().equals(self.peerId())).findAny();
    if (listed.isPresent()) {
      replicas.listed(number);
    }
    if (!log.leadership().leads() && !replicas.isAwaited(number)) {
      Optional<Membership> proof = Leaving.proof(self, log.id(), own, found.values());
      if (proof.isPresent()) {
        replicas.leave(number, log, proof.get());
        return true;
      }
    }
    if (log.hasEnded() && !log.isRemoved()) {
      core.fatal().died("log " + number, new IOException(ENDED));
      return true;
    }
    if (listed.isPresent()) {
      if (!listed.get().equals(self)) { // it has moved to another address
        join(number, listed.get(), found);
      }
      return listed.get().equals(self);
    }
    if (decide(number, found) instanceof Step.Join joins) {
      join(number, joins.instead(), found);
    }
    return false;
  }

  /** What is not here may be founded, or have been founded with this Writer. */
  private boolean begin(int number, Map<Integer, Neighbour> found) throws IOException {
    Step step = decide(number, found);
    if (step instanceof Step.Found founds) {
      if (!replicas.begin(LogNumber.newId(number, random), founds.members())) {
        return false;
      }
      LOG.info("founded log {} on {}", number, founds.members());
    } else if (step instanceof Step.Begin begins) {
      if (!replicas.begin(begins.id(), begins.members())) {
        return false;
      }
      LOG.info("has log {} with {}", number, begins.members());
    } else if (step instanceof Step.Join joins) {
      replicas.begin(joins.id(), List.of());
      return false; // it asks to be taken in from the next round on
    } else if (step instanceof Step.Await awaits) {
      if (!awaits.why().equals(said.put(number, awaits.why()))) {
        LOG.info("{}", awaits.why());
      }
      return false;
    }
    return true;
  }

  private void join(int number, RaftMember instead, Map<Integer, Neighbour> found) {
    HostPort leader = Neighbour.leaders(found.values()).get(number);
    int ordinal = leader == null ? -1 : cluster.writers().indexOf(leader);
    if (ordinal < 0) {
      return;
    }
    try {
      neighbours.ask(ordinal, "join", NeighbourJson.join(number, self), JOIN_MILLIS);
      LOG.info("joined log {} instead of {}", number, instead);
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).equals(said.put(number, e.getMessage()))) {
        LOG.warn("cannot join log {} yet: {}", number, e.getMessage());
      }
    }
  }

  /** Hands over what is led here: the process is about to end. */
  void handOver(Duration atMost) {
    leads.handOver(replicas.logs(), atMost);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    synchronized (this) {
      closed = true;
      replicas.adoptNone();
      notifyAll();
    }
    rounds.interrupt();
    if (rounds.isAlive()) {
      rounds.join(JOIN_MILLIS);
    }
    try (Closer parts = new Closer()) {
      parts.add(node);
      parts.add(neighbours);
      parts.add(replicas);
    }
  }
}

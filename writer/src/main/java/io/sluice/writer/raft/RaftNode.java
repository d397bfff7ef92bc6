package io.sluice.writer.raft;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This Writer's part in all Raft groups that it is in: one server, one port. Groups that the disk
 * knows are there when it is opened; others are founded or joined later.
 */
public final class RaftNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RaftNode.class);

  private final RaftConfig config;
  private final LongSupplier nanoTime;
  private final long firstMicros;
  private final Consumer<Throwable> fatal;
  private final Map<UUID, RaftLog> logs = new ConcurrentHashMap<>();
  private final RaftRequests requests = new RaftRequests();
  private final AddressedMessages messages;
  private final RaftGroups groups;
  private final StreamHeadPack heads = new StreamHeadPack();
  private final ExecutorService roles =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "raft-roles");
            thread.setDaemon(true);
            return thread;
          });
  private volatile @Nullable RaftServer server;

  private RaftNode(
      RaftConfig config,
      DiskId disk,
      LongSupplier nanoTime,
      long firstMicros,
      Consumer<Throwable> fatal) {
    this.config = config;
    this.nanoTime = nanoTime;
    this.firstMicros = firstMicros;
    this.fatal = fatal;
    this.messages = new AddressedMessages(config.self().peerId(), config.tls());
    this.groups = new RaftGroups(config.directory(), disk, messages, requests);
  }

  /**
   * Takes part in nothing yet: each log of {@link #logs} is to be started, then the node.
   *
   * @param disk of the directory
   * @param wallMicros where the time of a new log begins, in micros since the epoch
   * @param fatal told of what ends a log: a disk, damage, or what its consumer threw
   */
  public static RaftNode open(
      RaftConfig config,
      DiskId disk,
      LongSupplier nanoTime,
      long wallMicros,
      Consumer<Throwable> fatal)
      throws IOException {
    RaftNode node = new RaftNode(config, disk, nanoTime, wallMicros, fatal);
    for (UUID group : DiskId.groups(config.directory())) {
      node.log(group);
    }
    return node;
  }

  /** Those that this disk has, and those founded or joined since. */
  public List<RaftLog> logs() {
    return List.copyOf(logs.values());
  }

  /**
   * A log that is new to this disk; start it.
   *
   * @param members of the group that is founded; none: this Writer joins a group, whose leader
   *     takes it in
   */
  public RaftLog add(UUID group, List<RaftMember> members) {
    if (logs.containsKey(group)) {
      throw new IllegalArgumentException("log %s is here already".formatted(group));
    }
    groups.found(group, members);
    return log(group);
  }

  private RaftLog log(UUID group) {
    return logs.computeIfAbsent(
        group,
        id -> {
          RaftEntry entries = new RaftEntry(heads);
          LogStateMachine machine =
              new LogStateMachine(entries, roles, e -> failed(id, e), () -> drain(id));
          LogDirectory directory =
              new LogDirectory(
                  groups.directory(id), config.maxBytes(), config.segmentBytes(), nanoTime);
          return new RaftLog(id, this, machine, entries, directory, nanoTime);
        });
  }

  /** As {@link Drain}; a disk that is too slow is left to Ratis. */
  private void drain(UUID group) {
    try {
      org.apache.ratis.server.raftlog.RaftLog log = division(group).getRaftLog();
      LongSupplier last = () -> log.getNextIndex() - 1;
      if (!new Drain(nanoTime, LockSupport::parkNanos).await(last, log::getFlushIndex)) {
        LOG.warn(
            "log {}: a snapshot comes upon entries up to {} that are forced up to {} only",
            group,
            last.getAsLong(),
            log.getFlushIndex());
      }
    } catch (IOException e) {
      failed(group, e);
    }
  }

  private void failed(UUID group, Throwable cause) {
    RaftLog log = logs.get(group);
    if (log != null) {
      log.failed(cause);
    }
    fatal.accept(cause);
  }

  /** Takes part in all groups that were started. */
  public void start() throws IOException {
    RaftProperties properties = RaftSettings.properties(config);
    // Ratis would open the groups that it finds, and know no members of theirs: see StoredMembers.
    RaftServerConfigKeys.setStorageDir(
        properties, List.of(config.directory().resolve("nothing").toFile()));
    Parameters parameters = RaftSettings.parameters(config);
    GrpcConfigKeys.Server.setServicesCustomizer(parameters, messages);
    RaftServer started =
        RaftServer.newBuilder()
            .setServerId(config.self().peerId())
            .setStateMachineRegistry(this::machine)
            .setProperties(properties)
            .setParameters(parameters)
            .setOption(RaftStorage.StartupOption.RECOVER)
            .build();
    started.start();
    RaftServerConfigKeys.setStorageDir(properties, List.of(config.directory().toFile()));
    server = started;
    for (RaftLog log : logs.values()) {
      groups.begin(started, log.id());
      log.begun();
    }
  }

  private StateMachine machine(RaftGroupId group) {
    return log(group.getUuid()).machine();
  }

  void begin(RaftLog log) {
    RaftServer running = server;
    if (running != null) {
      try {
        groups.begin(running, log.id());
        log.begun();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static List<RaftPeer> peers(List<RaftMember> members) {
    return members.stream().map(RaftMember::peer).toList();
  }

  RaftServer.Division division(UUID group) throws IOException {
    RaftServer running = server;
    if (running == null) {
      throw new IOException("the log is not started yet");
    }
    return running.getDivision(RaftGroupId.valueOf(group));
  }

  /** Where the time of a log begins that has none yet. */
  long firstMicros() {
    return firstMicros;
  }

  /** Appends when it returns, if this Writer leads; in the order of calls. */
  CompletableFuture<RaftClientReply> write(RaftServer.Division division, Pending pending)
      throws IOException {
    return requests.write(division, pending);
  }

  CompletableFuture<RaftClientReply> read(RaftServer.Division division) throws IOException {
    return requests.read(division);
  }

  /**
   * Makes the log's members others, if they are what they are thought to be; at its leader only.
   * New ones get all of the log before they count.
   *
   * @throws IOException it does not lead, the members are others, or are being changed, or a new
   *     one cannot be reached or does not catch up
   */
  public void members(RaftLog log, List<RaftMember> from, List<RaftMember> to) throws IOException {
    requests.members(running(), log.id(), peers(from), peers(to));
  }

  /** Gives the lead to another member, which has to have caught up. */
  public void transfer(RaftLog log, RaftMember to, long millis) throws IOException {
    requests.transfer(running(), log.id(), to, millis);
  }

  /** The other members, as this leader knows them; none if it does not lead. */
  public List<Follower> followers(RaftLog log) {
    try {
      DivisionInfo info = division(log.id()).getInfo();
      List<ServerRpcProto> followers =
          info.getRoleInfoProto().getLeaderInfo().getFollowerInfoList();
      long[] matched = info.getFollowerMatchIndices();
      if (matched == null || matched.length != followers.size()) {
        return List.of(); // the lead or the members changed meanwhile
      }
      List<Follower> all = new ArrayList<>();
      for (int i = 0; i < matched.length; i++) {
        ServerRpcProto each = followers.get(i);
        all.add(
            new Follower(
                each.getId().getId().toStringUtf8(),
                matched[i],
                Duration.ofMillis(each.getLastRpcElapsedTimeMs())));
      }
      return all;
    } catch (IOException e) {
      return List.of();
    }
  }

  /** For how long another member has not answered this leader; the longest if that is not known. */
  public Duration silence(RaftLog log, RaftMember member) {
    return followers(log).stream()
        .filter(follower -> follower.is(member))
        .map(Follower::silent)
        .findAny()
        .orElse(ChronoUnit.FOREVER.getDuration());
  }

  private RaftServer running() throws IOException {
    RaftServer running = server;
    if (running == null) {
      throw new IOException("the Raft server is not started yet");
    }
    return running;
  }

  /**
   * Forgets a log that was closed, and deletes what the disk has of it: only once its members are
   * others, for ever. It can be added again, as one that has nothing of it.
   */
  public void leave(RaftLog log) throws IOException {
    groups.leave(running(), log.id());
    logs.remove(log.id());
    groups.forget(log.id());
  }

  /** Logs that were here, and are not any more. */
  public Set<UUID> left() {
    return groups.left();
  }

  void end(RaftLog log) {
    log.machine().closing();
    try {
      log.division().close();
    } catch (IOException e) {
      return; // it was never begun
    }
  }

  @Override
  public void close() throws IOException {
    logs.values().forEach(log -> log.machine().closing());
    RaftServer running = server;
    if (running != null) {
      running.close();
    }
    roles.shutdown();
  }
}

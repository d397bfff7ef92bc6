package io.sluice.writer.raft;

import io.sluice.s3server.FreePorts;
import io.sluice.schema.service.HostPort;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogFullException;
import io.sluice.wal.LogRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Three Writers' nodes in one process, with one log. */
final class RaftCluster implements AutoCloseable {

  static final long SEGMENT = 1 << 20;

  private final Path directory;
  private final long maxBytes;
  private final UUID group = LogNumber.newId(0, RandomGenerator.getDefault());
  private final Duration electionTimeout;
  private final @Nullable RaftTls tls;
  private final Map<Integer, DiskId> disks = new ConcurrentHashMap<>();
  private final List<RaftMember> members = new ArrayList<>();
  private final Map<Integer, RaftNode> nodes = new ConcurrentHashMap<>();
  private final Map<Integer, RaftLog> logs = new ConcurrentHashMap<>();
  private final Map<Integer, Replica> replicas = new ConcurrentHashMap<>();
  final List<Throwable> fatal = new ArrayList<>();

  RaftCluster(Path directory) throws IOException {
    this(directory, 1L << 30);
  }

  RaftCluster(Path directory, long maxBytes) throws IOException {
    this(directory, maxBytes, Duration.ofMillis(300), null);
  }

  /**
   * @param electionTimeout short, where elections are what is looked at
   */
  RaftCluster(Path directory, long maxBytes, Duration electionTimeout, @Nullable RaftTls tls)
      throws IOException {
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.electionTimeout = electionTimeout;
    this.tls = tls;
    for (int i = 0; i < 3; i++) {
      members.add(member(i, 0));
    }
  }

  private RaftMember member(int i, int disk) throws IOException {
    disks.put(i, DiskId.of(directory.resolve("writer-%d-%d".formatted(i, disk))));
    return new RaftMember(
        "writer-" + i,
        disks.get(i).id(),
        new HostPort("127.0.0.1", FreePorts.one()),
        new HostPort("127.0.0.1", 9000 + i));
  }

  List<RaftMember> members() {
    return List.copyOf(members);
  }

  void found() throws IOException {
    for (int i = 0; i < 3; i++) {
      RaftNode node = open(i);
      begin(i, node.add(group, members));
      node.start();
    }
  }

  /** A node that knows its log from its disk. */
  void restart(int i) throws IOException {
    RaftNode node = open(i);
    begin(i, node.logs().get(0));
    node.start();
  }

  /** A node that runs gets the log from its leader. */
  Replica join(int i) {
    begin(i, nodes.get(i).add(group, List.of()));
    return replicas.get(i);
  }

  /** The same Writer, at the same address, with a disk that is empty. */
  void replaceDisk(int i) throws IOException {
    RaftMember before = members.get(i);
    RaftMember now = member(i, 1);
    members.set(i, new RaftMember(now.writer(), now.disk(), before.raft(), before.flight()));
    RaftNode node = open(i);
    begin(i, node.add(group, List.of()));
    node.start();
  }

  private RaftNode open(int i) throws IOException {
    RaftMember self = members.get(i);
    RaftConfig config =
        new RaftConfig(
            disks.get(i).directory(),
            self,
            "127.0.0.1",
            SEGMENT,
            maxBytes,
            64 << 20,
            electionTimeout,
            tls);
    RaftNode node = RaftNode.open(config, disks.get(i), System::nanoTime, 1_000_000, fatal::add);
    nodes.put(i, node);
    return node;
  }

  private void begin(int i, RaftLog log) {
    Replica replica = new Replica();
    logs.put(i, log);
    replicas.put(i, replica);
    log.start(1, replica);
  }

  RaftNode node(int i) {
    return nodes.get(i);
  }

  RaftLog log(int i) {
    return logs.get(i);
  }

  Replica replica(int i) {
    return replicas.get(i);
  }

  /** As if it were killed, but that its threads end. */
  void stop(int i) throws IOException {
    logs.remove(i);
    nodes.remove(i).close();
  }

  /** Waits for a leader that is ready. */
  int leader() throws InterruptedException {
    long end = System.nanoTime() + 60_000_000_000L;
    while (System.nanoTime() < end) {
      for (Map.Entry<Integer, RaftLog> each : logs.entrySet()) {
        if (each.getValue().leadership().leads()) {
          return each.getKey();
        }
      }
      synchronized (this) {
        wait(20);
      }
    }
    throw new AssertionError("nobody leads");
  }

  /** Appends at whoever leads until it is applied. */
  long append(String text) throws Exception {
    while (true) {
      try {
        return send(leader(), text).position();
      } catch (java.util.concurrent.ExecutionException | LogFailedException e) {
        Throwable cause = e instanceof LogFailedException ? e : e.getCause();
        if (!(cause.getCause() instanceof io.sluice.wal.NotLeaderException)) {
          throw e;
        }
      }
    }
  }

  Sent send(int i, String text) throws LogFullException, LogFailedException {
    Sent sent = new Sent();
    log(i).append(record(text, sent));
    return sent;
  }

  static LogRecord record(String text, Sent sent) {
    ByteBuffer payload = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    CRC32C crc = new CRC32C();
    crc.update(payload.duplicate());
    byte[] stream = "head of a stream".getBytes(StandardCharsets.UTF_8);
    return new LogRecord(stream, payload, (int) crc.getValue(), false, sent);
  }

  @Override
  public void close() throws IOException {
    for (RaftNode node : nodes.values()) {
      node.close();
    }
  }
}

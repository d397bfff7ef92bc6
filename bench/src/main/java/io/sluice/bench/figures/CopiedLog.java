package io.sluice.bench.figures;

import io.sluice.bench.load.Latencies;
import io.sluice.schema.service.Closer;
import io.sluice.schema.service.HostPort;
import io.sluice.wal.LogConsumer;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogFullException;
import io.sluice.wal.LogRecord;
import io.sluice.writer.raft.DiskId;
import io.sluice.writer.raft.LogNumber;
import io.sluice.writer.raft.RaftConfig;
import io.sluice.writer.raft.RaftLog;
import io.sluice.writer.raft.RaftMember;
import io.sluice.writer.raft.RaftNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One log on three replicas, all in this process and on this disk, under the load of {@link
 * LogLoad}: an append ends when a majority has forced it and the leader has applied it.
 */
final class CopiedLog implements AutoCloseable {

  private static final int COPIES = 3;
  private static final long SEGMENT = 16 << 20;
  private static final long RELEASE_EVERY = 1_000;
  private static final byte[] STREAM = new byte[512];

  private final Closer closer = new Closer();
  private final List<RaftLog> replicas = new ArrayList<>();
  private final ByteBuffer payload;
  private final int outstanding;
  private final Semaphore free;
  private final Latencies latencies = new Latencies();
  private volatile @Nullable Throwable failure;

  CopiedLog(Path directory, int recordBytes, int outstanding) throws IOException {
    this.outstanding = outstanding;
    this.free = new Semaphore(outstanding);
    this.payload = ByteBuffer.allocateDirect(recordBytes);
    for (int i = 0; i < recordBytes; i++) {
      payload.put(i, (byte) (i * 7));
    }
    List<DiskId> disks = new ArrayList<>();
    List<RaftMember> members = new ArrayList<>();
    for (int i = 0; i < COPIES; i++) {
      DiskId disk = DiskId.of(directory.resolve("writer-" + i));
      disks.add(disk);
      members.add(new RaftMember("writer-" + i, disk.id(), freePort(), freePort()));
    }
    UUID id = LogNumber.newId(0, RandomGenerator.getDefault());
    for (int i = 0; i < COPIES; i++) {
      RaftConfig config =
          new RaftConfig(
              disks.get(i).directory(),
              members.get(i),
              "127.0.0.1",
              SEGMENT,
              LogLoad.MAX_BYTES,
              256L << 20,
              Duration.ofSeconds(2),
              null);
      RaftNode node =
          closer.add(RaftNode.open(config, disks.get(i), System::nanoTime, 1, e -> failure = e));
      RaftLog log = node.add(id, members);
      replicas.add(log);
      log.start(1, new Applied(log));
      node.start();
    }
  }

  private static HostPort freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new HostPort("127.0.0.1", socket.getLocalPort());
    }
  }

  /** Bytes of payload a second over at least so many seconds, all of them forced twice. */
  double bytesPerSecond(double seconds) throws InterruptedException, IOException {
    RaftLog leader = leader();
    long began = System.nanoTime();
    long end = began + (long) (seconds * 1e9);
    long records = 0;
    while (System.nanoTime() < end) {
      records += append(leader) ? 1 : 0;
    }
    free.acquire(outstanding);
    free.release(outstanding);
    if (failure != null) {
      throw new IOException("cannot go on: the log failed", failure);
    }
    return (double) records * payload.capacity() * 1e9 / (System.nanoTime() - began);
  }

  Latencies latencies() {
    return latencies;
  }

  private RaftLog leader() throws InterruptedException {
    while (true) {
      for (RaftLog log : replicas) {
        if (log.leadership().leads()) {
          return log;
        }
      }
      Thread.sleep(10);
    }
  }

  private boolean append(RaftLog leader) throws InterruptedException {
    free.acquire();
    CRC32C crc = new CRC32C();
    crc.update(payload.duplicate());
    try {
      leader.append(
          new LogRecord(STREAM, payload.duplicate(), (int) crc.getValue(), false, new Sent()));
      return true;
    } catch (LogFullException e) {
      free.release();
      Thread.onSpinWait(); // files are being released
      return false;
    } catch (LogFailedException e) {
      throw new IllegalStateException("cannot append", e);
    }
  }

  @Override
  public void close() throws IOException {
    closer.close();
  }

  /** Keeps nothing; its snapshot is empty. */
  private final class Applied implements LogConsumer {
    private final RaftLog log;
    private long count;

    Applied(RaftLog log) {
      this.log = log;
    }

    @Override
    public void apply(LogRecord record) {
      if (record.attachment() instanceof Sent sent) {
        latencies.add(System.nanoTime() - sent.nanos);
        free.release();
      }
      if (++count % RELEASE_EVERY == 0) {
        try {
          log.release(record.position() - 1, out -> {});
        } catch (IOException e) {
          failure = e;
        }
      }
    }

    @Override
    public void restore(ReadableByteChannel snapshot, long released) {
      count = 0;
    }
  }

  private final class Sent implements LogRecord.Attachment {
    private final long nanos = System.nanoTime();

    @Override
    public void durable() {
      failure = new IllegalStateException("a replicated log never says so");
      free.release();
    }

    @Override
    public void failed(LogFailedException cause) {
      failure = cause;
      free.release();
    }
  }
}

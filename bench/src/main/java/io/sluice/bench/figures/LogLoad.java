package io.sluice.bench.figures;

import io.sluice.bench.load.Latencies;
import io.sluice.wal.FileStorage;
import io.sluice.wal.LocalLog;
import io.sluice.wal.LogEnvironment;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogFullException;
import io.sluice.wal.LogRecord;
import io.sluice.wal.WalConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A local log under load: records of one size, so many outstanding, each with its checksum computed
 * as an intake would. Appends come from the thread that calls, ends from the log's apply thread.
 */
final class LogLoad implements AutoCloseable {

  /** The log's disk budget. */
  static final long MAX_BYTES = 2L << 30;

  private static final long RELEASE_EVERY = 1_000;
  private static final byte[] STREAM = new byte[512];

  private final LocalLog log;
  private final GroupCounter groups;
  private final ByteBuffer payload;
  private final int outstanding;
  private final boolean releases;
  private final Semaphore free;
  private volatile Latencies latencies = new Latencies(); // replaced while nothing is outstanding
  private volatile @Nullable Throwable failure;
  private long appended;

  /** A log whose segments are used again and again, as a Writer's that keeps up. */
  LogLoad(Path directory, int recordBytes, int outstanding) throws IOException {
    this(directory, recordBytes, outstanding, true);
  }

  /** A log that keeps all it is given. */
  static LogLoad keeping(Path directory, int recordBytes, int outstanding) throws IOException {
    return new LogLoad(directory, recordBytes, outstanding, false);
  }

  private LogLoad(Path directory, int recordBytes, int outstanding, boolean releases)
      throws IOException {
    this.releases = releases;
    this.outstanding = outstanding;
    this.free = new Semaphore(outstanding);
    this.payload = ByteBuffer.allocateDirect(recordBytes);
    for (int i = 0; i < recordBytes; i++) {
      payload.put(i, (byte) (i * 7));
    }
    this.groups = new GroupCounter(FileStorage.create(directory));
    LogEnvironment system = LogEnvironment.system(directory);
    LogEnvironment counted =
        new LogEnvironment(groups, system.nanoTime(), system.wallMicros(), system.random());
    this.log = LocalLog.open(WalConfig.of(directory, MAX_BYTES), counted, e -> failure = e);
    log.start(1, this::applied);
  }

  /** Bytes of payload a second over at least so many seconds, all of them forced. */
  double bytesPerSecond(double seconds) throws InterruptedException, IOException {
    long began = System.nanoTime();
    long end = began + (long) (seconds * 1e9);
    long records = 0;
    groups.takeMeanGroup();
    while (System.nanoTime() < end) {
      records += append() ? 1 : 0;
    }
    settle();
    appended += records;
    return (double) records * payload.capacity() * 1e9 / (System.nanoTime() - began);
  }

  /** From append to applied, at so many bytes of payload a second, for at least so many seconds. */
  Latencies latenciesAt(double bytesPerSecond, double seconds)
      throws InterruptedException, IOException {
    latencies = new Latencies();
    groups.takeMeanGroup();
    double each = payload.capacity() * 1e9 / bytesPerSecond;
    long began = System.nanoTime();
    long due = began;
    for (long i = 1; due - began < seconds * 1e9; i++) {
      append();
      due = began + (long) (i * each);
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
    }
    settle();
    return latencies;
  }

  /** Bytes per force since the last measurement began. */
  double meanGroup() {
    return groups.takeMeanGroup();
  }

  Latencies latencies() {
    return latencies;
  }

  /** Waits until nothing is outstanding. */
  void settle() throws InterruptedException, IOException {
    free.acquire(outstanding);
    free.release(outstanding);
    if (failure != null) {
      throw new IOException("cannot go on: the log failed", failure);
    }
  }

  /** Records of all measurements so far. */
  long appended() {
    return appended;
  }

  /** Appends one record, as soon as fewer than so many are outstanding; false if it is full. */
  boolean append() throws InterruptedException {
    free.acquire();
    CRC32C crc = new CRC32C();
    crc.update(payload.duplicate());
    try {
      log.append(
          new LogRecord(STREAM, payload.duplicate(), (int) crc.getValue(), false, new Sent()));
      return true;
    } catch (LogFullException e) {
      free.release();
      Thread.onSpinWait(); // segments are being released
      return false;
    } catch (LogFailedException e) {
      throw new IllegalStateException("cannot append", e);
    }
  }

  private void applied(LogRecord record) {
    if (record.attachment() instanceof Sent sent) {
      latencies.add(System.nanoTime() - sent.nanos);
      free.release();
    }
    if (releases && record.position() % RELEASE_EVERY == 0) {
      log.release(record.position());
    }
  }

  @Override
  public void close() {
    log.close();
  }

  private final class Sent implements LogRecord.Attachment {
    private final long nanos = System.nanoTime();

    @Override
    public void durable() {
      failure = new IllegalStateException("the apply of an empty log is behind");
      free.release();
    }

    @Override
    public void failed(LogFailedException cause) {
      failure = cause;
      free.release();
    }
  }
}

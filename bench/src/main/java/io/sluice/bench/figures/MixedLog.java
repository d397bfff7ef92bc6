package io.sluice.bench.figures;

import io.sluice.bench.figures.PutMessages.Put;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.wal.LocalLog;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogFullException;
import io.sluice.wal.LogRecord;
import io.sluice.wal.WalConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes a log as Acceptors would make it of requests of all signals, one stream for each table,
 * the tables' messages in turn, no batch a repeat; and faster than they could.
 */
final class MixedLog {

  private static final int RECORDS = 512;
  private static final int REQUESTS = 4;
  private static final int OUTSTANDING = 32;

  private final List<Put> puts;
  private final Map<Table, byte[]> openings = new EnumMap<>(Table.class);
  private final Semaphore free = new Semaphore(OUTSTANDING);
  private volatile @Nullable Throwable failure;

  MixedLog() throws IOException {
    List<List<Put>> bySignal = new ArrayList<>();
    for (Signal signal : Signal.stable()) {
      bySignal.add(PutMessages.of(signal, RECORDS, REQUESTS));
    }
    puts = new ArrayList<>();
    for (int i = 0; bySignal.stream().anyMatch(each -> !each.isEmpty()); i++) {
      List<Put> next = bySignal.get(i % bySignal.size());
      if (!next.isEmpty()) {
        puts.add(next.remove(0));
      }
    }
    for (Put put : puts) {
      openings.computeIfAbsent(put.table(), PutMessages::opening);
    }
  }

  /**
   * Appends to the log in a directory, which nobody has open, at least so many bytes.
   *
   * @return bytes of all messages
   */
  long fill(Path directory, long bytes, long maxBytes) throws IOException, InterruptedException {
    long appended = 0;
    try (LocalLog log =
        LocalLog.open(WalConfig.of(directory, maxBytes), cause -> failure = cause)) {
      for (long i = 1; appended < bytes; i++) {
        Put put = puts.get((int) (i % puts.size()));
        byte[] message = put.withId(new BatchId(i * 0x9E3779B97F4A7C15L, i));
        append(log, openings.get(put.table()), message);
        appended += message.length;
      }
      free.acquire(OUTSTANDING);
    } catch (LogFullException | LogFailedException e) {
      throw new IOException("cannot fill the log", e);
    }
    if (failure != null) {
      throw new IOException("cannot fill the log", failure);
    }
    return appended;
  }

  private void append(LocalLog log, byte @Nullable [] opening, byte[] message)
      throws InterruptedException, LogFullException, LogFailedException {
    if (opening == null) {
      throw new IllegalStateException("cannot append: no stream of the message's table");
    }
    free.acquire();
    CRC32C crc = new CRC32C();
    crc.update(message);
    log.append(
        new LogRecord(
            opening, ByteBuffer.wrap(message), (int) crc.getValue(), false, new Outstanding()));
  }

  /** Nothing is applied here, so that each is told when it is durable. */
  private final class Outstanding implements LogRecord.Attachment {
    @Override
    public void durable() {
      free.release();
    }

    @Override
    public void failed(LogFailedException cause) {
      failure = cause;
      free.release();
    }
  }
}

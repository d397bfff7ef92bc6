package io.sluice.writer.persist;

import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.TableBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of the hot rows of all logs of a Writer: one budget, and one decision at a time on
 * what has to go, from the log that holds most. Any thread may use it.
 */
public final class HotMemory {

  private static final Logger LOG = LoggerFactory.getLogger(HotMemory.class);

  private final long maxBytes;
  private final Ledger ledger;
  private final List<Part> parts = new CopyOnWriteArrayList<>();
  private boolean hasSpilled; // guarded by this
  private long reserved; // guarded by this
  private int underWay; // guarded by this

  /** The rows of one log. */
  private record Part(ChunkBuffer buffer, Runnable signal, Supplier<@Nullable String> outage) {}

  /**
   * @param maxBytes past half of it, sets are sealed early; past three quarters, sealed ones are
   *     left to their logs; past seven eighths the puts of tenants that have most of it are
   *     refused, past all of it all are
   */
  public HotMemory(long maxBytes, Ledger ledger) {
    this.maxBytes = maxBytes;
    this.ledger = ledger;
  }

  /**
   * A log's rows count from now on.
   *
   * @param signal run, quickly, by any thread when there is something to persist
   * @param outage why nothing of them can be persisted; null if there is nothing
   */
  void add(ChunkBuffer buffer, Runnable signal, Supplier<@Nullable String> outage) {
    parts.add(new Part(buffer, signal, outage));
    buffer.onGrowth(
        0,
        Math.max(1, maxBytes / 16),
        () -> {
          if (isPastHalf()) {
            signal.run();
          }
        });
  }

  /** A log's rows count no more: it is closed. */
  synchronized void remove(ChunkBuffer buffer) { // not while one is relieved
    parts.removeIf(part -> part.buffer.equals(buffer));
  }

  /** Bytes of all hot rows. */
  public long bytes() {
    return parts.stream().mapToLong(part -> part.buffer.bytes()).sum();
  }

  /** The budget. */
  public long maxBytes() {
    return maxBytes;
  }

  /** Bytes beyond the budget; below 0 while there is room. */
  public long bytesOver() {
    return bytes() - maxBytes;
  }

  /** Whether only so much is left as is for those who take less than others. */
  public boolean isScarce() {
    return bytes() > maxBytes / 8 * 7;
  }

  /** The tables of all logs. */
  public Stream<TableBuffer> tables() {
    return parts.stream().flatMap(part -> part.buffer.tables().stream());
  }

  /** Bytes of added rows let go of since the start, in all. */
  public long bytesFreed() {
    return parts.stream().mapToLong(part -> part.buffer.bytesFreed()).sum();
  }

  /** Why nothing can be persisted of some log, so that its memory is not freed; null if it can. */
  public @Nullable String outage() {
    return parts.stream()
        .map(part -> part.outage.get())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /**
   * Past half of the budget: frees what only stays for readers, and seals. But a small set helps
   * little and makes a small file, for ever: only as long as much is open. Past three quarters,
   * sealed rows are left to their log, and then readers that hold what is freed otherwise have to
   * go. Past all of it puts are refused, and those go, too, for whom a batch was read back.
   */
  synchronized void relieve() {
    if (isPastHalf()) {
      parts.forEach(part -> part.buffer.releaseHeld());
    }
    while (isPastHalf() && openBytes() > maxBytes / 8) {
      Part most = mostOpen();
      most.buffer.sealLargest();
      most.signal.run();
    }
    if (isPastThreeQuarters()) {
      spill();
    }
    if (isPastThreeQuarters()) {
      cut(ChunkBuffer::cutOldestRead);
    }
    if (bytesOver() >= 0) {
      cut(ChunkBuffer::cutOldestReadBack);
    }
    hasSpilled = hasSpilled && parts.stream().anyMatch(part -> part.buffer.loggedRows() > 0);
  }

  private boolean isPastHalf() {
    return bytes() > maxBytes / 2;
  }

  private boolean isPastThreeQuarters() {
    return bytes() > maxBytes / 4 * 3;
  }

  private long openBytes() {
    return parts.stream().mapToLong(part -> part.buffer.openBytes()).sum();
  }

  private Part mostOpen() {
    return parts.stream()
        .max(Comparator.comparingLong(part -> part.buffer.openBytes()))
        .orElseThrow();
  }

  private List<ChunkBuffer> largestFirst() {
    return parts.stream()
        .map(Part::buffer)
        .sorted(Comparator.comparingLong(ChunkBuffer::bytes).reversed())
        .toList();
  }

  private void spill() {
    int sets = 0;
    for (ChunkBuffer buffer : largestFirst()) {
      long tooMany = bytes() - maxBytes / 8 * 5;
      sets += tooMany > 0 ? buffer.spill(buffer.bytes() - tooMany) : 0;
    }
    ledger.setsSpilled.add(sets);
    if (sets > 0 && !hasSpilled) {
      hasSpilled = true;
      LOG.warn(
          "memory runs short: rows that wait to be persisted are left to the log, and read back in"
              + " their turn (said again when all of them are persisted, and more must go)");
    }
  }

  /** Cuts one of all logs' reads, if the last one cut is gone. */
  private void cut(Cut oldest) {
    List<ChunkBuffer> buffers = largestFirst();
    if (buffers.stream().noneMatch(ChunkBuffer::isCuttingRead)) {
      for (ChunkBuffer buffer : buffers) {
        if (oldest.cut(buffer)) {
          return;
        }
      }
    }
  }

  private interface Cut {
    boolean cut(ChunkBuffer buffer);
  }

  /**
   * Room for rows that are read back. One set can always go, whatever memory holds: what waits
   * behind it can be left to the log, so memory comes free by this and by nothing else.
   *
   * @return what is held, if there is no room
   */
  synchronized Held reserve(long bytes) {
    long held = bytes() + reserved;
    if (underWay > 0 && bytes > maxBytes - held) {
      return new Held(false, held, maxBytes);
    }
    reserved += bytes;
    underWay++;
    return new Held(true, held, maxBytes);
  }

  /** The rows are let go of. */
  synchronized void giveBack(long bytes) {
    reserved -= bytes;
    underWay--;
  }

  /**
   * An answer to {@link #reserve}.
   *
   * @param granted whether there is room
   * @param bytes held before
   */
  record Held(boolean granted, long bytes, long maxBytes) {}
}

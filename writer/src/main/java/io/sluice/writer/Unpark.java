package io.sluice.writer;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeTable;
import io.sluice.lake.TableLostException;
import io.sluice.writer.apply.ReleasedTables;
import io.sluice.writer.apply.Releaser;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.persist.Persister;
import io.sluice.writer.serve.Actions;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a table that was begun anew as it is now: what is owed to it goes on from its mark. One at
 * a time, on the thread of whoever asks.
 */
final class Unpark implements Actions.Unparking {

  private static final Logger LOG = LoggerFactory.getLogger(Unpark.class);
  private static final Duration TURN = Duration.ofSeconds(15);

  private final WriterCatalog catalog;
  private final UUID logId;
  private final ChunkBuffer buffer;
  private final Persister persister;
  private final Owing owing;
  private final Parked parked;

  /** Changes what is owed to a table: that is known durably first. */
  @FunctionalInterface
  interface Owing {
    void rebase(ReleasedTables.Entry entry, Releaser.Rebase change) throws IOException;
  }

  /** A parked file of a table is to be of another range. */
  @FunctionalInterface
  interface Parked {
    void rebase(TableKey table, long from, long to, long newFrom) throws IOException;
  }

  Unpark(
      WriterCatalog catalog,
      UUID logId,
      ChunkBuffer buffer,
      Persister persister,
      Owing owing,
      Parked parked) {
    this.catalog = catalog;
    this.logId = logId;
    this.buffer = buffer;
    this.persister = persister;
    this.owing = owing;
    this.parked = parked;
  }

  @Override
  public synchronized String unpark(TableKey key) throws IOException, InterruptedException {
    TableBuffer table =
        buffer
            .known(key)
            .orElseThrow(() -> cannot(key, "nothing is known of it (see ./sluice status)"));
    Lake lake = catalog.lake();
    LakeTable inLake = lake.table(key.tenant(), key.table());
    boolean made = lake.makeAnew(key.tenant(), key.table());
    LakeTable.Present now;
    try {
      now = inLake.present();
    } catch (TableLostException e) {
      throw cannot(key, e.getMessage() + " (put it back, or drop it: then it is made anew)");
    }
    long mark = now.marks().getOrDefault(logId, 0L);
    if (inLake.uuid().filter(now.uuid()::equals).isPresent() && mark == table.mark()) {
      String left = key + " is as this log left it, at position " + mark;
      if (!table.isOwed() && !persister.stuck().containsKey(key)) {
        return left + ": nothing waits for it, and nothing is to be done";
      }
      persister.retry(key);
      return left + ": it is tried again now";
    }
    String done = rebase(table, inLake, now.uuid(), mark) + (made ? " (it was made, empty)" : "");
    persister.retry(key);
    LOG.warn("{}", done);
    return done;
  }

  private String rebase(TableBuffer table, LakeTable inLake, UUID uuid, long mark)
      throws IOException, InterruptedException {
    TableKey key = table.key();
    ReleasedTables.Entry entry = new ReleasedTables.Entry(key, uuid, mark);
    Optional<ChunkSet> oldest = oldest(table);
    if (oldest.isEmpty()) {
      owing.rebase(
          entry,
          () -> {
            if (!table.rebased(mark)) {
              throw cannot(key, "rows came meanwhile (ask again)");
            }
            inLake.expect(uuid);
          });
      return "%s is taken as it is, at position %d; nothing was owed to it".formatted(key, mark);
    }
    ChunkSet set = oldest.get();
    long from = set.from();
    try {
      if (mark > from) {
        throw cannot(
            key,
            "its mark is %d, and what waits for it begins at %d: it holds some of that already, or is of another time (put back the right one)"
                .formatted(mark, from));
      }
      owing.rebase(
          entry,
          () -> {
            table.rebased(set, mark, () -> parked.rebase(key, from, set.to(), mark));
            inLake.expect(uuid);
          });
    } catch (Throwable e) { // an Error too: the set must not stay PERSISTING
      table.persistFailed(set);
      throw e;
    }
    return "%s is taken as it is: what waits for it begins at position %d, not %d"
        .formatted(key, mark, from);
  }

  /** Nobody else persists it meanwhile; nothing if nothing is owed. */
  private Optional<ChunkSet> oldest(TableBuffer table) throws IOException, InterruptedException {
    buffer.seal(table);
    long end = System.nanoTime() + TURN.toNanos();
    while (table.isOwed()) {
      Optional<ChunkSet> oldest = table.beginPersist();
      if (oldest.isPresent()) {
        return oldest;
      }
      if (System.nanoTime() > end) {
        throw cannot(table.key(), "a try to persist it is under way (ask again)");
      }
      Thread.sleep(10);
    }
    return Optional.empty();
  }

  private static IOException cannot(TableKey key, String why) {
    return new IOException("cannot unpark %s: %s".formatted(key, why));
  }
}

package io.sluice.writer;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.schema.service.Closer;
import io.sluice.schema.service.DamagedException;
import io.sluice.wal.CorruptLogException;
import io.sluice.wal.DurableLog;
import io.sluice.wal.FileStorage;
import io.sluice.writer.apply.Applier;
import io.sluice.writer.apply.LogRows;
import io.sluice.writer.apply.OwedRows;
import io.sluice.writer.apply.ParkedSets;
import io.sluice.writer.apply.ReleasedTables;
import io.sluice.writer.apply.Releaser;
import io.sluice.writer.apply.Window;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.persist.ChunkFiles;
import io.sluice.writer.persist.LakeSetWriter;
import io.sluice.writer.persist.Parking;
import io.sluice.writer.persist.Persister;
import io.sluice.writer.persist.ReadBack;
import io.sluice.writer.persist.TimeToFull;
import io.sluice.writer.serve.ReadGate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A log on this disk alone: opened in the order of the data path. It is applied when it is known
 * how far the tables hold it.
 */
final class LocalHosting {

  private final WriterCore core;
  private final int number;
  private final DurableLog log;
  private final WriterMarks marks = new WriterMarks();
  private final ReleasedTables released;
  private final ParkedSets parked;
  private final ChunkBuffer buffer;
  private final Applier applier;
  private final Persister persister;
  private final HostedLog hosted;
  private final CompletableFuture<LakeSetWriter> sets = new CompletableFuture<>();
  private final long from;

  private LocalHosting(WriterCore core, int number, LogOpener opener, Closer closer)
      throws IOException {
    this.core = core;
    this.number = number;
    WriterSettings settings = core.settings();
    LogPaths paths = LogPaths.of(settings.common().data(), number);
    FileStorage.create(paths.window());
    boolean isAlone = settings.common().logs() == 1;
    String part = isAlone ? "the log" : "log " + number;
    log = opener.open(number, cause -> core.fatal().died(part, explained(cause)));
    FileStorage.create(paths.parked());
    parked = new ParkedSets(paths.parked(), log);
    buffer =
        closer.add( // closed after the log, which adds to it
            new ChunkBuffer(
                marks,
                settings.seal().atMost(settings.memoryBytes() / 4),
                new OwedRows(
                    new LogRows(log, core.rowsByChunk(), core.loader(), core.allocator()), parked),
                core.nanos()));
    LogMeters meters = new LogMeters(core.telemetry(), number, settings.common().logs());
    meters.registerTables(buffer);
    closer.add(log);
    TimeToFull timeToFull = new TimeToFull(() -> log.usage().roomBytes(), core.nanos());
    released = new ReleasedTables(paths.window(), log.id());
    WriterMarks.require(released.read(), log.recoveredPosition());
    ParkedAtStart.require(parked.find(), log.recoveredPosition());
    Window window = new Window(settings.dedupWindow().toNanos() / 1000, settings.dedupBatches());
    applier =
        new Applier(
            window,
            buffer,
            core.rowsByChunk(),
            core.loader(),
            core.ledger(),
            log.recoveredPosition());
    Releaser releaser =
        new Releaser(
            log,
            window,
            buffer,
            applier,
            paths.window(),
            released,
            () -> released(core.catalog().lake()),
            settings.checkpointEvery(),
            core.nanos());
    Parking parking =
        new Parking(
            new ParkedLot(parked),
            core.ledger(),
            settings.parkAfter(),
            settings.parkBytes(),
            () -> log.usage().isHalfFull());
    persister =
        closer.add(
            new Persister(
                buffer,
                set -> sets.join().persist(set),
                () -> {
                  timeToFull.look();
                  releaser.release();
                },
                parking,
                core.ledger(),
                core.fatal(),
                settings.grace(),
                core.memory(),
                core.threads(),
                core.nanos()));
    ReadGate gate = new ReadGate(buffer, log, () -> closedReads(core.catalog().why()));
    from = releaser.restore();
    buffer.applied(from - 1);
    meters.register(log, window, buffer, timeToFull);
    Unpark unpark =
        new Unpark(core.catalog(), log.id(), buffer, persister, releaser::rebase, parked::rebase);
    hosted =
        new HostedLog(
            core,
            closer,
            number,
            log,
            window,
            buffer,
            parking,
            persister,
            timeToFull,
            gate,
            unpark);
  }

  /**
   * Takes appends; is applied from {@link #begin} on.
   *
   * @param number of the cluster's logs, from 0
   */
  static LocalHosting open(WriterCore core, int number, LogOpener opener) throws IOException {
    Closer closer = new Closer();
    try {
      return new LocalHosting(core, number, opener, closer);
    } catch (LogEndLostException e) {
      throw closer.closeAfter(named(core, number, e));
    } catch (IOException e) {
      throw closer.closeAfter(e);
    } catch (RuntimeException e) {
      throw closer.closeAfter(e);
    }
  }

  /** Damage of the log is no fault of its disk or of this program. */
  private static Throwable explained(Throwable cause) {
    return cause instanceof CorruptLogException damage
        ? new DamagedException(String.valueOf(damage.getMessage()), damage)
        : cause;
  }

  private static @Nullable String closedReads(@Nullable String why) {
    return why == null ? null : "cannot read yet: %s (puts are taken; ask again)".formatted(why);
  }

  /** Whether it has records, or had some that are released: then the tables are not new. */
  boolean wasUsed() throws IOException {
    return log.recoveredPosition() > 0 || !released.read().isEmpty();
  }

  /** Reads how far the tables hold this log. */
  void learn(Lake lake) throws IOException, LakeUnavailableException {
    marks.read(lake, log.id(), released);
    try {
      marks.require(log.recoveredPosition());
    } catch (LogEndLostException e) {
      throw named(core, number, e);
    }
  }

  private static LogEndLostException named(WriterCore core, int number, LogEndLostException e) {
    return core.settings().common().logs() == 1 ? e : e.of(number);
  }

  /** Applies and persists from now on; the marks are known. */
  void begin(Lake lake) throws IOException {
    ChunkFiles files = new ChunkFiles(core.allocator(), UUID::randomUUID);
    ReadBack readBack = new ReadBack(buffer, core.memory());
    sets.complete(new LakeSetWriter(lake, log.id(), readBack, files, core.commits()));
    new ParkedAtStart(parked, buffer).restore(marks);
    log.start(from, applier);
    persister.start();
  }

  private List<ReleasedTables.Entry> released(Lake lake) {
    List<ReleasedTables.Entry> entries = new ArrayList<>();
    for (TableBuffer table : buffer.tables()) {
      TableKey key = table.key();
      if (table.mark() > 0) {
        lake.table(key.tenant(), key.table())
            .uuid()
            .ifPresent(uuid -> entries.add(new ReleasedTables.Entry(key, uuid, table.mark())));
      }
    }
    return entries;
  }

  HostedLog hosted() {
    return hosted;
  }
}

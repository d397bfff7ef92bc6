package io.sluice.writer;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.schema.service.Closer;
import io.sluice.wal.DurableLog;
import io.sluice.wal.NotLeaderException;
import io.sluice.writer.apply.Applier;
import io.sluice.writer.apply.LogRows;
import io.sluice.writer.apply.ReleasedTables;
import io.sluice.writer.apply.Replica;
import io.sluice.writer.apply.ReplicaReleaser;
import io.sluice.writer.apply.RoleListener;
import io.sluice.writer.apply.Window;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.persist.ChunkFiles;
import io.sluice.writer.persist.LakeSetWriter;
import io.sluice.writer.persist.Parking;
import io.sluice.writer.persist.Persister;
import io.sluice.writer.persist.ReadBack;
import io.sluice.writer.persist.TimeToFull;
import io.sluice.writer.serve.ReadGate;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This Writer's replica of a log that others have, too: it applies from the start; while it leads,
 * and once it knows how far the tables hold the log, it persists. One thread takes leads over.
 */
final class ReplicaHosting implements RoleListener {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicaHosting.class);
  private static final UUID UNKNOWN = new UUID(0, 0);
  private static final long PAUSE_MILLIS = 100;
  private static final long MOST_PAUSE_MILLIS = 5_000;
  private static final long CONFIRM_SECONDS = 10;

  private final WriterCore core;
  private final int number;
  private final DurableLog log;
  private final ChunkBuffer buffer;
  private final Replica replica;
  private final Persister persister;
  private final HostedLog hosted;
  private final CompletableFuture<LakeSetWriter> sets = new CompletableFuture<>();
  private final ExecutorService taking;
  private final Object turn = new Object();
  private volatile long term;

  private ReplicaHosting(WriterCore core, int number, DurableLog log, Closer closer) {
    this.core = core;
    this.number = number;
    this.log = log;
    this.taking =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "lead-" + number);
              thread.setDaemon(true);
              return thread;
            });
    WriterSettings settings = core.settings();
    buffer =
        closer.add( // closed after the log, which adds to it
            new ChunkBuffer(
                key -> 0L,
                settings.seal().atMost(settings.memoryBytes() / 4),
                new LogRows(log, core.rowsByChunk(), core.loader(), core.allocator()),
                core.nanos()));
    LogMeters meters =
        closer.add(new LogMeters(core.telemetry(), number, settings.common().logs()));
    meters.registerTables(buffer);
    closer.add(log);
    TimeToFull timeToFull = new TimeToFull(() -> log.usage().roomBytes(), core.nanos());
    Window.Limits limits =
        new Window.Limits(settings.dedupWindow().toNanos() / 1000, settings.dedupBatches());
    Window window = new Window(limits);
    Applier applier =
        Applier.ofReplica(window, buffer, core.rowsByChunk(), core.loader(), core.ledger());
    replica = new Replica(log, window, buffer, applier, this);
    ReplicaReleaser releaser =
        new ReplicaReleaser(
            log,
            window,
            buffer,
            replica,
            this::uuid,
            limits,
            settings.checkpointEvery(),
            core.nanos());
    Parking parking = Parking.refusingOnly(core.ledger(), settings.parkBytes());
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
    closer.<AutoCloseable>add(this::stopTaking);
    meters.register(log, window, buffer, timeToFull);
    Unpark unpark =
        new Unpark(
            core.catalog(),
            log.id(),
            buffer,
            persister,
            (entry, change) -> change.run(), // its note tells the others, once something is in it
            (table, from, to, newFrom) -> {
              throw new IOException("cannot move parked rows of %s: none are".formatted(table));
            });
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
            new ReadGate(buffer, log, () -> null),
            unpark);
  }

  /**
   * Applies the log from when it begins.
   *
   * @param number of the cluster's logs, from 0
   */
  static ReplicaHosting open(WriterCore core, int number, DurableLog log) throws IOException {
    Closer closer = new Closer();
    try {
      ReplicaHosting hosting = new ReplicaHosting(core, number, log, closer);
      hosting.persister.start();
      log.start(0, hosting.replica);
      return hosting;
    } catch (RuntimeException e) {
      throw closer.closeAfter(e);
    }
  }

  HostedLog hosted() {
    return hosted;
  }

  private Optional<UUID> uuid(TableKey key) {
    Lake lake = core.catalog().known();
    return lake == null ? Optional.empty() : lake.table(key.tenant(), key.table()).uuid();
  }

  @Override
  public void leads(long newTerm) {
    term = newTerm;
    taking.execute(() -> take(newTerm));
  }

  @Override
  public void follows() {
    term = 0;
    synchronized (turn) {
      turn.notifyAll();
    }
    LOG.info("log {} is led by another Writer", number);
  }

  /** Until it persists, or leads no longer: without its catalog it takes puts all the same. */
  private void take(long ofTerm) {
    LOG.info("leads log {} in term {}", number, ofTerm);
    String said = "";
    long pause = PAUSE_MILLIS;
    while (term == ofTerm) {
      try {
        if (tryToTake(ofTerm)) {
          LOG.info("persists log {} from now on (term {})", number, ofTerm);
        }
        return;
      } catch (LogEndLostException e) {
        core.fatal().died("log " + number, e);
        return;
      } catch (InterruptedException e) {
        return; // the Writer stops
      } catch (IOException | RuntimeException | ExecutionException | TimeoutException e) {
        Throwable why = e instanceof ExecutionException ? e.getCause() : e;
        String reason = String.valueOf(why == null ? e : why.getMessage());
        if (!reason.equals(said) && !(why instanceof NotLeaderException)) {
          LOG.warn("cannot persist log {} yet: {} (tried again; puts are taken)", number, reason);
          said = reason;
        }
        pause(ofTerm, pause);
        pause = Math.min(2 * pause, MOST_PAUSE_MILLIS);
      } catch (Error e) {
        core.fatal().died("log " + number, e);
        return;
      }
    }
  }

  /** False: it does not lead in this term any more. */
  private boolean tryToTake(long ofTerm)
      throws IOException,
          LakeUnavailableException,
          ExecutionException,
          InterruptedException,
          TimeoutException {
    Lake lake = core.catalog().known();
    if (lake == null || core.catalog().why() != null) {
      throw new IOException(String.valueOf(core.catalog().why()));
    }
    WriterMarks marks = new WriterMarks();
    marks.read(lake, log.id(), knownTables(), "log " + number);
    // After that: what a later leader has brought into the tables is not in this replica's log.
    long confirmed = log.confirm().get(CONFIRM_SECONDS, TimeUnit.SECONDS);
    marks.require(confirmed);
    Map<TableKey, Long> all = marks.all();
    if (!sets.isDone()) {
      ChunkFiles files = new ChunkFiles(core.allocator(), UUID::randomUUID);
      ReadBack readBack = new ReadBack(buffer, core.memory());
      sets.complete(new LakeSetWriter(lake, log.id(), readBack, files, core.commits()));
    }
    boolean taken = replica.lead(ofTerm, all);
    persister.signal();
    return taken;
  }

  private List<ReleasedTables.Entry> knownTables() {
    return replica.tables().stream().filter(entry -> !entry.uuid().equals(UNKNOWN)).toList();
  }

  private void pause(long ofTerm, long millis) {
    long end = core.nanos().getAsLong() + millis * 1_000_000;
    synchronized (turn) {
      try {
        long left = millis;
        while (term == ofTerm && left > 0) {
          turn.wait(left);
          left = (end - core.nanos().getAsLong()) / 1_000_000;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        term = 0;
      }
    }
  }

  private void stopTaking() throws InterruptedException {
    term = 0;
    taking.shutdownNow();
    if (!taking.awaitTermination(CONFIRM_SECONDS, TimeUnit.SECONDS)) {
      LOG.warn("log {}: reading the tables' marks is still under way", number);
    }
  }
}

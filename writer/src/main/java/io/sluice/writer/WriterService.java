package io.sluice.writer;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.WarehouseProbe;
import io.sluice.lake.rest.RestCatalog;
import io.sluice.schema.service.AdminServer;
import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.Closer;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.DamagedException;
import io.sluice.schema.service.Fatal;
import io.sluice.schema.service.FileFailure;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.Secrets;
import io.sluice.schema.service.Telemetry;
import io.sluice.wal.CorruptLogException;
import io.sluice.wal.FileStorage;
import io.sluice.wal.LocalLog;
import io.sluice.writer.apply.Applier;
import io.sluice.writer.apply.LogRows;
import io.sluice.writer.apply.OwedRows;
import io.sluice.writer.apply.ParkedSets;
import io.sluice.writer.apply.ReleasedTables;
import io.sluice.writer.apply.Releaser;
import io.sluice.writer.apply.RowsByChunk;
import io.sluice.writer.apply.Window;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.intake.Intake;
import io.sluice.writer.persist.ChunkFiles;
import io.sluice.writer.persist.FlushFailedException;
import io.sluice.writer.persist.LakeSetWriter;
import io.sluice.writer.persist.Parking;
import io.sluice.writer.persist.Persister;
import io.sluice.writer.persist.ReadBack;
import io.sluice.writer.persist.TimeToFull;
import io.sluice.writer.serve.Actions;
import io.sluice.writer.serve.CatalogPages;
import io.sluice.writer.serve.FlightListener;
import io.sluice.writer.serve.FlightReads;
import io.sluice.writer.serve.ReadGate;
import io.sluice.writer.serve.ReadLimits;
import io.sluice.writer.serve.WriterStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Writer, opened in the order of its data path and closed the other way round. */
public final class WriterService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WriterService.class);

  /** For all of a stop, whatever hangs; persisting ends so early that the rest can end in it. */
  private static final Duration STOP = Duration.ofSeconds(20);

  private static final Duration PERSIST_AT_STOP = STOP.minusSeconds(7);
  private static final Duration READS_AT_STOP = STOP.minusSeconds(4);
  private static final Duration LAST_PERSIST_AT_STOP = STOP.minusSeconds(3);

  /** A catalog that is well answers sooner; what is taken without it is as safe. */
  private static final Duration CATALOG_AT_START = Duration.ofSeconds(2);

  private final Closer closer;
  private final AdminServer admin;
  private final Intake intake;
  private final Persister persister;
  private final ChunkBuffer buffer;
  private final FlightListener listener;
  private final ReadGate gate;
  private volatile boolean dead;

  private WriterService(
      WriterSettings settings, WriterEnvironment environment, Fatal service, Closer closer)
      throws IOException, LakeUnavailableException {
    this.closer = closer;
    Fatal fatal =
        (part, cause) -> {
          dead = true;
          service.died(part, cause);
        };
    CommonSettings common = settings.common();
    Path own = common.data().resolve("writer").resolve("window");
    FileStorage.create(own);
    Telemetry telemetry = closer.add(new Telemetry("sluice-writer"));
    admin =
        closer.add(
            AdminServer.open(
                telemetry,
                common.bindAddress(),
                common.writerAdminPort(),
                CommonSettings.WRITER_ADMIN_PORT));
    LongSupplier nanos = System::nanoTime;
    BufferAllocator allocator = new RootAllocator();
    closer.<AutoCloseable>add(() -> closeMemory(allocator));
    Ledger ledger = new Ledger(telemetry);
    WriterCatalog catalog =
        new WriterCatalog(() -> environment.lakes().open(settings.lake()), fatal);
    closer.<AutoCloseable>add(catalog::closeLake);
    CatalogPages pages = new CatalogPages(new RestCatalog(catalog::known, catalog::why), telemetry);
    closer.<AutoCloseable>add(pages);
    admin.handle(CatalogPages.PATH, pages);
    WriterMarks marks = new WriterMarks();
    LocalLog log =
        LocalLog.open(
            settings.wal(),
            environment.log().of(settings.wal().directory()),
            cause -> fatal.died("the log", explained(cause)));
    Path parkedPath = common.data().resolve("writer").resolve("parked");
    FileStorage.create(parkedPath);
    ParkedSets parked = new ParkedSets(parkedPath, log);
    BatchLoader loader = new BatchLoader(allocator, settings.eventTime());
    RowsByChunk rowsByChunk = new RowsByChunk(settings.shards());
    buffer =
        closer.add( // closed after the log, which adds to it
            new ChunkBuffer(
                marks,
                settings.seal().atMost(settings.memoryBytes() / 4),
                new OwedRows(new LogRows(log, rowsByChunk, loader, allocator), parked),
                nanos));
    WriterMeters.registerTables(telemetry, buffer);
    closer.add(log);
    TimeToFull timeToFull = new TimeToFull(() -> log.usage().roomBytes(), nanos);
    ReleasedTables released = new ReleasedTables(own, log.id());
    WriterMarks.require(released.read(), log.recoveredPosition());
    ParkedAtStart.require(parked.find(), log.recoveredPosition());
    Window window = new Window(micros(settings.dedupWindow()), settings.dedupBatches());
    Applier applier =
        new Applier(window, buffer, rowsByChunk, loader, ledger, log.recoveredPosition());
    Releaser releaser =
        new Releaser(
            log,
            window,
            buffer,
            applier,
            own,
            released,
            () -> released(catalog.lake()),
            settings.checkpointEvery(),
            nanos);
    Parking parking =
        new Parking(
            new ParkedLot(parked),
            ledger,
            settings.parkAfter(),
            settings.parkBytes(),
            () -> log.usage().usedBytes() > log.usage().budgetBytes() / 2);
    CompletableFuture<LakeSetWriter> sets = new CompletableFuture<>();
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
                ledger,
                fatal,
                settings.grace(),
                settings.memoryBytes(),
                settings.persistThreads(),
                nanos));
    long from = releaser.restore();
    buffer.applied(from - 1);
    MaintenanceSchedule maintenance =
        closer.add(
            new MaintenanceSchedule(
                settings.maintenance(),
                settings.schedule(),
                Clock.systemUTC(),
                ThreadLocalRandom.current()::nextDouble));
    WriterCatalog.Step learn =
        lake -> {
          WarehouseProbe.requireWritable(lake);
          marks.read(lake, log.id(), released);
          marks.require(log.recoveredPosition());
        };
    WriterCatalog.Step begin =
        lake -> {
          ChunkFiles files = new ChunkFiles(allocator, UUID::randomUUID);
          ReadBack readBack = new ReadBack(buffer, settings.memoryBytes());
          sets.complete(new LakeSetWriter(lake, log.id(), readBack, files));
          new ParkedAtStart(parked, buffer).restore(marks);
          log.start(from, applier);
          persister.start();
          maintenance.start(lake);
        };
    gate = new ReadGate(buffer, log::promisedPosition, () -> closedReads(catalog.why()));
    closer.add(catalog);
    if (log.recoveredPosition() > 0 || !released.read().isEmpty()) {
      catalog.open(CATALOG_AT_START, learn, begin);
    } else {
      catalog.open(learn, begin);
    }
    intake =
        new Intake(
            log,
            loader,
            allocator,
            settings.intakeBytes(),
            new HotPersisting(
                buffer, window, persister, parking, settings.memoryBytes(), () -> !gate.isWhole()),
            ledger,
            Clock.systemUTC(),
            nanos,
            UUID::randomUUID);
    WriterStatus status =
        new WriterStatus(
            common.writerId(),
            new HostPort(common.bindAddress().reachable(), common.flightPort()).toString(),
            gate,
            log,
            buffer,
            persister,
            timeToFull);
    listener =
        closer.add(
            FlightListener.open(
                common.bindAddress(),
                common.flightPort(),
                allocator,
                new FlightReads(
                    log.id(),
                    buffer,
                    allocator,
                    new Actions(
                        status,
                        buffer,
                        persister,
                        gate,
                        new Unpark(catalog, log.id(), buffer, persister, releaser, parked)),
                    new PromotionsInUse(catalog, settings.lake().promotions()),
                    gate,
                    new ReadLimits(settings.patience(), nanos, ledger.readsCut)),
                intake));
    closer.<AutoCloseable>add(gate::stop); // and so if it is abandoned
    admin.status(status::write);
    admin.readiness(() -> AdminServer.READY);
    WriterMeters.register(telemetry, log, window, buffer, intake, catalog, timeToFull);
    WriterMeters.register(telemetry, maintenance.counters());
  }

  private static @Nullable String closedReads(@Nullable String why) {
    return why == null ? null : "cannot read yet: %s (puts are taken; ask again)".formatted(why);
  }

  /**
   * Takes puts when it returns. A replay may still be under way, and reads then wait for it; a
   * Writer that was in use before may be without its catalog, and then reads are refused.
   *
   * @throws CannotStartException disk, log, port, or a new log's catalog cannot be had as things
   *     are
   * @throws DamagedException something that was forced is damaged or missing
   */
  public static WriterService open(WriterSettings settings, Fatal fatal) throws IOException {
    return open(settings, WriterEnvironment.system(), fatal);
  }

  /** The same on a disk and a lake that are not this machine's own. */
  public static WriterService open(
      WriterSettings settings, WriterEnvironment environment, Fatal fatal) throws IOException {
    Closer closer = new Closer();
    try {
      return new WriterService(settings, environment, fatal, closer);
    } catch (CorruptLogException e) {
      throw closer.closeAfter(damaged(e));
    } catch (CannotStartException e) {
      throw closer.closeAfter(e);
    } catch (LakeUnavailableException e) {
      throw closer.closeAfter(cannotStart(WriterCatalog.withDeepestReason(e), e));
    } catch (IOException e) {
      String why = FileFailure.sentence(e);
      throw closer.closeAfter(
          cannotStart(
              why.startsWith("cannot ")
                  ? why
                  : "%s (the data directory is %s)".formatted(why, settings.common().data()),
              e));
    } catch (RuntimeException e) {
      throw closer.closeAfter(e);
    }
  }

  /** Damage of the log is no fault of its disk or of this program. */
  private static Throwable explained(Throwable cause) {
    return cause instanceof CorruptLogException damage ? damaged(damage) : cause;
  }

  private static DamagedException damaged(CorruptLogException damage) {
    return new DamagedException(String.valueOf(damage.getMessage()), damage);
  }

  private static CannotStartException cannotStart(String why, Exception cause) {
    String sentence = why.startsWith("cannot start") ? why : "cannot start: " + why;
    return new CannotStartException(Secrets.mask("", sentence), cause);
  }

  /** Whether all that was called stored is applied: reads wait for that, or are refused. */
  public boolean replayed() {
    return gate.isWhole();
  }

  /** The port of the admin pages and the REST catalog. */
  public int adminPort() {
    return admin.port();
  }

  /** The Flight port. */
  public int port() {
    return listener.port();
  }

  /**
   * Takes nothing new, persists what it can in a while, closes, all within 20 s, also if the store
   * hangs; the rest stays in the log. If a part has died, nothing is persisted: the process ends.
   */
  @Override
  public void close() throws IOException {
    long begin = System.nanoTime();
    admin.draining();
    intake.drain();
    if (!dead) {
      persistAll(begin + PERSIST_AT_STOP.toNanos());
    }
    gate.stop(); // before the listener waits for reads to end
    listener.close(dead ? Duration.ZERO : left(begin + READS_AT_STOP.toNanos()).dividedBy(2));
    persister.stop(dead ? Duration.ZERO : left(begin + LAST_PERSIST_AT_STOP.toNanos()));
    closer.close();
  }

  private void persistAll(long deadline) {
    buffer.tables().forEach(buffer::seal); // all of them try, also if one takes all the time
    for (TableBuffer table : buffer.tables()) {
      try {
        // what is stuck or fails already had its try, or has it meanwhile
        boolean hopeless = persister.stuck().containsKey(table.key());
        persister.flush(table, hopeless ? Duration.ZERO : left(deadline));
      } catch (FlushFailedException e) {
        LOG.warn("{} (its rows stay in the log)", e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  /** What did not end still has some of it; the process is about to end. */
  private void closeMemory(BufferAllocator allocator) {
    boolean opened = persister != null && listener != null;
    if (!opened || (persister.hasEnded() && listener.hasEnded())) {
      allocator.close();
    }
  }

  /** Closes without persisting anything, as if the process had ended: the log has it all. */
  public void abandon() throws IOException {
    closer.close();
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

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }
}

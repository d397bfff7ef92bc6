package io.sluice.writer;

import io.opentelemetry.api.common.Attributes;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.WarehouseProbe;
import io.sluice.lake.rest.RestCatalog;
import io.sluice.schema.admin.AdminServer;
import io.sluice.schema.page.Latency;
import io.sluice.schema.page.LivePage;
import io.sluice.schema.security.Access;
import io.sluice.schema.security.AdminGuard;
import io.sluice.schema.security.Reload;
import io.sluice.schema.security.ServiceTls;
import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.Closer;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.DamagedException;
import io.sluice.schema.service.Fatal;
import io.sluice.schema.service.FileFailure;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.ProcessMeters;
import io.sluice.schema.service.Secrets;
import io.sluice.schema.service.Telemetry;
import io.sluice.wal.CorruptLogException;
import io.sluice.writer.apply.RowsByChunk;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.intake.Intake;
import io.sluice.writer.persist.Commits;
import io.sluice.writer.persist.Holds;
import io.sluice.writer.persist.HotMemory;
import io.sluice.writer.persist.PersistThreads;
import io.sluice.writer.persist.TenantParts;
import io.sluice.writer.serve.Actions;
import io.sluice.writer.serve.Admitted;
import io.sluice.writer.serve.CatalogPages;
import io.sluice.writer.serve.FlightListener;
import io.sluice.writer.serve.FlightReads;
import io.sluice.writer.serve.HoldAction;
import io.sluice.writer.serve.ReadLimits;
import io.sluice.writer.serve.Whereabouts;
import io.sluice.writer.serve.WriterStatus;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/** One Writer, opened in the order of its data path and closed the other way round. */
public final class WriterService implements AutoCloseable {

  /** For all of a stop, whatever hangs; persisting ends so early that the rest can end in it. */
  private static final Duration STOP = Duration.ofSeconds(20);

  private static final Duration PERSIST_AT_STOP = STOP.minusSeconds(7);
  private static final Duration READS_AT_STOP = STOP.minusSeconds(4);
  private static final Duration LAST_PERSIST_AT_STOP = STOP.minusSeconds(3);

  private static final Duration HAND_OVER_AT_STOP = Duration.ofSeconds(8);

  /** A catalog that is well answers sooner; what is taken without it is as safe. */
  private static final Duration CATALOG_AT_START = Duration.ofSeconds(2);

  private final Closer closer;
  private final AdminServer admin;
  private final Holds holds;
  private final HostedLogs logs;
  private final @Nullable ReplicatedLogs replicas;
  private final Intake intake;
  private final FlightListener listener;
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
    LogForm.require(common);
    LogPaths.create(common.data());
    Telemetry telemetry = closer.add(new Telemetry("sluice-writer", settings.telemetry()));
    ProcessMeters.register(telemetry);
    Reload reload = closer.add(new Reload(telemetry, settings.tls().reloadEvery()));
    ServiceTls tls = ServiceTls.open(settings.tls(), reload);
    Access access = reload.watch(settings.access().open());
    admin =
        closer.add(
            AdminServer.open(
                telemetry,
                common.bindAddress(),
                common.writerAdminPort(),
                CommonSettings.WRITER_ADMIN_PORT,
                tls.server().jetty(),
                AdminGuard.of(access)));
    LongSupplier nanos = System::nanoTime;
    BufferAllocator allocator = new RootAllocator();
    closer.<AutoCloseable>add(() -> closeMemory(allocator));
    Ledger ledger = new Ledger(telemetry);
    WriterCatalog catalog =
        new WriterCatalog(() -> environment.lakes().open(settings.lake()), fatal);
    closer.<AutoCloseable>add(catalog::closeLake);
    CatalogPages pages =
        new CatalogPages(new RestCatalog(catalog::known, catalog::why), access, telemetry);
    closer.<AutoCloseable>add(pages);
    admin.handle(CatalogPages.PATH, pages);
    BatchLoader loader = new BatchLoader(allocator, settings.eventTime());
    HotMemory memory = new HotMemory(settings.memoryBytes(), ledger);
    holds = new Holds(nanos, telemetry);
    WriterCore core =
        new WriterCore(
            settings,
            tls,
            telemetry,
            allocator,
            ledger,
            catalog,
            loader,
            new RowsByChunk(settings.shards()),
            memory,
            new TenantParts(memory::tables, nanos),
            holds,
            closer.add(new PersistThreads(settings.persistThreads(), nanos, holds)),
            new Commits(
                Clock.systemUTC(),
                telemetry.durations("sluice.persist.duration", Attributes.empty()),
                telemetry.slow()),
            new Latency(telemetry.durations("sluice.wal.fsync.duration", Attributes.empty())),
            nanos,
            fatal);
    logs = new HostedLogs(common);
    List<LocalHosting> local = new ArrayList<>();
    if (common.isReplicated()) {
      replicas = closer.add(ReplicatedLogs.open(core, logs));
      logs.elsewhere(replicas::leaderElsewhere);
      logs.shared(replicas);
    } else {
      replicas = null;
      local.addAll(local(core, new LocalLogs(settings, environment.log(), core.forces())));
      // There is one copy of a log, and its place says who has it.
      logs.elsewhere(number -> common.writers().get(common.placement().leader(number)).toString());
    }
    MaintenanceSchedule maintenance =
        closer.add(
            new MaintenanceSchedule(
                settings.maintenance(),
                settings.schedule(),
                holds,
                Clock.systemUTC(),
                ThreadLocalRandom.current()::nextDouble));
    closer.add(catalog);
    if (replicas == null) {
      open(catalog, maintenance, local);
      local.forEach(log -> logs.add(log.hosted()));
    } else {
      catalog.open(CATALOG_AT_START, WarehouseProbe::requireWritable, maintenance::start);
    }
    intake =
        new Intake(
            logs,
            loader,
            allocator,
            settings.intakeBytes(),
            ledger,
            Clock.systemUTC(),
            nanos,
            UUID::randomUUID);
    String address = address(common);
    WriterStatus status = new WriterStatus(common.writerId(), address, logs, holds);
    HoldAction hold = new HoldAction(holds, common.writerId(), common.writers().size());
    Admitted admitted = new Admitted(settings.flight(), telemetry);
    listener =
        closer.add(
            FlightListener.open(
                common.bindAddress(),
                common.flightPort(),
                tls.server(),
                access,
                settings.flight(),
                telemetry,
                allocator,
                new FlightReads(
                    logs,
                    new Whereabouts(address, tls.server().tls() != null),
                    allocator,
                    new Actions(status, logs, admitted, hold),
                    new PromotionsInUse(catalog, settings.lake().promotions(), new LookPace(nanos)),
                    new ReadLimits(settings.patience(), nanos, ledger.readsCut),
                    admitted,
                    FlightListener::caller),
                intake));
    closer.<AutoCloseable>add(this::stopReads); // and so if it is abandoned
    if (replicas != null) {
      replicas.start();
    }
    WriterPage page = new WriterPage(core, logs, intake);
    closer.add(
        LivePage.open(
            admin,
            telemetry,
            new LivePage.Subject("Writer", common.writerId() + " at " + address),
            page.history(),
            page));
    admin.status(status::write);
    admin.check("replicas", () -> replicas == null ? null : replicas.lacking());
    admin.readiness(() -> AdminServer.READY);
    WriterMeters.register(core, logs, intake);
    WriterMeters.register(telemetry, maintenance.counters());
    holds.begin(new HoldLimits(core, logs));
  }

  /** Those that are placed on this Writer. */
  private List<LocalHosting> local(WriterCore core, LocalLogs disk) throws IOException {
    CommonSettings common = core.settings().common();
    List<Integer> numbers = common.placement().logs(common.ordinal());
    disk.requireNoOthers(numbers);
    List<LocalHosting> all = new ArrayList<>();
    for (int number : numbers) {
      LocalHosting hosting = LocalHosting.open(core, number, disk);
      closer.add(hosting.hosted());
      all.add(hosting);
    }
    return all;
  }

  /** A lone Writer's is not asked for in a list that names it otherwise to others. */
  private static String address(CommonSettings common) {
    HostPort own = new HostPort(common.bindAddress().reachable(), common.flightPort());
    return (common.writers().size() == 1 ? own : common.writers().get(common.ordinal())).toString();
  }

  private static void open(
      WriterCatalog catalog, MaintenanceSchedule maintenance, List<LocalHosting> hosted)
      throws IOException, LakeUnavailableException {
    WriterCatalog.Step learn =
        lake -> {
          WarehouseProbe.requireWritable(lake);
          for (LocalHosting log : hosted) {
            log.learn(lake);
          }
        };
    WriterCatalog.Step begin =
        lake -> {
          for (LocalHosting log : hosted) {
            log.begin(lake);
          }
          maintenance.start(lake);
        };
    boolean wasUsed = false;
    for (LocalHosting log : hosted) {
      wasUsed |= log.wasUsed();
    }
    if (wasUsed) {
      catalog.open(CATALOG_AT_START, learn, begin);
    } else {
      catalog.open(learn, begin);
    }
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
      throw closer.closeAfter(new DamagedException(String.valueOf(e.getMessage()), e));
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

  private static CannotStartException cannotStart(String why, Exception cause) {
    String sentence = why.startsWith("cannot start") ? why : "cannot start: " + why;
    return new CannotStartException(Secrets.mask("", sentence), cause);
  }

  /** Whether all that was called stored is applied: reads wait for that, or are refused. */
  public boolean replayed() {
    return logs.all().stream().allMatch(log -> log.gate().isWhole());
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
    holds.stop(); // a copy that is made meanwhile is of no use: all is to be persisted
    if (replicas != null && !dead) {
      replicas.handOver(HAND_OVER_AT_STOP); // others have all of it: nothing need be persisted
    }
    intake.drain();
    if (replicas == null && !dead) {
      persistAll(begin + PERSIST_AT_STOP.toNanos());
    }
    stopReads(); // before the listener waits for them to end
    listener.close(dead ? Duration.ZERO : left(begin + READS_AT_STOP.toNanos()).dividedBy(2));
    for (HostedLog log : logs.all()) {
      log.persister().stop(dead ? Duration.ZERO : left(begin + LAST_PERSIST_AT_STOP.toNanos()));
    }
    closer.close();
  }

  private void persistAll(long deadline) {
    logs.all().forEach(HostedLog::seal); // all of them try, also if one takes all the time
    try {
      for (HostedLog log : logs.all()) {
        log.flush(deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopReads() {
    logs.all().forEach(log -> log.gate().stop());
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  /** What did not end still has some of it; the process is about to end. */
  private void closeMemory(BufferAllocator allocator) {
    boolean opened = logs != null && listener != null;
    if (!opened
        || (logs.all().stream().allMatch(log -> log.persister().hasEnded())
            && listener.hasEnded())) {
      allocator.close();
    }
  }

  /** Closes without persisting anything, as if the process had ended: the log has it all. */
  public void abandon() throws IOException {
    closer.close();
  }
}

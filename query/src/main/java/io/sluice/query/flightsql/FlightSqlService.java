package io.sluice.query.flightsql;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.query.SqlBounds;
import io.sluice.query.TableReader;
import io.sluice.query.Writers;
import io.sluice.schema.admin.AdminServer;
import io.sluice.schema.security.Access;
import io.sluice.schema.security.AdminGuard;
import io.sluice.schema.security.Reload;
import io.sluice.schema.security.ServiceTls;
import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.Closer;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.ProcessMeters;
import io.sluice.schema.service.Telemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * The SQL endpoint, wired. It keeps nothing: a Writer and the catalog have it all, and each
 * statement asks them anew.
 */
public final class FlightSqlService implements AutoCloseable {

  private static final String FILE = "file:";
  private static final String SQLITE = "jdbc:sqlite:";

  private final Closer closer;
  private final AdminServer admin;
  private final Statements statements;
  private final SqlListener listener;

  private FlightSqlService(FlightSqlSettings settings, Closer closer) throws IOException {
    this.closer = closer;
    requireCatalog(settings.lake());
    CommonSettings common = settings.common();
    Telemetry telemetry = closer.add(new Telemetry("sluice-flight-sql", settings.telemetry()));
    ProcessMeters.register(telemetry);
    Reload reload = closer.add(new Reload(telemetry, settings.tls().reloadEvery()));
    ServiceTls services = ServiceTls.open(settings.tls(), reload);
    Access access = reload.watch(settings.access().open());
    admin =
        closer.add(
            AdminServer.open(
                telemetry,
                common.bindAddress(),
                settings.adminPort(),
                FlightSqlSettings.ADMIN_PORT,
                services.server().jetty(),
                AdminGuard.of(access)));
    BufferAllocator allocator = closer.add(new RootAllocator());
    Lake lake = closer.add(Lake.open(settings.lake(), Clock.systemUTC()));
    Writers writers =
        closer.add(
            Writers.at(
                common.writers(), services.client(settings.access().shownByService()), allocator));
    TableReader tables =
        new TableReader(lake, writers, allocator, false, settings.reading().leaderWait());
    StatementLimits limits = settings.limits();
    SqlBounds bounds =
        new SqlBounds(limits.memory(), limits.disk(), limits.threads(), readable(settings.lake()));
    statements =
        closer.add(new Statements(tables, allocator, bounds, limits, telemetry, System::nanoTime));
    SqlProducer producer =
        closer.add(
            new SqlProducer(
                statements, new Listing(statements, lake, allocator), allocator, limits));
    listener =
        closer.add(
            SqlListener.open(settings, services.server(), access, telemetry, allocator, producer));
  }

  /** Who reads makes none. */
  private static void requireCatalog(LakeConfig lake) throws CannotStartException {
    String uri = lake.catalogUri();
    if (uri.startsWith(SQLITE)) {
      Path file = Path.of(uri.substring(SQLITE.length()).replaceFirst("\\?.*", ""));
      if (!Files.exists(file)) {
        throw new CannotStartException(
            "cannot find catalog: %s (choose the data directory with --data; `sluice up` makes it)"
                .formatted(file),
            null);
      }
    }
  }

  /** Files of S3 are copied to where the statement may read them. */
  private static List<String> readable(LakeConfig lake) {
    String warehouse = lake.warehouse();
    if (lake.isInS3()) {
      return List.of();
    }
    String path = warehouse.startsWith(FILE) ? warehouse.substring(FILE.length()) : warehouse;
    return List.of(path.startsWith("///") ? path.substring(2) : path);
  }

  /**
   * Listens; Writers are looked for when a statement needs them.
   *
   * @throws io.sluice.schema.service.CannotStartException a port cannot be had, or a certificate
   *     not be used
   */
  public static FlightSqlService open(FlightSqlSettings settings) throws IOException {
    Closer closer = new Closer();
    try {
      FlightSqlService service = new FlightSqlService(settings, closer);
      service.admin.readiness(() -> AdminServer.READY);
      service.admin.status(out -> out.writeNumberField("statementsRunning", service.running()));
      return service;
    } catch (IOException e) {
      throw closer.closeAfter(e);
    } catch (RuntimeException e) {
      throw closer.closeAfter(e);
    }
  }

  /** Of Flight SQL. */
  public int port() {
    return listener.port();
  }

  /** How many statements run, or wait to be read to their end. */
  public int running() {
    return statements.running();
  }

  /** Of the metrics. */
  public int adminPort() {
    return admin.port();
  }

  @Override
  public void close() throws IOException {
    closer.close();
  }
}

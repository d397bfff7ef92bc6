package io.sluice.schema.service;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main() of a service. Exit codes: 0 stopped as asked, 1 a part died or closing failed, 2 it
 * cannot start as it was told to (settings, a busy port, a full disk), said in a sentence for each
 * problem.
 */
public final class Launch {

  public static final int OK = 0;
  public static final int FAILED = 1;
  public static final int REFUSED_TO_START = 2;

  /**
   * It logs to the JDK's logger, a stack trace for each client that speaks something else on a gRPC
   * port. Held here, since a logger that nobody holds forgets its level.
   */
  private static final List<java.util.logging.Logger> GRPC =
      List.of(
          java.util.logging.Logger.getLogger("io.grpc"),
          java.util.logging.Logger.getLogger("org.apache.ratis.thirdparty.io.grpc"));

  /**
   * Opens the service, awaits the signal, closes it again. The class that has the process's main()
   * may hold no logger: it would be made before the settings that say how to log are read.
   */
  public interface Service {
    void run(Settings settings, ShutdownSignal shutdown) throws Exception;
  }

  /** Runs the service in this JVM and ends it. Returns only by way of the shutdown hook. */
  public static void main(String name, String[] flags, Service service) {
    NameCache.keepShortly();
    Settings settings = Settings.of(List.of(flags), System.getenv(), Path.of(""));
    LogSettings.from(settings).use();
    GRPC.forEach(logger -> logger.setLevel(Level.WARNING));
    ShutdownSignal shutdown = ShutdownSignal.install();
    int code = run(name, settings, service, shutdown, System.err);
    shutdown.finished(code);
    System.exit(code);
  }

  static int run(
      String name,
      Settings settings,
      Service service,
      ShutdownSignal shutdown,
      PrintStream errors) {
    Logger log = LoggerFactory.getLogger(Launch.class);
    if (!settings.serviceLinks().isEmpty()) {
      log.info(
          "not read as settings: {} (Kubernetes sets them for services of such names)",
          settings.serviceLinks());
    }
    try {
      service.run(settings, shutdown);
      log.info("{} stopped", name);
      return shutdown.exitCode();
    } catch (InvalidSettingsException e) {
      e.problems().forEach(problem -> errors.println(name + ": " + problem));
      return REFUSED_TO_START;
    } catch (CannotStartException e) {
      log.debug("{} cannot start", name, e);
      errors.println(name + ": " + e.getMessage());
      return REFUSED_TO_START;
    } catch (DamagedException e) {
      log.debug("{} failed", name, e);
      errors.println(name + ": " + e.getMessage());
      return FAILED;
    } catch (Throwable e) { // whatever it is, the process must say it and end
      log.error("{} failed", name, e);
      errors.println(name + ": " + e);
      return FAILED;
    }
  }

  private Launch() {}
}

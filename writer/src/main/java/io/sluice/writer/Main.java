package io.sluice.writer;

import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import io.sluice.schema.service.ShutdownSignal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Writer as a process: flags, environment and sluice.yaml in; exit codes of {@link Launch}. */
public final class Main {

  public static void main(String[] flags) {
    System.setProperty("arrow.allocation.manager.type", "Unsafe");
    Launch.main(
        "writer", flags, (given, shutdown) -> run(given, WriterEnvironment.system(), shutdown));
  }

  /** One Writer until it is to stop, on the environment that is given. */
  public static void run(Settings given, WriterEnvironment environment, ShutdownSignal shutdown)
      throws Exception {
    WriterSettings settings = WriterSettings.from(given);
    given.check();
    Logger log = LoggerFactory.getLogger(Main.class);
    log.info("settings of the Writer:\n{}", given.effective());
    CommonSettings common = settings.common();
    if (common.stopOnStdinClose()) {
      shutdown.stopWhenClosed(System.in);
    }
    try (WriterService service = WriterService.open(settings, environment, shutdown)) {
      log.info("the Writer takes and serves on {}, port {}", common.bindAddress(), service.port());
      log.info("the Writer stops: {}", shutdown.await());
    }
  }

  private Main() {}
}

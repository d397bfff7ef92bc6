package io.sluice.acceptor;

import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import io.sluice.schema.service.ShutdownSignal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code sluice acceptor}: one Acceptor in the foreground, until it is told to stop. */
public final class Main {

  public static void main(String[] args) {
    Launch.main("acceptor", args, Main::run);
  }

  private static void run(Settings settings, ShutdownSignal shutdown) throws Exception {
    AcceptorSettings acceptor = AcceptorSettings.from(settings);
    settings.check();
    Logger log = LoggerFactory.getLogger(Main.class);
    log.info("settings:\n{}", settings.effective());
    if (acceptor.common().stopOnStdinClose()) {
      shutdown.stopWhenClosed(System.in);
    }
    try (AcceptorService service = AcceptorService.open(acceptor)) {
      System.out.println("ready " + service.grpcPort());
      log.info("stopping: {}", shutdown.await());
    }
  }

  private Main() {}
}

package io.sluice.query.flightsql;

import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import io.sluice.schema.service.ShutdownSignal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code sluice flight-sql}: the SQL endpoint in the foreground, until it is told to stop. */
public final class Main {

  public static void main(String[] args) {
    Launch.main("flight-sql", args, Main::run);
  }

  private static void run(Settings settings, ShutdownSignal shutdown) throws Exception {
    FlightSqlSettings own = FlightSqlSettings.from(settings);
    settings.check();
    Logger log = LoggerFactory.getLogger(Main.class);
    log.info("settings:\n{}", settings.effective());
    if (own.common().stopOnStdinClose()) {
      shutdown.stopWhenClosed(System.in);
    }
    try (FlightSqlService service = FlightSqlService.open(own)) {
      System.out.println("ready " + service.port());
      log.info("stopping: {}", shutdown.await());
    }
  }

  private Main() {}
}

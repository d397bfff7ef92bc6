package io.sluice.cli;

import java.util.Locale;

/** The services, each a JVM of its own. */
enum Service {
  WRITER(
      io.sluice.writer.Main.class, "Takes batches, makes them durable, serves and persists them."),
  ACCEPTOR(io.sluice.acceptor.Main.class, "Receives OTLP and forwards it to the Writers."),
  FLIGHT_SQL(
      io.sluice.query.flightsql.Main.class,
      "Answers SQL of JDBC, ADBC and other Arrow Flight SQL clients, over hot and persisted rows.");

  private final Class<?> main;
  private final String description;

  Service(Class<?> main, String description) {
    this.main = main;
    this.description = description;
  }

  String mainClass() {
    return main.getName();
  }

  /** Runs it in this JVM, which it ends. */
  void run(String... flags) {
    switch (this) {
      case WRITER -> io.sluice.writer.Main.main(flags);
      case ACCEPTOR -> io.sluice.acceptor.Main.main(flags);
      case FLIGHT_SQL -> io.sluice.query.flightsql.Main.main(flags);
    }
  }

  String description() {
    return description;
  }

  /** As in commands, log files and the process list. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

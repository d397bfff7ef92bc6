package io.sluice.cli;

import java.util.Locale;

/** The services, each a JVM of its own. */
enum Service {
  WRITER("io.sluice.writer.Main", "Takes batches, makes them durable, serves and persists them."),
  ACCEPTOR("io.sluice.acceptor.Main", "Receives OTLP and forwards it to the Writers.");

  private final String mainClass;
  private final String description;

  Service(String mainClass, String description) {
    this.mainClass = mainClass;
    this.description = description;
  }

  String mainClass() {
    return mainClass;
  }

  String description() {
    return description;
  }

  /** As in commands, log files and the process list. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

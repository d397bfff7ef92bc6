package io.sluice.cli;

import java.util.Locale;
import java.util.function.Consumer;

/** The services, each a JVM of its own. */
enum Service {
  WRITER(
      io.sluice.writer.Main.class,
      io.sluice.writer.Main::main,
      "Takes batches, makes them durable, serves and persists them."),
  ACCEPTOR(
      io.sluice.acceptor.Main.class,
      io.sluice.acceptor.Main::main,
      "Receives OTLP and forwards it to the Writers.");

  private final Class<?> mainClass;
  private final Consumer<String[]> main;
  private final String description;

  Service(Class<?> mainClass, Consumer<String[]> main, String description) {
    this.mainClass = mainClass;
    this.main = main;
    this.description = description;
  }

  String mainClass() {
    return mainClass.getName();
  }

  /** Runs it in this JVM, which it ends. */
  void run(String... flags) {
    main.accept(flags);
  }

  String description() {
    return description;
  }

  /** As in commands, log files and the process list. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

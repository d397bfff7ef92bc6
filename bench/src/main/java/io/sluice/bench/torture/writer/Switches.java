package io.sluice.bench.torture.writer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.Map;

/**
 * Which faults of the Writer's disk, store and catalog are on. As a file, a line each:
 *
 * <pre>
 * SLOW_FORCE 800
 * STORE_HANGS 0
 * </pre>
 *
 * @param on with a number, which only {@link Switch#SLOW_FORCE} has a use for: milliseconds
 */
public record Switches(Map<Switch, Long> on) {

  /** One way to fail. */
  public enum Switch {
    SLOW_FORCE,
    LOG_FAILS,
    LOG_FULL,
    STORE_FAILS,
    STORE_HANGS,
    CATALOG_FAILS,
    CATALOG_HANGS,
    CATALOG_ANSWERS_LOST
  }

  public static final Switches NONE = new Switches(Map.of());

  public Switches {
    on = Map.copyOf(on);
  }

  boolean has(Switch kind) {
    return on.containsKey(kind);
  }

  long number(Switch kind) {
    return on.getOrDefault(kind, 0L);
  }

  /** No file is no fault. */
  static Switches read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return NONE;
    }
    Map<Switch, Long> on = new EnumMap<>(Switch.class);
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split(" ", 2);
      on.put(Switch.valueOf(parts[0]), Long.valueOf(parts[1]));
    }
    return new Switches(on);
  }

  /** Whoever reads the file sees all of it or nothing. */
  public void write(Path file) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    Files.write(whole, on.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList());
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}

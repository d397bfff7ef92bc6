package io.sluice.bench.layout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** The tree that the tests run in, whatever module's directory they start from. */
public final class Checkout {

  /** Its topmost directory. */
  public static Path root() {
    return Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
        .filter(directory -> Files.exists(directory.resolve("docker-compose.yml")))
        .findFirst()
        .orElseThrow();
  }

  private Checkout() {}
}

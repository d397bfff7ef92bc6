package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of what the first release with several Writers sent or wrote. The next release reads it:
 * it runs beside this one. For a format that was never released, or gets a version of its own, they
 * are written anew by
 *
 * <pre>
 * mvn -pl writer -am test -Dtest='*FixtureTest' -Dsurefire.failIfNoSpecifiedTests=false -Dsluice.fixtures=write
 * </pre>
 *
 * <p>which fails, so that it is never done on the way. Bytes that differ without another version
 * are a release that does not run beside the last one.
 */
public record Fixture(String name) {

  private static final Path DIRECTORY = Path.of("src", "test", "resources", "cluster-v1");

  /** What is in the file. */
  public byte[] bytes() throws IOException {
    return Files.readAllBytes(DIRECTORY.resolve(name));
  }

  /** Fails unless today's release writes what is in the file. */
  public void requireWritten(byte[] today) throws IOException {
    if ("write".equals(System.getProperty("sluice.fixtures"))) {
      Files.createDirectories(DIRECTORY);
      Files.write(DIRECTORY.resolve(name), today);
      throw new AssertionError(
          "wrote %s: look at what has changed, and run without sluice.fixtures".formatted(name));
    }
    assertThat(today).as("what this release writes, against %s", name).isEqualTo(bytes());
  }
}

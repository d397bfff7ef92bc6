package io.sluice.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A process to start.
 *
 * @param readyz answers 200 once the child serves
 * @param log what the child prints
 * @param patience how long it may take to stop before it is killed
 */
record ChildSpec(String name, List<String> command, URI readyz, Path log, Duration patience) {

  ChildSpec {
    command = List.copyOf(command);
  }
}

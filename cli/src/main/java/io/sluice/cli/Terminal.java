package io.sluice.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether somebody looks on: progress is for people, and no part of an answer. */
final class Terminal {

  private static final Path ERRORS = Path.of("/proc/self/fd/2");

  /** Whether standard error is a terminal. */
  static boolean showsErrors() {
    try {
      String to = Files.readSymbolicLink(ERRORS).toString();
      return to.startsWith("/dev/pts/") || to.startsWith("/dev/tty") || to.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return false; // not Linux: Java cannot tell
    }
  }

  private Terminal() {}
}

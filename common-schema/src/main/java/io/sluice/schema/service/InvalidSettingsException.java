package io.sluice.schema.service;

import java.io.Serial;
import java.util.List;

/** The service cannot start as it was told to: say all of {@link #problems} and exit with 2. */
public final class InvalidSettingsException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  @SuppressWarnings("serial") // always a List.copyOf
  private final List<String> problems;

  public InvalidSettingsException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}

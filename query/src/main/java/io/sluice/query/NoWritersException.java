package io.sluice.query;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** Of several Writers none answered. */
final class NoWritersException extends ReadException {
  @Serial private static final long serialVersionUID = 1;

  private final String said;

  NoWritersException(List<ReadException> failures) {
    this(failures.stream().map(ReadException::said).collect(Collectors.joining("; ")), failures);
  }

  private NoWritersException(String said, List<ReadException> failures) {
    super(
        "cannot find logs: no Writer answers: %s (are they running? SLUICE_WRITERS says where Writers are)"
            .formatted(said),
        failures.get(0));
    failures.stream().skip(1).forEach(this::addSuppressed);
    this.said = said;
  }

  @Override
  String said() {
    return said;
  }

  @Override
  boolean passes() {
    return true;
  }
}

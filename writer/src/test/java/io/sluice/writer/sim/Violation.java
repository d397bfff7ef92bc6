package io.sluice.writer.sim;

/** Something that must never be. */
final class Violation extends AssertionError {

  private static final long serialVersionUID = 1L;

  Violation(String what, Object... of) {
    super(what.formatted(of));
  }
}

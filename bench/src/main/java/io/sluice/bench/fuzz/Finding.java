package io.sluice.bench.fuzz;

/** Something that must not be. */
final class Finding extends Exception {

  private static final long serialVersionUID = 1L;

  Finding(String what) {
    super(what);
  }

  Finding(String what, Throwable cause) {
    super(what, cause);
  }
}

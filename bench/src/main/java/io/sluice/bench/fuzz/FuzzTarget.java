package io.sluice.bench.fuzz;

import java.util.SplittableRandom;

/** What inputs are fed to. One thread uses it. */
interface FuzzTarget extends AutoCloseable {

  /** What became of an input that it may end so. */
  enum Verdict {
    ACCEPTED,
    REJECTED
  }

  /** One word; the names of its regressions begin with it. */
  String name();

  /** An input: a function of the random source alone. */
  byte[] input(SplittableRandom random);

  /**
   * Feeds an input.
   *
   * @throws Exception a finding; so is every other throwable but an {@link InterruptedException}
   */
  Verdict feed(byte[] input) throws Exception;

  /** How many inputs come between two checks. */
  int inputsPerCheck();

  /** What must hold between inputs, whatever they were; throws as {@link #feed} does. */
  void check() throws Exception;

  /** A few words on what it has reached, for people. */
  default String remarks() {
    return "";
  }

  @Override
  void close() throws Exception;
}

package io.sluice.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.function.Supplier;

/**
 * Waits until every child answers 200 at its /readyz, and all of them lack nothing; says now and
 * then what it waits for.
 */
final class Readiness {

  private static final int POLL_MILLIS = 20;
  private static final int POLLS_BETWEEN_WORDS = 250;

  private final List<Child> children;
  private final Pages pages;
  private final Supplier<String> lacking;
  private final PrintStream words;

  /**
   * @param lacking what they lack as a whole; empty if nothing
   */
  Readiness(List<Child> children, Pages pages, Supplier<String> lacking, PrintStream words) {
    this.children = List.copyOf(children);
    this.pages = pages;
    this.lacking = lacking;
    this.words = words;
  }

  /** False: a child has ended, so they never will be. */
  boolean await() {
    for (Child child : children) {
      String what = "the " + child.spec().name();
      if (!await(what, () -> pages.lacking(child.spec().readyz()), List.of(child))) {
        return false;
      }
    }
    return await("the Writers", lacking, children);
  }

  private boolean await(String what, Supplier<String> why, List<Child> alive) {
    for (int polls = 1; ; polls++) {
      String lacks = why.get();
      if (lacks.isEmpty()) {
        return true;
      }
      if (polls % POLLS_BETWEEN_WORDS == 0) {
        words.println("waiting for %s: %s".formatted(what, lacks));
      }
      if (!alive.stream().allMatch(Child::isAlive)) {
        return false;
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}

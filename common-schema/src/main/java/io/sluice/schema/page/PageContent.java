package io.sluice.schema.page;

import java.util.List;

/**
 * What a service tells of itself: the part of a {@link PageDocument} that it knows alone.
 *
 * @param faults the worst first
 * @param details what only this service has; records, lists, texts and numbers all the way down
 */
public record PageContent(
    List<PageDocument.Fault> faults,
    List<PageDocument.Flow> flows,
    List<PageDocument.Budget> budgets,
    PageDocument.Refusals refusals,
    Record details) {

  /** Tells; asked by one thread at a time, and quick: it must not wait for others. */
  @FunctionalInterface
  public interface Source {
    PageContent look();
  }
}

package io.sluice.schema.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the status page shows, as a moment had it. Its fields are the page's JSON, by their names.
 *
 * @param service as in {@code Writer}
 * @param name which of them
 * @param version of the program
 * @param state as /readyz says it
 * @param nowMillis since the epoch, by the service's clock
 * @param upSeconds since it began to serve pages
 * @param sample the number of the last sample of the series
 * @param series of numbers, one a second
 * @param delays of the last ten seconds
 * @param faults the worst first; empty if all is well
 * @param flows by signal
 * @param budgets what may be used up
 * @param refusals the last ones
 * @param details what only this service has
 */
public record PageDocument(
    String service,
    String name,
    String version,
    String state,
    long nowMillis,
    long upSeconds,
    long sample,
    List<Series> series,
    List<Delay> delays,
    List<Fault> faults,
    List<Flow> flows,
    List<Budget> budgets,
    Refusals refusals,
    Record details) {

  /** How bad a fault is. */
  public enum Level {
    /** Data is not taken, not persisted, or not to be read. */
    BAD,
    /** It will come to that, or somebody is asked to wait. */
    WARN
  }

  /**
   * Something that is wrong.
   *
   * @param what a sentence
   * @param advice what to do, in another
   */
  public record Fault(Level level, String what, String advice) {}

  /**
   * What goes in and what goes out of one kind.
   *
   * @param in name of the series of what came, a second
   * @param out the same of what became of it
   * @param came in all
   * @param went in all
   */
  public record Flow(String name, String in, String out, long came, long went) {}

  /**
   * How long something took.
   *
   * @param name of its series
   * @param rate how often, a second
   * @param p50 microseconds; -1 if it did not happen; so are the others
   */
  public record Delay(String name, String what, double rate, long p50, long p99, long longest) {}

  /** A latency and its series. */
  record DelayName(String name, String what) {}

  /**
   * What may be used up, in bytes.
   *
   * @param series of {@code used}; empty if there is none
   * @param secondsToFull at the rate of the last minute; -1: it does not fill
   * @param setting that bounds it; empty if none does
   */
  public record Budget(
      String name, long used, long most, String series, long secondsToFull, String setting) {}

  /**
   * Numbers of a series.
   *
   * @param points those that are kept, oldest first; null where only the last one is told
   */
  public record Series(String name, long now, @Nullable List<Long> points) {}

  /**
   * Requests and messages that were not taken.
   *
   * @param total since the start, of all kinds
   */
  public record Refusals(long total, List<Recent.Seen<Refusal>> last) {}

  /**
   * One that was not taken.
   *
   * @param door by which it came
   * @param tenant empty if nobody can know it
   * @param what it was of, such as a signal or a table
   */
  public record Refusal(String door, String tenant, String what, String reason) {

    private static final int MOST_REASON = 300;

    public Refusal {
      reason = clipped(reason);
    }
  }

  /** A text of others, no longer than a page needs it. */
  public static String clipped(String text) {
    return text.length() <= Refusal.MOST_REASON
        ? text
        : text.substring(0, Refusal.MOST_REASON) + "...";
  }
}

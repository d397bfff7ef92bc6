package io.sluice.schema.service;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Passes over what a service says again and again: of one sentence, with whatever names and numbers
 * in it, so many in ten seconds are logged. The next that is, is followed by how many were not; all
 * are counted. What is logged for debugging is left alone. Any thread.
 */
public final class RepeatFilter extends TurboFilter {

  /** Of one sentence in one period. */
  static final int MOST = 20;

  static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Sentences beyond these begin anew: there are some hundred in all services. */
  private static final int MOST_SENTENCES = 2_000;

  private static final LongAdder SUPPRESSED = new LongAdder();

  private final LongSupplier nanoClock;
  private final Map<String, Period> periods = new ConcurrentHashMap<>();

  private static final class Period {
    long began;
    int said;
    long passedOver;
  }

  /** As logback makes it. */
  public RepeatFilter() {
    this(System::nanoTime);
  }

  RepeatFilter(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** How many lines of this process were not logged. */
  static long suppressed() {
    return SUPPRESSED.sum();
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String sentence,
      Object @Nullable [] with,
      @Nullable Throwable thrown) {
    if (sentence == null // asked only whether it would be
        || !level.isGreaterOrEqual(Level.INFO)
        || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
      return FilterReply.NEUTRAL;
    }
    long before = ask(logger.getName() + '\n' + sentence);
    if (before < 0) {
      SUPPRESSED.increment();
      return FilterReply.DENY;
    }
    if (before > 0) {
      logger.info("of the next line {} more were not logged", before);
    }
    return FilterReply.NEUTRAL;
  }

  /** How many were passed over since one was logged, if this one is to be; else -1. */
  private long ask(String sentence) {
    if (periods.size() >= MOST_SENTENCES) {
      periods.clear();
    }
    Period period = periods.computeIfAbsent(sentence, any -> new Period());
    long now = nanoClock.getAsLong();
    synchronized (period) {
      if (period.said == 0 || now - period.began >= PERIOD_NANOS) {
        period.began = now;
        period.said = 1;
        long before = period.passedOver;
        period.passedOver = 0;
        return before;
      }
      if (period.said < MOST) {
        period.said++;
        return 0;
      }
      period.passedOver++;
      return -1;
    }
  }
}

package io.sluice.bench.audit;

import org.jspecify.annotations.Nullable;

/** What a row says besides its key, read when it is asked for; valid until the next row. */
public interface RowContent {

  /** The time as it was sent: a span's start, another record's time. */
  long timeUnixNano();

  @Nullable String service();

  /** The span's or the metric's; of a log record, its severity's text. */
  @Nullable String name();
}

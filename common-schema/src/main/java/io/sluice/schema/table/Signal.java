package io.sluice.schema.table;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The OTLP signals, each with the name its records have in answers and counters. */
public enum Signal {
  TRACES("spans"),
  LOGS("log_records"),
  METRICS("data_points"),

  /** Development: OTLP may still change it. */
  PROFILES("profiles");

  private static final Set<Signal> STABLE =
      Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(PROFILES)));

  private final String records;

  Signal(String records) {
    this.records = records;
  }

  /** Those whose OTLP does not change any more. */
  public static Set<Signal> stable() {
    return STABLE;
  }

  /** OTLP's noun for the records, as in {@code rejected_spans}. */
  public String records() {
    return records;
  }
}

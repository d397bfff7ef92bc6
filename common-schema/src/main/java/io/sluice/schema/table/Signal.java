package io.sluice.schema.table;

/** The OTLP signals, each with the name its records have in answers and counters. */
public enum Signal {
  TRACES("spans"),
  LOGS("log_records"),
  METRICS("data_points");

  private final String records;

  Signal(String records) {
    this.records = records;
  }

  /** OTLP's noun for the records, as in {@code rejected_spans}. */
  public String records() {
    return records;
  }
}

package io.sluice.acceptor.columns;

/** opentelemetry.proto.metrics.v1.SummaryDataPoint. */
public final class SummaryColumns implements RecordColumns {

  public final LongColumn startTime;
  public final LongColumn time;
  public final IntColumn flags;
  public final LongColumn count;
  public final LongColumn sum;
  public final ListColumn quantileValues;
  public final LongColumn quantile;
  public final LongColumn quantileValue;
  public final AttributeColumns attributes;
  public final BytesColumn raw;

  SummaryColumns(StructColumn of, Shared shared) {
    startTime = of.longs("start_time_unix_nano");
    time = of.longs("time_unix_nano");
    flags = of.ints("flags");
    count = of.longs("count");
    sum = of.longs("sum");
    quantileValues = of.list("quantile_values");
    quantile = quantileValues.structs().longs("quantile");
    quantileValue = quantileValues.structs().longs("value");
    attributes = shared.attributes(of);
    raw = of.bytes("raw").absentIsNull();
  }
}

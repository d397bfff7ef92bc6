package io.sluice.acceptor.columns;

/** opentelemetry.proto.metrics.v1.HistogramDataPoint. */
public final class HistogramColumns implements RecordColumns {

  public final LongColumn startTime;
  public final LongColumn time;
  public final IntColumn flags;
  public final LongColumn count;
  public final LongColumn sum;
  public final LongColumn min;
  public final LongColumn max;
  public final ListColumn bucketCounts;
  public final LongColumn bucketCount;
  public final ListColumn explicitBounds;
  public final LongColumn explicitBound;
  public final ListColumn exemplars;
  public final ExemplarColumns exemplar;
  public final AttributeColumns attributes;
  public final BytesColumn raw;

  HistogramColumns(StructColumn of, Shared shared) {
    startTime = of.longs("start_time_unix_nano");
    time = of.longs("time_unix_nano");
    flags = of.ints("flags");
    count = of.longs("count");
    sum = of.longs("sum").absentIsNull();
    min = of.longs("min").absentIsNull();
    max = of.longs("max").absentIsNull();
    bucketCounts = of.list("bucket_counts");
    bucketCount = bucketCounts.longs();
    explicitBounds = of.list("explicit_bounds");
    explicitBound = explicitBounds.longs();
    exemplars = of.list("exemplars");
    exemplar = new ExemplarColumns(exemplars.structs(), shared);
    attributes = shared.attributes(of);
    raw = of.bytes("raw").absentIsNull();
  }
}

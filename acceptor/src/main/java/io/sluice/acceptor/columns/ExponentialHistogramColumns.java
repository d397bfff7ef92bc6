package io.sluice.acceptor.columns;

/** opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint. */
public final class ExponentialHistogramColumns implements RecordColumns {

  public final LongColumn startTime;
  public final LongColumn time;
  public final IntColumn flags;
  public final LongColumn count;
  public final LongColumn sum;
  public final LongColumn min;
  public final LongColumn max;
  public final IntColumn scale;
  public final LongColumn zeroCount;
  public final LongColumn zeroThreshold;
  public final BucketColumns positive;
  public final BucketColumns negative;
  public final ListColumn exemplars;
  public final ExemplarColumns exemplar;
  public final AttributeColumns attributes;
  public final BytesColumn raw;

  ExponentialHistogramColumns(StructColumn of, Shared shared) {
    startTime = of.longs("start_time_unix_nano");
    time = of.longs("time_unix_nano");
    flags = of.ints("flags");
    count = of.longs("count");
    sum = of.longs("sum").absentIsNull();
    min = of.longs("min").absentIsNull();
    max = of.longs("max").absentIsNull();
    scale = of.ints("scale");
    zeroCount = of.longs("zero_count");
    zeroThreshold = of.longs("zero_threshold");
    positive = new BucketColumns(of.ints("positive_offset"), of.list("positive_bucket_counts"));
    negative = new BucketColumns(of.ints("negative_offset"), of.list("negative_bucket_counts"));
    exemplars = of.list("exemplars");
    exemplar = new ExemplarColumns(exemplars.structs(), shared);
    attributes = shared.attributes(of);
    raw = of.bytes("raw").absentIsNull();
  }

  /** opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint.Buckets. */
  public static final class BucketColumns {

    public final IntColumn offset;
    public final ListColumn bucketCounts;
    public final LongColumn bucketCount;

    BucketColumns(IntColumn offset, ListColumn bucketCounts) {
      this.offset = offset.absentIsNull();
      this.bucketCounts = bucketCounts.absentIsNull();
      this.bucketCount = bucketCounts.longs();
    }
  }
}

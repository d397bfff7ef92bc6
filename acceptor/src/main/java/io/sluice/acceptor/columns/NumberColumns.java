package io.sluice.acceptor.columns;

/** opentelemetry.proto.metrics.v1.NumberDataPoint. */
public final class NumberColumns implements RecordColumns {

  public final LongColumn startTime;
  public final LongColumn time;
  public final IntColumn flags;
  public final LongColumn value;
  public final LongColumn valueInt;
  public final ListColumn exemplars;
  public final ExemplarColumns exemplar;
  public final AttributeColumns attributes;
  public final BytesColumn raw;

  NumberColumns(StructColumn of, Shared shared) {
    startTime = of.longs("start_time_unix_nano");
    time = of.longs("time_unix_nano");
    flags = of.ints("flags");
    value = of.longs("value").absentIsNull();
    valueInt = of.longs("value_int").absentIsNull();
    exemplars = of.list("exemplars");
    exemplar = new ExemplarColumns(exemplars.structs(), shared);
    attributes = shared.attributes(of);
    raw = of.bytes("raw").absentIsNull();
  }
}

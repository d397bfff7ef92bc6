package io.sluice.acceptor.columns;

import org.jspecify.annotations.Nullable;

/** opentelemetry.proto.metrics.v1.Metric without its points: one row per run of points. */
public final class MetricColumns {

  public final BytesColumn name;
  public final BytesColumn description;
  public final BytesColumn unit;
  public final AttributeColumns metadata;

  /** Sums and histograms only. */
  public final @Nullable IntColumn aggregationTemporality;

  /** Sums only. */
  public final @Nullable BoolColumn isMonotonic;

  public final BytesColumn raw;

  MetricColumns(StructColumn of, Shared shared) {
    name = of.bytes("name");
    description = of.bytes("description");
    unit = of.bytes("unit");
    metadata = shared.attributes(of, "metadata", "metadata_types");
    aggregationTemporality =
        of.has("aggregation_temporality") ? of.ints("aggregation_temporality") : null;
    isMonotonic = of.has("is_monotonic") ? of.bools("is_monotonic") : null;
    raw = of.bytes("raw");
  }
}

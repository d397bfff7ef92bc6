package io.sluice.writer.persist;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a row is sorted by before its time, as UTF-8: none first, then as unsigned bytes. */
final class SortName implements Comparable<SortName> {

  private final byte @Nullable [] service;
  private final byte @Nullable [] metric;

  SortName(byte @Nullable [] service, byte @Nullable [] metric) {
    this.service = service;
    this.metric = metric;
  }

  @Override
  public int compareTo(SortName other) {
    int byService = Arrays.compareUnsigned(service, other.service);
    return byService != 0 ? byService : Arrays.compareUnsigned(metric, other.metric);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SortName name && compareTo(name) == 0;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(service) * 31 + Arrays.hashCode(metric);
  }
}

package io.sluice.lake;

import org.apache.iceberg.metrics.MetricsReport;
import org.apache.iceberg.metrics.MetricsReporter;

/** Iceberg's default logs a page for every commit and scan; Sluice counts its own. */
public final class QuietReporter implements MetricsReporter {

  @Override
  public void report(MetricsReport report) {}
}

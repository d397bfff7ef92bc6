package io.sluice.lake.s3;

import java.util.concurrent.atomic.LongAdder;
import software.amazon.awssdk.core.metrics.CoreMetric;
import software.amazon.awssdk.metrics.MetricCollection;
import software.amazon.awssdk.metrics.MetricPublisher;

/** What was asked of the store since the process began. Any thread adds and reads. */
public final class S3Counters {

  private final LongAdder calls = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder failures = new LongAdder();
  final LongAdder resumedReads = new LongAdder();
  final LongAdder leftUploads = new LongAdder();
  final LongAdder renewedKeys = new LongAdder();

  /** Requests, each with all its repetitions. */
  public long calls() {
    return calls.sum();
  }

  /** Requests that were sent again: the store was too busy, failed, or could not be reached. */
  public long retries() {
    return retries.sum();
  }

  /** Requests that failed with all their repetitions, or were refused. */
  public long failures() {
    return failures.sum();
  }

  /** Answers that broke off, or came too slowly, and were asked for again from there. */
  public long resumedReads() {
    return resumedReads.sum();
  }

  /** Uploads that failed and could not be aborted: their parts are still in the bucket. */
  public long leftUploads() {
    return leftUploads.sum();
  }

  /** Keys that were found anew since the store said that they had expired. */
  public long renewedKeys() {
    return renewedKeys.sum();
  }

  MetricPublisher publisher() {
    return new MetricPublisher() {
      @Override
      public void publish(MetricCollection call) {
        calls.increment();
        call.metricValues(CoreMetric.RETRY_COUNT).forEach(retries::add);
        if (call.metricValues(CoreMetric.API_CALL_SUCCESSFUL).contains(false)) {
          failures.increment();
        }
      }

      @Override
      public void close() {
        // Holds nothing.
      }
    };
  }
}

package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.ExponentialHistogramColumns;
import io.sluice.acceptor.columns.HistogramColumns;
import io.sluice.acceptor.columns.NumberColumns;
import io.sluice.acceptor.columns.RecordColumns;
import io.sluice.acceptor.columns.SummaryColumns;
import io.sluice.acceptor.columns.WireColumns;
import io.sluice.acceptor.decode.MetricTags.Points;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * opentelemetry.proto.metrics.v1.Metric: a run, and one row for each of its points. Of its data
 * members the last counts, with those of the same kind right before it; points of others are read,
 * because malformed bytes must not pass, and cut off again.
 */
final class MetricDecoder implements RecordDecoder {

  private final ProtoReader in;
  private final ValueDecoder values;
  private final Parts parts;
  private final MetricRunDecoder runs;
  private final NumberPointDecoder numbers;
  private final HistogramPointDecoder histograms;
  private final ExponentialHistogramPointDecoder exponentialHistograms;
  private final SummaryPointDecoder summaries;
  private final Map<MetricKind, TableRows> tables = new EnumMap<>(MetricKind.class);

  // The metric at hand.
  private int from;
  private int to;
  private int first;
  private long runBytes;

  MetricDecoder(ProtoReader in, AttributeDecoder fields, ValueDecoder values, Parts parts) {
    this.in = in;
    this.values = values;
    this.parts = parts;
    ExemplarDecoder exemplars = new ExemplarDecoder(in, fields);
    runs = new MetricRunDecoder(in, fields);
    numbers = new NumberPointDecoder(in, fields, exemplars);
    histograms = new HistogramPointDecoder(in, fields, exemplars);
    exponentialHistograms = new ExponentialHistogramPointDecoder(in, fields, exemplars);
    summaries = new SummaryPointDecoder(in, fields);
    for (MetricKind kind : MetricKind.values()) {
      tables.put(kind, parts.rows(kind.table));
    }
  }

  @Override
  public void record(boolean rejectedGroup) {
    from = in.pos;
    to = in.end;
    MetricKind kind = kind();
    TableRows rows = rows(kind == null ? MetricKind.GAUGE : kind);
    boolean rejected = !run(rows.next()) || rejectedGroup;
    boolean empty = true;
    int member = 0;
    in.at(from, to);
    while (in.next()) {
      MetricKind of = MetricKind.ofTag(in.tag);
      if (of == null) {
        in.pass();
        continue;
      }
      boolean counts = member++ >= first;
      int outer = in.enter();
      while (in.next()) {
        if (in.tag == Points.DATA_POINTS) {
          int data = in.enter();
          point(of, counts, rejected);
          in.leave(data);
          empty &= !counts;
        } else {
          in.pass();
        }
      }
      in.leave(outer);
    }
    rows.endMetric();
    if (empty) {
      parts.empty();
    }
  }

  /** The kind of the data that counts; null if there is none. */
  private @Nullable MetricKind kind() {
    MetricKind kind = null;
    int member = 0;
    first = 0;
    while (in.next()) {
      MetricKind of = MetricKind.ofTag(in.tag);
      if (of != null) {
        if (of != kind) {
          first = member;
        }
        kind = of;
        member++;
      }
      in.pass();
    }
    return kind;
  }

  /** Begins the metric's run, unless it is nested too deep. */
  private boolean run(WireColumns columns) {
    try {
      runBytes = runs.metric(from, to, first, columns.metric());
      return true;
    } catch (TooDeepException e) {
      values.clear();
      columns.dropMetric();
      return false;
    }
  }

  private void point(MetricKind kind, boolean counts, boolean rejected) {
    int start = in.pos;
    int end = in.end;
    TableRows rows = rows(kind);
    WireColumns columns = rows.next();
    if (counts && !rejected && !columns.inMetric()) {
      run(columns); // again: the point is the first of another part
      in.at(start, end);
    }
    int row = columns.rows();
    boolean whole = true;
    long time = 0;
    try {
      time = point(kind, columns.records(), row);
    } catch (TooDeepException e) {
      values.clear();
      in.at(end, end);
      whole = false;
    }
    if (whole && counts && !rejected) {
      rows.added(time != 0);
      parts.expand(runBytes);
      return;
    }
    columns.truncate(row);
    if (counts) {
      parts.rejected();
    } else {
      parts.discarded();
    }
  }

  private long point(MetricKind kind, RecordColumns out, int row) {
    return switch (kind) {
      case GAUGE, SUM -> numbers.point((NumberColumns) out, row);
      case HISTOGRAM -> histograms.point((HistogramColumns) out, row);
      case EXPONENTIAL_HISTOGRAM ->
          exponentialHistograms.point((ExponentialHistogramColumns) out, row);
      case SUMMARY -> summaries.point((SummaryColumns) out, row);
    };
  }

  private TableRows rows(MetricKind kind) {
    return Objects.requireNonNull(tables.get(kind));
  }
}

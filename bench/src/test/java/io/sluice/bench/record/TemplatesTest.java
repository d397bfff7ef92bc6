package io.sluice.bench.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TemplatesTest {

  private static final long NOW = 1_795_000_000_123_456_789L;
  private static final RunKeys KEYS = new RunKeys(0xfeed_beefL);
  private final Templates templates = Templates.of(EnumSet.allOf(Signal.class), 500, 42, NOW);

  @ParameterizedTest
  @EnumSource
  void everyRecordCarriesItsKeyAndStandsInItsTable(Signal signal) throws Exception {
    for (int request = 0; request < 5; request++) {
      Template template = templates.of(signal, request);
      Set<Long> found = new HashSet<>();
      Shape shape = template.shape();
      int lane = 3;
      int number = request;
      RecordKeys.read(
          KEYS,
          signal,
          template.fill(KEYS, lane, request, NOW),
          (table, key) -> {
            assertThat(RunKeys.lane(key)).isEqualTo(lane);
            assertThat(RunKeys.request(key)).isEqualTo(number);
            assertThat(shape.table(RunKeys.ordinal(key))).isEqualTo(table);
            assertThat(found.add(key)).isTrue();
          });

      assertThat(found).hasSize(500);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyRecordSaysWhatItsServiceSays(Signal signal) {
    Template template = templates.of(signal, 0);

    for (int i = 0; i < template.shape().records(); i++) {
      assertThat(template.content(i).service()).isIn(Vocabulary.SERVICES);
      assertThat(template.content(i).name()).isNotEmpty();
    }
  }

  @Test
  void aSpansContentAndTimeAreThoseOfItsRequest() throws Exception {
    Template template = templates.of(Signal.TRACES, 0);
    ExportTraceServiceRequest.parseFrom(template.fill(KEYS, 0, 0, NOW))
        .getResourceSpansList()
        .forEach(
            group ->
                group
                    .getScopeSpans(0)
                    .getSpansList()
                    .forEach(
                        span -> {
                          long key =
                              KEYS.keyOfSpan(span.getSpanId().asReadOnlyByteBuffer().getLong());
                          int ordinal = RunKeys.ordinal(key);
                          assertThat(template.content(ordinal).name()).isEqualTo(span.getName());
                          assertThat(template.content(ordinal).service())
                              .isEqualTo(
                                  group.getResource().getAttributes(0).getValue().getStringValue());
                          assertThat(Template.start(NOW, ordinal))
                              .isEqualTo(span.getStartTimeUnixNano());
                        }));
  }

  @ParameterizedTest
  @EnumSource
  void noMarkIsLeft(Signal signal) {
    byte[] bytes = templates.of(signal, 0).fill(KEYS, 1, 0, NOW);

    for (int i = 0; i < bytes.length; i++) {
      assertThat(Slot.at(bytes, i)).as("mark at %d", i).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource({"TRACES, 500, 620", "LOGS, 340, 440", "METRICS, 220, 400"})
  void recordsAreOfRealisticSize(Signal signal, int least, int most) {
    double bytes = templates.of(signal, 0).fill(KEYS, 1, 0, NOW).length / 500.0;

    assertThat(bytes).isBetween((double) least, (double) most);
  }

  @Test
  void spansAreWhatSdksSend() throws Exception {
    var request = ExportTraceServiceRequest.parseFrom(traces(0));
    List<Span> spans = new ArrayList<>();
    request
        .getResourceSpansList()
        .forEach(
            group -> {
              assertThat(group.getResource().getAttributesCount()).isBetween(8, 15);
              group.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
            });

    assertThat(spans).allMatch(s -> s.getAttributesCount() >= 6 && s.getAttributesCount() <= 12);
    assertThat(spans).anyMatch(s -> s.getEventsCount() > 0).anyMatch(s -> s.getLinksCount() > 0);
    assertThat(spans).allMatch(s -> s.getEndTimeUnixNano() > s.getStartTimeUnixNano());
    Map<Object, Span> byId = new HashMap<>();
    spans.forEach(s -> byId.put(s.getSpanId(), s));
    assertThat(spans)
        .filteredOn(s -> !s.getParentSpanId().isEmpty())
        .isNotEmpty()
        .allMatch(s -> byId.get(s.getParentSpanId()).getTraceId().equals(s.getTraceId()));
  }

  @Test
  void metricsHaveEveryKindAndExemplars() throws Exception {
    byte[] bytes = templates.of(Signal.METRICS, 0).fill(KEYS, 0, 0, NOW);
    Map<Table, Integer> kinds = new EnumMap<>(Table.class);
    RecordKeys.read(
        KEYS, Signal.METRICS, bytes, (table, key) -> kinds.merge(table, 1, Integer::sum));

    assertThat(kinds)
        .containsEntry(Table.METRICS_GAUGE, 150)
        .containsEntry(Table.METRICS_SUM, 200)
        .containsEntry(Table.METRICS_HISTOGRAM, 100)
        .containsEntry(Table.METRICS_EXPONENTIAL_HISTOGRAM, 25)
        .containsEntry(Table.METRICS_SUMMARY, 25);
    Shape shape = templates.of(Signal.METRICS, 0).shape();
    kinds.forEach((table, count) -> assertThat(shape.count(table)).isEqualTo(count));
    assertThat(ExportMetricsServiceRequest.parseFrom(bytes).getResourceMetricsList())
        .flatMap(group -> group.getScopeMetricsList())
        .flatMap(scope -> scope.getMetricsList())
        .flatMap(metric -> metric.getHistogram().getDataPointsList())
        .anyMatch(point -> point.getExemplarsCount() > 0);
  }

  @Test
  void contentIsAFunctionOfTheSeed() {
    Templates same = Templates.of(Set.of(Signal.TRACES), 500, 42, NOW);
    Templates other = Templates.of(Set.of(Signal.TRACES), 500, 43, NOW);

    assertThat(same.of(Signal.TRACES, 0).fill(KEYS, 0, 0, NOW)).isEqualTo(traces(0));
    assertThat(other.of(Signal.TRACES, 0).fill(KEYS, 0, 0, NOW)).isNotEqualTo(traces(0));
  }

  @Test
  void aCopyIsItsOwn() {
    byte[] first = traces(0).clone();
    templates.copy().of(Signal.TRACES, 0).fill(KEYS, 9, 0, NOW);

    assertThat(templates.of(Signal.TRACES, 0).fill(KEYS, 0, 0, NOW)).isEqualTo(first);
  }

  @Test
  void requestsThatOrdinalsCannotCountAreRefused() {
    assertThatThrownBy(() -> Templates.of(Set.of(Signal.LOGS), 65_537, 1, NOW))
        .hasMessage("cannot make requests of 65537 records (1 to 65536)");
  }

  private byte[] traces(int request) {
    return templates.of(Signal.TRACES, request).fill(KEYS, 0, request, NOW);
  }
}

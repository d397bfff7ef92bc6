package io.sluice.bench.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
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

  /** Audit files and figures of before say the same today. */
  @ParameterizedTest
  @CsvSource({
    "TRACES, 26ad6387ac58832da428b8c0d218ffe95cc252b9794a5e62fb1fbe8d07e7029a",
    "LOGS, 4d502d84d3fa3186f8e1a312681e12fabd348527a25927b0848ac3571de06518",
    "METRICS, e4f99a88e5d5698727cbefd7e52fe5922546dc8a33373b1de05c1f60d0edee5a",
    "PROFILES, 2f496e29f41e01c0a8df541cbd45566b5ae8c1b58577f33a484ff5febac038f6"
  })
  void thePlainVocabularysBytesAreWhatTheyWere(Signal signal, String sha256) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (int request = 0; request < 8; request++) {
      digest.update(templates.of(signal, request).fill(KEYS, 0, request, NOW));
    }

    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(sha256);
  }

  @ParameterizedTest
  @CsvSource({"10, 1", "1, 10", "3, 7"})
  void varietyChangesNoKeyAndNoTable(int services, int values) throws Exception {
    Variety variety = new Variety(services, values);
    for (Signal signal : Signal.values()) {
      Templates varied = Templates.of(Set.of(signal), 500, 42, NOW, variety);
      for (int request = 0; request < 3; request++) {
        Template template = varied.of(signal, request);
        Set<Long> found = new HashSet<>();
        RecordKeys.read(
            KEYS,
            signal,
            template.fill(KEYS, 3, request, NOW),
            (table, key) -> {
              assertThat(template.shape().table(RunKeys.ordinal(key))).isEqualTo(table);
              found.add(key);
            });

        assertThat(found).hasSize(500);
      }
    }
  }

  /** Two resources a request: of eight that differ, some six services; of eighty, some sixty. */
  @Test
  void tenTimesTheServicesAreSome() {
    assertThat(services(Variety.PLAIN)).hasSizeBetween(4, 8);
    assertThat(services(new Variety(10, 1))).hasSizeBetween(50, 80).noneMatch(s -> s.contains(" "));
  }

  @Test
  void tenTimesTheValuesAreSome() throws Exception {
    for (String attribute :
        List.of("thread.name", "client.address", "db.namespace", "server.address", "http.route")) {
      int plain = values(attribute, Variety.PLAIN);
      assertThat(values(attribute, new Variety(1, 10)))
          .as("%s, of which there are %d", attribute, plain)
          .isBetween(7 * plain, 10 * plain + 10);
    }
    assertThat(services(new Variety(1, 10))).isSubsetOf(Vocabulary.SERVICES);
  }

  @Test
  void varietyThatCannotBeMadeIsRefused() {
    assertThatThrownBy(() -> new Variety(0, 101))
        .hasMessage("cannot load: 0 times the services, 101 times the values (each 1 to 100)");
  }

  private static Set<String> services(Variety variety) {
    Templates varied = Templates.of(Set.of(Signal.TRACES), 500, 42, NOW, variety);
    Set<String> services = new HashSet<>();
    for (int request = 0; request < 4 * variety.kinds(); request++) {
      Template template = varied.of(Signal.TRACES, request);
      for (int i = 0; i < template.shape().records(); i++) {
        services.add(template.content(i).service());
      }
    }
    return services;
  }

  private static int values(String attribute, Variety variety) throws Exception {
    Templates varied = Templates.of(Set.of(Signal.TRACES), 500, 42, NOW, variety);
    Set<String> values = new HashSet<>();
    for (int request = 0; request < 4 * variety.kinds(); request++) {
      ExportTraceServiceRequest.parseFrom(
              varied.of(Signal.TRACES, request).fill(KEYS, 0, request, NOW))
          .getResourceSpansList()
          .stream()
          .flatMap(group -> group.getScopeSpansList().stream())
          .flatMap(scope -> scope.getSpansList().stream())
          .flatMap(span -> span.getAttributesList().stream())
          .filter(each -> each.getKey().equals(attribute))
          .forEach(each -> values.add(each.getValue().getStringValue()));
    }
    return values.size();
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

package io.sluice.acceptor.transcode;

import static io.sluice.acceptor.transcode.Transcoding.fault;
import static io.sluice.acceptor.transcode.Transcoding.log;
import static io.sluice.acceptor.transcode.Transcoding.logFault;
import static io.sluice.acceptor.transcode.Transcoding.logJson;
import static io.sluice.acceptor.transcode.Transcoding.metric;
import static io.sluice.acceptor.transcode.Transcoding.span;
import static io.sluice.acceptor.transcode.Transcoding.spanFault;
import static io.sluice.acceptor.transcode.Transcoding.spanJson;
import static io.sluice.acceptor.transcode.Transcoding.transcode;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.schema.table.Signal;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of OTLP/JSON about ids, numbers, enums and strings, one by one. */
class JsonScalarsTest {

  private static final String TRACE_ID = "5B8EFFF798038103d269b633813fc60c";
  private static final String SPAN_ID = "EEE19b7ec3c1b174";

  private static ByteString hex(String digits) {
    return ByteString.copyFrom(HexFormat.of().parseHex(digits));
  }

  private static AnyValue value(String json) throws Exception {
    return log("\"body\":" + json).getBody();
  }

  private static NumberDataPoint point(String fields) throws Exception {
    return metric("\"gauge\":{\"dataPoints\":[{" + fields + "}]}").getGauge().getDataPoints(0);
  }

  @Test
  void idsAreHexDigitsOfEitherCaseWhereverTheyAre() throws Exception {
    String ids = "\"traceId\":\"" + TRACE_ID + "\",\"spanId\":\"" + SPAN_ID + "\"";
    Span span = span(ids + ",\"parentSpanId\":\"" + SPAN_ID + "\",\"links\":[{" + ids + "}]");
    assertThat(span.getTraceId()).isEqualTo(hex(TRACE_ID));
    assertThat(span.getSpanId()).isEqualTo(hex(SPAN_ID));
    assertThat(span.getParentSpanId()).isEqualTo(hex(SPAN_ID));
    assertThat(span.getLinks(0).getTraceId()).isEqualTo(hex(TRACE_ID));
    assertThat(span.getLinks(0).getSpanId()).isEqualTo(hex(SPAN_ID));
    assertThat(log(ids).getTraceId()).isEqualTo(hex(TRACE_ID));
    assertThat(log(ids).getSpanId()).isEqualTo(hex(SPAN_ID));
    Exemplar exemplar = point("\"exemplars\":[{" + ids + "}]").getExemplars(0);
    assertThat(exemplar.getTraceId()).isEqualTo(hex(TRACE_ID));
    assertThat(exemplar.getSpanId()).isEqualTo(hex(SPAN_ID));
  }

  @ParameterizedTest
  @CsvSource({
    "+/+/AA==, fbff bf00",
    "-_-_AA==, fbff bf00",
    "-_-_AA, fbff bf00",
    "+/-_AAE, fbffbf0001",
    "'', ''",
    "AA==, 00"
  })
  void otherBytesAreBase64OfBothAlphabetsPaddedOrNot(String text, String bytes) throws Exception {
    AnyValue value = value("{\"bytesValue\":\"" + text + "\"}");
    assertThat(value.hasBytesValue()).isTrue();
    assertThat(value.getBytesValue()).isEqualTo(hex(bytes.replace(" ", "")));
    String escaped = text.replace("/", "\\/").replace("A", "\\u0041");
    assertThat(value("{\"bytesValue\":\"" + escaped + "\"}")).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "AAAAA", "AA=", "AAA==", "=", "AA==AA==", "A A=", "AA.=", "é"})
  void whatIsNotBase64IsRefused(String text) {
    assertThat(logFault("\"body\":{\"bytesValue\":\"" + text + "\"}"))
        .contains("body.bytesValue: not base64");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "W47/95gDgQPSabYzgT/GDA==",
        "5b8efff798038103d269b633813fc6",
        "5b8efff798038103d269b633813fc60c00",
        "5b8efff798038103d269b633813fc60",
        "5b8efff798038103d269b633813fc60g",
        "5b8efff798038103d269b633813fc60 "
      })
  void idsThatAreNotHexOrOfAnotherLengthAreRefused(String id) {
    assertThat(spanFault("\"traceId\":\"" + id + "\""))
        .contains("resourceSpans[0].scopeSpans[0].spans[0].traceId: not 32 hex digits");
    assertThat(spanFault("\"spanId\":\"" + id + "\"")).contains("spanId: not 16 hex digits");
    assertThat(spanFault("\"links\":[{},{\"spanId\":\"7uGbfsPBsXQ=\"}]"))
        .contains("spans[0].links[1].spanId: not 16 hex digits");
  }

  @Test
  void emptyIdsAreNone() throws Exception {
    assertThat(span("\"traceId\":\"\",\"spanId\":\"\",\"parentSpanId\":\"\""))
        .isEqualTo(Span.getDefaultInstance());
  }

  @Test
  void idsOfZerosAreKept() throws Exception {
    assertThat(span("\"spanId\":\"0000000000000000\"").getSpanId())
        .isEqualTo(hex("0000000000000000"));
  }

  @Test
  void enumsAreIntegersEvenUnknownOnes() throws Exception {
    assertThat(span("\"kind\":3").getKindValue()).isEqualTo(3);
    assertThat(span("\"kind\":99").getKindValue()).isEqualTo(99);
    assertThat(span("\"kind\":-7").getKindValue()).isEqualTo(-7);
    assertThat(span("\"kind\":\"2\"").getKindValue()).isEqualTo(2);
    assertThat(spanFault("\"kind\":2147483648")).contains("kind: not an int32: '2147483648'");
  }

  @Test
  void knownNamesOfEnumsAreTakenAndCounted() throws Exception {
    assertThat(span("\"kind\":\"SPAN_KIND_SERVER\"").getKindValue()).isEqualTo(2);
    assertThat(log("\"severityNumber\":\"SEVERITY_NUMBER_WARN2\"").getSeverityNumberValue())
        .isEqualTo(14);
    String two =
        "\"kind\":\"SPAN_KIND_CLIENT\",\"status\":{\"code\":\"STATUS_CODE_ERROR\"},\"flags\":1";
    assertThat(transcode(Signal.TRACES, spanJson(two).getBytes(UTF_8)).enumNames()).isEqualTo(2);
    assertThat(span(two).getStatus().getCodeValue()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SERVER", "span_kind_server", "", "SPAN_KIND_", "STATUS_CODE_OK"})
  void unknownNamesOfEnumsAreRefused(String name) {
    assertThat(spanFault("\"kind\":\"" + name + "\"")).contains("kind: not a known name or number");
  }

  @ParameterizedTest
  @CsvSource({
    "1760000000123456789, 1760000000123456789",
    "-9223372036854775808, -9223372036854775808",
    "9223372036854775807, 9223372036854775807",
    "9007199254740993, 9007199254740993",
    "9007199254740993.0, 9007199254740993",
    "1e3, 1000",
    "1.0, 1",
    "1.5e1, 15",
    "100E-2, 1",
    "-0, 0",
    "0e999999999, 0",
    "9.223372036854775807e18, 9223372036854775807"
  })
  void integersAreReadFromTheirTextQuotedOrNot(String text, long expected) throws Exception {
    assertThat(value("{\"intValue\":" + text + "}").getIntValue()).isEqualTo(expected);
    assertThat(value("{\"intValue\":\"" + text + "\"}").getIntValue()).isEqualTo(expected);
    assertThat(point("\"asInt\":\"" + text + "\"").getAsInt()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.5",
        "1e21",
        "1e+21",
        "9223372036854775808",
        "-9223372036854775809",
        "1e-1",
        "1e999999999",
        "1e99999999999",
        "1e-99999999999"
      })
  void whatIsNoInt64IsRefusedWithItsPath(String text) {
    for (String quoted : new String[] {text, '"' + text + '"'}) {
      assertThat(logFault("\"attributes\":[{},{\"value\":{\"intValue\":" + quoted + "}}]"))
          .contains(
              "resourceLogs[0].scopeLogs[0].logRecords[0].attributes[1].value.intValue:"
                  + " not an int64: '"
                  + text
                  + "'");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " 1", "1 ", "+1", "01", "1.", ".5", "0x1", "1_0", "-", "1e", "NaN", "ten"})
  void stringThatIsNoNumberIsRefusedAsOne(String text) {
    assertThat(logFault("\"body\":{\"intValue\":\"" + text + "\"}")).contains("not an int64");
    if (!text.equals("NaN")) {
      assertThat(logFault("\"body\":{\"doubleValue\":\"" + text + "\"}")).contains("not a double");
    }
  }

  @Test
  void integerOfMoreThan64CharactersIsRefused() throws Exception {
    String least = "1." + "0".repeat(62);
    assertThat(value("{\"intValue\":" + least + "}").getIntValue()).isEqualTo(1);
    assertThat(logFault("\"body\":{\"intValue\":" + least + "0}"))
        .contains("not an int64: '1.00000000000000000000000000000000000000...'");
  }

  @Test
  void integersHaveTheRangesOfTheirTypes() throws Exception {
    String most = "18446744073709551615";
    assertThat(span("\"startTimeUnixNano\":" + most).getStartTimeUnixNano()).isEqualTo(-1L);
    assertThat(span("\"startTimeUnixNano\":\"" + most + "\"").getStartTimeUnixNano())
        .isEqualTo(-1L);
    assertThat(spanFault("\"startTimeUnixNano\":18446744073709551616")).contains("not a uint64");
    assertThat(spanFault("\"startTimeUnixNano\":-1")).contains("not a uint64");
    assertThat(span("\"flags\":\"4294967295\"").getFlags()).isEqualTo(-1);
    assertThat(spanFault("\"flags\":4294967296")).contains("not a uint32");
    assertThat(span("\"droppedLinksCount\":4294967295").getDroppedLinksCount()).isEqualTo(-1);
    assertThat(spanFault("\"droppedLinksCount\":-1")).contains("not a uint32");
    String scale = "\"exponentialHistogram\":{\"dataPoints\":[{\"scale\":\"-2147483648\"}]}";
    assertThat(metric(scale).getExponentialHistogram().getDataPoints(0).getScale())
        .isEqualTo(Integer.MIN_VALUE);
    assertThat(fault(Signal.METRICS, Transcoding.metricJson(scale.replace("648", "649"))))
        .contains("dataPoints[0].scale: not an int32");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.1",
        "1",
        "-1.5e-7",
        "1e308",
        "4.9E-324",
        "1e-400",
        "9007199254740993",
        "123456789012345",
        "1234567890123456",
        "0.000000000000001",
        "2.2250738585072011e-308",
        "1e23",
        "-0.0",
        "-0",
        "3.5e0"
      })
  void doublesAreTheNearestQuotedOrNot(String text) throws Exception {
    long bits = Double.doubleToRawLongBits(Double.parseDouble(text));
    for (String quoted : new String[] {text, '"' + text + '"'}) {
      AnyValue value = value("{\"doubleValue\":" + quoted + "}");
      assertThat(value.hasDoubleValue()).isTrue();
      assertThat(Double.doubleToRawLongBits(value.getDoubleValue())).isEqualTo(bits);
    }
  }

  @Test
  void doublesThatAreNoNumbersAreStrings() throws Exception {
    assertThat(value("{\"doubleValue\":\"NaN\"}").getDoubleValue()).isNaN();
    assertThat(point("\"asDouble\":\"Infinity\"").getAsDouble())
        .isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(point("\"asDouble\":\"-Infinity\"").getAsDouble())
        .isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(logFault("\"body\":{\"doubleValue\":NaN}")).contains("NaN");
    for (String text : new String[] {"1e400", "-1e400", "\"1e400\"", "\"nan\"", "\"Inf\""}) {
      assertThat(logFault("\"body\":{\"doubleValue\":" + text + "}")).contains("not a double");
    }
  }

  @Test
  void optionalNumbersAreSetEvenToZero() throws Exception {
    HistogramDataPoint point =
        metric("\"histogram\":{\"dataPoints\":[{\"sum\":0,\"min\":0.0,\"max\":null}]}")
            .getHistogram()
            .getDataPoints(0);
    assertThat(point.hasSum()).isTrue();
    assertThat(point.hasMin()).isTrue();
    assertThat(point.hasMax()).isFalse();
  }

  @Test
  void escapesAreWhatTheySay() throws Exception {
    assertThat(
            log("\"severityText\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00e9\\u20AC\\ud834\\udd1e\"")
                .getSeverityText())
        .isEqualTo("\"\\/\b\f\n\r\t\0é€𝄞");
  }

  /** As over protobuf, where an SDK that cuts a string inside a pair sends U+FFFD as well. */
  @Test
  void halfASurrogatePairIsReplacedAndCounted() throws Exception {
    String halves = "\"severityText\":\"a\\ud834b\\udd1e\\ud834\\ud834\\udd1e\\ud834\"";
    assertThat(log(halves).getSeverityText()).isEqualTo("a\ufffdb\ufffd\ufffd𝄞\ufffd");
    assertThat(transcode(Signal.LOGS, logJson(halves).getBytes(UTF_8)).replaced()).isEqualTo(4);
  }

  @Test
  void stringsAreAsLongAsTheRequestMayBe() throws Exception {
    int length = 21 << 20; // Jackson's own limit is 20,000,000
    assertThat(log("\"severityText\":\"" + "a".repeat(length) + "\"").getSeverityText())
        .hasSize(length);
    String escaped = "\"severityText\":\"" + "a".repeat(length) + "\\n\"";
    assertThat(log(escaped).getSeverityText()).hasSize(length + 1);
  }
}

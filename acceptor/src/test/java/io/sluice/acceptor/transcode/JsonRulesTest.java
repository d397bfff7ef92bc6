package io.sluice.acceptor.transcode;

import static io.sluice.acceptor.transcode.Transcoding.fault;
import static io.sluice.acceptor.transcode.Transcoding.log;
import static io.sluice.acceptor.transcode.Transcoding.logFault;
import static io.sluice.acceptor.transcode.Transcoding.logJson;
import static io.sluice.acceptor.transcode.Transcoding.message;
import static io.sluice.acceptor.transcode.Transcoding.span;
import static io.sluice.acceptor.transcode.Transcoding.spanFault;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.schema.table.Signal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of OTLP/JSON about objects, lists and names, one by one. */
class JsonRulesTest {

  private static final String TRACE_ID = "5B8EFFF798038103d269b633813fc60c";

  private static ByteString hex(String digits) {
    return ByteString.copyFrom(HexFormat.of().parseHex(digits));
  }

  private static AnyValue value(String json) throws Exception {
    return log("\"body\":" + json).getBody();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'resourceSpans':[]}",
        "{/* comment */}",
        "// comment\n{}",
        "{resourceSpans:[]}",
        "{\"resourceSpans\":[],}",
        "{\"resourceSpans\":[{},]}",
        "{\"x\":NaN}",
        "{\"x\":+1}",
        "{\"x\":01}",
        "{\"x\":.5}",
        "{\"x\":1.}",
        "{\"x\":\"tab\there\"}",
        "{\"x\":\"\\x\"}",
        "{\"x\":tru}",
        "{\"x\":1",
        "{\"x\":\"",
        "{\"resourceSpans\":[{\"schemaUrl\":\"",
        "{\"resourceSpans\":[{\"schemaUrl\":\"\\",
        "{\"resourceSpans\":[{\"schemaUrl\":\"\\u00",
        "{\"resourceSpans\":[{\"schemaUrl\":\"\\x\"}]}",
        "{\"resourceSpans\":[{\"schemaUrl\":\"\\u12g4\"}]}",
        "{\"resourceSpans\":[{\"schemaUrl\":\"tab\there\"}]}",
        "{} {}",
        "{}\n{}",
        "{}]",
        "{}garbage",
        "{}\0"
      })
  void whatIsNotOneJsonDocumentIsRefused(String json) {
    assertThat(fault(Signal.TRACES, json))
        .startsWith("cannot read the request: ")
        .containsPattern("\\(line \\d+, column \\d+\\)$");
  }

  @Test
  void namesAreCamelCaseOrSnakeCase() throws Exception {
    Span span = span("\"trace_id\":\"" + TRACE_ID + "\",\"start_time_unix_nano\":\"5\"");
    assertThat(span.getTraceId()).isEqualTo(hex(TRACE_ID));
    assertThat(span.getStartTimeUnixNano()).isEqualTo(5);
    assertThat(message(Signal.TRACES, "{\"resource_spans\":[{}]}"))
        .isEqualTo(message(Signal.TRACES, "{\"resourceSpans\":[{}]}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"traceId\":\"\",\"trace_id\":\"\"",
        "\"traceId\":null,\"trace_id\":null",
        "\"name\":\"a\",\"kind\":1,\"name\":\"a\"",
        "\"events\":[],\"events\":[]",
        "\"status\":{},\"status\":{}",
        "\"status\":{\"code\":1,\"code\":1}"
      })
  void nameGivenTwiceIsRefused(String fields) {
    assertThat(spanFault(fields)).contains("spans[0].").contains(": there twice");
  }

  @Test
  void unknownFieldsArePassedWhateverTheyHold() throws Exception {
    String deep = "[".repeat(5_000) + "{\"traceId\":1}" + "]".repeat(5_000);
    for (String any :
        new String[] {
          "null", "true", "1e999", "\"\\ud800\"", "{}", "[]", "{\"a\":{\"a\":[1,2]}}", deep
        }) {
      assertThat(
              span("\"spanid\":" + any + ",\"name\":\"n\",\"resource\":" + any + ",\"traceID\":1"))
          .isEqualTo(Span.newBuilder().setName("n").build());
    }
  }

  @Test
  void schemaUrlInAResourceAsTheJavaScriptSdkSendsItIsPassed() throws Exception {
    String json =
        "{\"resourceSpans\":[{\"resource\":{\"attributes\":[],\"droppedAttributesCount\":0,"
            + "\"schemaUrl\":\"https://x/1\"},\"scopeSpans\":[],\"schemaUrl\":\"https://x/2\"}]}";
    ExportTraceServiceRequest request = (ExportTraceServiceRequest) message(Signal.TRACES, json);
    assertThat(request.getResourceSpans(0).getSchemaUrl()).isEqualTo("https://x/2");
    assertThat(request.getResourceSpans(0).hasResource()).isTrue();
  }

  @Test
  void nullIsAFieldThatIsNotSet() throws Exception {
    assertThat(span("\"traceId\":null,\"kind\":null,\"events\":null,\"status\":null"))
        .isEqualTo(Span.getDefaultInstance());
    assertThat(message(Signal.TRACES, "{\"resourceSpans\":[{\"resource\":null}]}"))
        .isEqualTo(message(Signal.TRACES, "{\"resourceSpans\":[{}]}"));
    assertThat(log("\"attributes\":[{\"key\":\"k\",\"value\":null}]").getAttributes(0).hasValue())
        .isFalse();
    assertThat(value("{\"doubleValue\":null}")).isEqualTo(AnyValue.getDefaultInstance());
    assertThat(log("\"body\":{\"doubleValue\":null}").hasBody()).isTrue();
    assertThat(value("{\"stringValue\":null,\"intValue\":\"1\",\"boolValue\":null}").getIntValue())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"events\":[null] | events[0]",
        "\"events\":[{},null] | events[1]",
        "\"attributes\":[{\"value\":{\"arrayValue\":{\"values\":[null]}}}] | values[0]"
      })
  void nullInAListIsRefused(String fields, String where) {
    assertThat(spanFault(fields)).contains(where + ": null in a list");
  }

  @Test
  void emptyValueIsNotAnAbsentOne() throws Exception {
    assertThat(log("\"body\":{}").hasBody()).isTrue();
    assertThat(log("").hasBody()).isFalse();
    assertThat(log("\"attributes\":[{\"value\":{}},{}]").getAttributes(0).hasValue()).isTrue();
    assertThat(log("\"attributes\":[{\"value\":{}},{}]").getAttributes(1).hasValue()).isFalse();
    assertThat(value("{\"arrayValue\":{}}"))
        .isEqualTo(AnyValue.newBuilder().setArrayValue(ArrayValue.getDefaultInstance()).build());
    assertThat(value("{\"kvlistValue\":{\"values\":[]}}"))
        .isEqualTo(AnyValue.newBuilder().setKvlistValue(KeyValueList.getDefaultInstance()).build());
    assertThat(
            value("{\"arrayValue\":{\"values\":[{},{\"stringValue\":\"\"}]}}")
                .getArrayValue()
                .getValuesCount())
        .isEqualTo(2);
    for (String zero :
        new String[] {
          "stringValue\":\"\"", "boolValue\":false", "intValue\":0", "bytesValue\":\"\""
        }) {
      assertThat(value("{\"" + zero + "}").getValueCase())
          .isNotEqualTo(AnyValue.ValueCase.VALUE_NOT_SET);
    }
  }

  @Test
  void twoMembersOfOneOneofAreRefused() {
    assertThat(logFault("\"body\":{\"intValue\":1,\"stringValue\":\"\"}"))
        .contains("body.stringValue: a second member of the same oneof");
    assertThat(logFault("\"body\":{\"arrayValue\":{},\"kvlistValue\":{}}")).contains("oneof");
    assertThat(fault(Signal.METRICS, Transcoding.metricJson("\"gauge\":{},\"sum\":{}")))
        .contains("metrics[0].sum: a second member of the same oneof");
  }

  @Test
  void requestIsOneObject() throws Exception {
    assertThat(message(Signal.LOGS, "{}")).isEqualTo(Transcoding.prototype(Signal.LOGS));
    assertThat(message(Signal.LOGS, " \r\n\t{ } \n")).isEqualTo(Transcoding.prototype(Signal.LOGS));
    for (String empty : new String[] {"", " \n"}) {
      assertThat(fault(Signal.LOGS, empty)).contains("it is empty (send {} if there is nothing)");
    }
    for (String other : new String[] {"[]", "1", "\"\"", "null", "true", "[{}]"}) {
      assertThat(fault(Signal.LOGS, other)).contains("not an object (line 1, column 1)");
    }
  }

  @Test
  void bodyIsUtf8AndMayBeginWithOneByteOrderMark() throws Exception {
    String json = logJson("\"severityText\":\"é€𝄞\"");
    assertThat(message(Signal.LOGS, "\ufeff" + json)).isEqualTo(message(Signal.LOGS, json));
    assertThat(fault(Signal.LOGS, "\ufeff\ufeff" + json)).contains("(line 1, column");
    for (var charset :
        new java.nio.charset.Charset[] {
          StandardCharsets.UTF_16LE,
          StandardCharsets.UTF_16BE,
          StandardCharsets.UTF_16,
          java.nio.charset.Charset.forName("UTF-32LE"),
          java.nio.charset.Charset.forName("UTF-32BE")
        }) {
      assertThat(fault(Signal.LOGS, json.getBytes(charset))).contains("not UTF-8 at byte 0");
    }
    byte[] broken = json.getBytes(UTF_8);
    int at = logJson("\"severityText\":\"").length() - "}]}]}]}".length();
    broken[at + 1] = 'x';
    assertThat(fault(Signal.LOGS, broken)).contains("not UTF-8 at byte " + at);
    byte[] overlong = logJson("\"x\":\"??\"").getBytes(StandardCharsets.ISO_8859_1);
    int mark = logJson("\"x\":\"??\"").indexOf('?');
    overlong[mark] = (byte) 0xc0;
    overlong[mark + 1] = (byte) 0x80;
    assertThat(fault(Signal.LOGS, overlong)).contains("not UTF-8 at byte " + mark);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"name\":1 | name: not a string",
        "\"name\":{} | name: not a scalar",
        "\"name\":[] | name: a list where none is",
        "\"name\":true | name: not a string",
        "\"kind\":true | kind: not a number",
        "\"status\":1 | status: not an object",
        "\"status\":[] | status: a list where none is",
        "\"events\":{} | events: not a list",
        "\"events\":1 | events: not a list",
        "\"events\":[1] | events[0]: not an object",
        "\"events\":[[]] | events[0]: a list where none is",
        "\"attributes\":[{\"value\":{\"boolValue\":1}}] | attributes[0].value.boolValue: not true or false",
        "\"attributes\":[{\"value\":{\"boolValue\":\"true\"}}] | attributes[0].value.boolValue: not true or false"
      })
  void valueOfAnotherKindIsRefused(String fields, String fault) {
    assertThat(spanFault(fields)).contains("spans[0]." + fault);
  }

  @Test
  void faultSaysItsPathLineAndColumn() {
    String json =
        "{\"resourceSpans\": [{\n  \"scopeSpans\": [{\"spans\": [{}, {},\n    {\"traceId\": \"zz\"}]}]}]}";
    assertThat(fault(Signal.TRACES, json))
        .isEqualTo(
            "cannot read the request: resourceSpans[0].scopeSpans[0].spans[2].traceId:"
                + " not 32 hex digits (line 3, column 17)");
  }

  @Test
  void nestingBeyondAllReasonIsRefusedAndItsPathShortened() {
    String open = "{\"arrayValue\":{\"values\":[";
    int levels = Transcoder.MAX_NESTING / 3 + 1;
    assertThat(logFault("\"body\":" + open.repeat(levels)))
        .contains("logRecords[0].body.arrayValue", " ... ", "nesting depth")
        .hasSizeLessThan(1_000);
    assertThat(logFault("\"x\":" + "[".repeat(Transcoder.MAX_NESTING))).contains("nesting depth");
  }

  @Test
  void namesBeyondAllReasonAreRefused() {
    assertThat(logFault("\"" + "n".repeat(100_000) + "\":1")).contains("Name length");
  }

  private static String unknownNames(int count) {
    StringBuilder names = new StringBuilder("\"x\":{");
    for (int i = 0; i < count; i++) {
      names.append(i == 0 ? "\"" : ",\"").append("name").append(i).append("\":[{\"name0\":1}]");
    }
    return names.append('}').toString();
  }

  @Test
  void moreDifferentUnknownNamesThanAnybodyHasAreRefused() throws Exception {
    assertThat(log(unknownNames(9_000))).isEqualTo(log(""));
    assertThat(logFault(unknownNames(11_000))).contains("names of unknown fields");
  }

  /** Passed as unknown fields, they would be lost with a success. */
  @ParameterizedTest
  @ValueSource(strings = {"resourceLogs", "resource_metrics", "resourceProfiles"})
  void recordsOfAnotherSignalAreRefused(String name) throws Exception {
    assertThat(fault(Signal.TRACES, "{\"" + name + "\":[]}"))
        .contains("is of another signal: send it to ");
    assertThat(span("\"" + name + "\":[]")).isEqualTo(span(""));
  }

  @Test
  void unknownFieldsAreCounted() throws Exception {
    byte[] json = "{\"a\":{\"b\":1},\"a2\":[]}".getBytes(UTF_8);
    assertThat(Transcoding.transcode(Signal.TRACES, json).unknownFields()).isEqualTo(2);
  }

  @Test
  void whatTheParserSaysOfItselfIsNotTold() {
    assertThat(fault(Signal.TRACES, "{\"resourceSpans\":["))
        .doesNotContain("StreamRead", "REDACTED", "`");
    assertThat(fault(Signal.TRACES, "{\"x\":" + "[".repeat(11_000)))
        .contains("10000")
        .doesNotContain("StreamRead", "`");
  }
}

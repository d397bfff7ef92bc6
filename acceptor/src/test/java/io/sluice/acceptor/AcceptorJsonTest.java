package io.sluice.acceptor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.acceptor.decode.RandomMessages;
import io.sluice.acceptor.transcode.Expressible;
import io.sluice.acceptor.transcode.RandomJson;
import io.sluice.acceptor.transcode.Room;
import io.sluice.acceptor.transcode.Transcoded;
import io.sluice.acceptor.transcode.Transcoder;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OTLP/JSON over HTTP, from the client to the Writer. */
final class AcceptorJsonTest {

  private static final String JSON = "application/json";
  private static final int LIMIT = 1 << 20;
  private static final String SPAN =
      "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{"
          + "\"traceId\":\"5B8EFFF798038103D269B633813FC60C\",\"spanId\":\"EEE19B7EC3C1B174\","
          + "\"name\":\"curl\",\"startTimeUnixNano\":\"1544712660000000000\"}]}]}]}";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private FakeWriter writer;
  private RunningAcceptor acceptor;

  @BeforeEach
  void start() throws Exception {
    writer = new FakeWriter();
    acceptor = new RunningAcceptor(writer, "--otlp.max-request-size=" + LIMIT);
  }

  @AfterEach
  void stop() throws Exception {
    acceptor.close();
    writer.close();
  }

  private HttpResponse<String> post(String path, String type, byte[] body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(acceptor.http(path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String json) throws Exception {
    return post(path, JSON, json.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertJson(HttpResponse<String> response, int http) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(http);
    assertThat(response.headers().firstValue("content-type")).hasValue(JSON);
  }

  private static String logs(String body) {
    return "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[" + body + "]}]}]}";
  }

  private static Message prototype(Signal signal) {
    return switch (signal) {
      case TRACES -> ExportTraceServiceRequest.getDefaultInstance();
      case LOGS -> ExportLogsServiceRequest.getDefaultInstance();
      case METRICS -> ExportMetricsServiceRequest.getDefaultInstance();
      case PROFILES -> ExportProfilesServiceRequest.getDefaultInstance();
    };
  }

  /** What came of the request that was just answered, by table. */
  private Map<String, FakeWriter.Put> puts() throws Exception {
    Map<String, FakeWriter.Put> puts = new TreeMap<>();
    while (writer.putsWaiting() > 0) {
      FakeWriter.Put put = writer.nextPut();
      puts.put(String.join("/", put.path()), put);
    }
    return puts;
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void rowsAreThoseOfTheProtobufRequest(Signal signal) throws Exception {
    String version = signal == Signal.PROFILES ? "/v1development/" : "/v1/";
    String path = version + signal.name().toLowerCase(Locale.ROOT);
    int tables = (int) Table.all().stream().filter(table -> table.signal() == signal).count();
    Random random = new Random(7);
    Message.Builder all = prototype(signal).newBuilderForType();
    for (int i = 0; i < 40; i++) {
      all.mergeFrom(new RandomMessages(random, 0).message(prototype(signal), 2, 0));
    }
    Message message = Expressible.made(all.build());
    byte[] text = new RandomJson(random).bytes(message);
    byte[] same = signal == Signal.PROFILES ? inOrderOf(text) : message.toByteArray();
    assertThat(post(path, "application/x-protobuf", same).statusCode()).isEqualTo(200);
    Map<String, FakeWriter.Put> protobuf = puts();
    HttpResponse<String> response = post(path, JSON, text);
    assertJson(response, 200);
    assertThat(response.body()).isEqualTo("{}");
    Map<String, FakeWriter.Put> json = puts();
    assertThat(json.keySet()).isEqualTo(protobuf.keySet()).hasSize(tables);
    protobuf.forEach(
        (table, put) -> {
          FakeWriter.Put other = json.get(table);
          assertThat(other.header()).as(table).isEqualTo(put.header());
          assertThat(other.body()).as(table).isEqualTo(put.body());
          assertThat(other.ids()).as(table).doesNotContainAnyElementsOf(put.ids());
        });
  }

  /** A profile's bytes are kept, and have the order that its JSON has. */
  private static byte[] inOrderOf(byte[] json) throws Exception {
    Room room =
        new Room() {
          @Override
          public boolean use(long more) {
            return true;
          }

          @Override
          public void free(long less) {}
        };
    Transcoded wire = Transcoder.transcode(Signal.PROFILES, json, json.length, LIMIT, room);
    return Arrays.copyOf(wire.array(), wire.length());
  }

  @Test
  void batchIdIsOfTheJsonAsItIsDecompressed() throws Exception {
    byte[] json = SPAN.getBytes(StandardCharsets.UTF_8);
    assertThat(post("/v1/traces", SPAN).statusCode()).isEqualTo(200);
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write(json);
    }
    assertJson(post("/v1/traces", JSON, zipped.toByteArray(), "Content-Encoding", "gzip"), 200);
    BatchId id =
        BatchId.of(
            "default",
            Table.TRACES,
            BatchId.Encoding.JSON,
            0,
            BatchId.ofBody(json, 0, json.length));
    assertThat(writer.nextPut().ids()).containsExactly(id);
    assertThat(writer.nextPut().ids()).containsExactly(id);
    assertThat(writer.storedRows()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; charset=utf-8",
        "Application/JSON;charset=\"UTF-8\"",
        "application/json ; x=y"
      })
  void parametersOfTheTypeAreIgnoredAndNotRepeated(String type) throws Exception {
    assertJson(post("/v1/traces", type, SPAN.getBytes(StandardCharsets.UTF_8)), 200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iso-8859-1", "utf-16", "\"us-ascii\"", "windows-1252"})
  void otherCharsetsAre415(String charset) throws Exception {
    HttpResponse<String> response =
        post("/v1/traces", JSON + "; charset=" + charset, SPAN.getBytes(StandardCharsets.UTF_8));
    assertJson(response, 415);
    assertThat(response.body()).contains("UTF-8");
    assertThat(writer.storedBatches()).isZero();
  }

  @Test
  void typeThatCurlSendsByItselfIs415AndSaysWhatToSend() throws Exception {
    HttpResponse<String> response =
        post(
            "/v1/traces",
            "application/x-www-form-urlencoded",
            SPAN.getBytes(StandardCharsets.UTF_8));
    assertJson(response, 415);
    assertThat(response.body()).contains("send application/x-protobuf or application/json");
  }

  @Test
  void lineOfTheReadmeThatUsesCurlWorks() throws Exception {
    Matcher curl =
        Pattern.compile("curl -i http://localhost:4318(\\S+) -H 'Content-Type: (\\S+)' -d '(.+)'")
            .matcher(Files.readString(Path.of("../README.md")));
    assertThat(curl.find()).isTrue();
    byte[] body = curl.group(3).getBytes(StandardCharsets.UTF_8);
    assertJson(post(curl.group(1), curl.group(2), body), 200);
    assertThat(writer.storedRows()).isEqualTo(1);
  }

  @Test
  void malformedIs400WithBadRequest() throws Exception {
    HttpResponse<String> response = post("/v1/traces", SPAN.replace("5B8E", "5B"));
    assertJson(response, 400);
    String path = "resourceSpans[0].scopeSpans[0].spans[0].traceId";
    String message = "cannot read the request: " + path + ": not 32 hex digits (line 1, column 55)";
    assertThat(response.body())
        .isEqualTo(
            "{\"code\":3,\"message\":\""
                + message
                + "\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.BadRequest\","
                + "\"fieldViolations\":[{\"field\":\""
                + path
                + "\",\"description\":\""
                + message
                + "\"}]}]}");
    assertThat(writer.storedBatches()).isZero();
  }

  @Test
  void emptyObjectIsTakenAndEmptyBodyIsNot() throws Exception {
    HttpResponse<String> response = post("/v1/metrics", "{}");
    assertJson(response, 200);
    assertThat(response.body()).isEqualTo("{}");
    assertJson(post("/v1/metrics", ""), 400);
  }

  @ParameterizedTest
  @CsvSource({
    "traces, rejectedSpans, resourceSpans, scopeSpans, spans, attributes",
    "logs, rejectedLogRecords, resourceLogs, scopeLogs, logRecords, attributes",
    "metrics, rejectedDataPoints, resourceMetrics, scopeMetrics, metrics, metadata"
  })
  void whatIsNestedTooDeepIsRejectedAlone(
      String path, String count, String groups, String scopes, String records, String attributes)
      throws Exception {
    String gauge = path.equals("metrics") ? ",\"gauge\":{\"dataPoints\":[{}]}" : "";
    StringBuilder list = new StringBuilder();
    for (int levels : new int[] {64, 65, 2_000}) {
      list.append(list.isEmpty() ? "" : ",")
          .append("{\"" + attributes + "\":[{\"key\":\"k\",\"value\":")
          .append("{\"arrayValue\":{\"values\":[".repeat(levels - 1))
          .append("{}")
          .append("]}}".repeat(levels - 1))
          .append("}]" + gauge + "}");
    }
    String json = "{\"%s\":[{\"%s\":[{\"%s\":[%s]}]}]}".formatted(groups, scopes, records, list);
    HttpResponse<String> response = post("/v1/" + path, json);
    assertJson(response, 200);
    assertThat(response.body())
        .isEqualTo(
            "{\"partialSuccess\":{\"%s\":\"2\",\"errorMessage\":\"records nested deeper than 64 levels\"}}"
                .formatted(count));
    assertThat(writer.storedRows()).isEqualTo(1);
  }

  @Test
  void refusalIs429WithRetryInfo() throws Exception {
    writer.onPut(
        put ->
            put.answer(PutAnswer.refused(put.metadata().sequence(), 600_000, "the disk is full")));
    HttpResponse<String> response = post("/v1/traces", SPAN);
    assertJson(response, 429);
    String seconds = response.headers().firstValue("retry-after").orElseThrow();
    assertThat(seconds).as("a client that has 10 s waits for less than 5").isIn("3", "4");
    assertThat(response.body())
        .isEqualTo(
            "{\"code\":8,\"message\":\"the disk is full\",\"details\":[{\"@type\":"
                + "\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"%ss\"}]}"
                    .formatted(seconds));
  }

  @Test
  void tooLargeIs413AsJsonAndAsWhatItBecomes() throws Exception {
    HttpResponse<String> response = post("/v1/logs", logs("{}," + " ".repeat(LIMIT) + "{}"));
    assertJson(response, 413);
    String zeros = "0,".repeat(LIMIT / 4) + "0"; // two bytes of JSON each, eight of protobuf
    response =
        post(
            "/v1/metrics",
            "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"histogram\":{\"dataPoints\":"
                + "[{\"bucketCounts\":["
                + zeros
                + "]}]}}]}]}]}");
    assertJson(response, 413);
    assertThat(response.body())
        .contains("as protobuf", "otlp.max-request-size")
        .doesNotContain("RetryInfo");
    assertThat(writer.storedBatches()).isZero();
  }

  @Test
  void leniencyIsCounted() throws Exception {
    String json =
        logs(
            "{\"severityNumber\":\"SEVERITY_NUMBER_INFO\",\"body\":{\"stringValue\":\"\\ud83d\"}}");
    assertJson(post("/v1/logs", json), 200);
    assertThat(acceptor.metric("sluice_acceptor_json_enum_names_total")).isEqualTo(1);
    assertThat(acceptor.metric("sluice_acceptor_json_replaced_total")).isEqualTo(1);
  }

  @Test
  void messageOfAnErrorIsShort() throws Exception {
    HttpResponse<String> response =
        post("/v1/logs", logs("{\"severityNumber\":\"" + "é".repeat(100_000) + "\"}"));
    assertJson(response, 400);
    assertThat(response.body()).hasSizeLessThan(3_000);
    response = post("/v1/" + "x".repeat(20_000), "{}");
    assertJson(response, 404);
    assertThat(response.body()).hasSizeLessThan(3_000);
  }

  /** As the JavaScript SDK makes it: integral doubles are ints, NaN is null. */
  @Test
  void whatTheJavaScriptSdkSendsIsTaken() throws Exception {
    String json =
        "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
            + "{\"stringValue\":\"js\"}}],\"droppedAttributesCount\":0,\"schemaUrl\":\"https://x\"},"
            + "\"scopeLogs\":[{\"scope\":{\"name\":\"default\",\"version\":\"\"},\"logRecords\":["
            + "{\"timeUnixNano\":\"1680253513123241635\",\"observedTimeUnixNano\":"
            + "\"1680253513123241635\",\"severityNumber\":9,\"severityText\":\"INFO\",\"body\":"
            + "{\"doubleValue\":null},\"attributes\":[{\"key\":\"i\",\"value\":{\"intValue\":5}},"
            + "{\"key\":\"d\",\"value\":{\"doubleValue\":5.5}}],\"droppedAttributesCount\":0,"
            + "\"flags\":1,\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":"
            + "\"eee19b7ec3c1b174\"}]}]}]}";
    assertJson(post("/v1/logs", json), 200);
    assertThat(writer.storedRows()).isEqualTo(1);
    HttpResponse<String> large =
        post("/v1/logs", json.replace("{\"intValue\":5}", "{\"intValue\":1e+21}"));
    assertJson(large, 400);
    assertThat(large.body()).contains("attributes[0].value.intValue: not an int64: '1e+21'");
  }
}

package io.sluice.acceptor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large requests meet an Acceptor process with the memory of cli/src/main/jvm, and no Writer. */
final class RequestMemoryTest {

  private static final int LARGE = 60 << 20;

  @TempDir java.nio.file.Path directory;
  private AcceptorProcess process;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private void start(String... flags) throws Exception {
    process = AcceptorProcess.start(directory, AcceptorProcess.ITS_MEMORY, flags);
  }

  @AfterEach
  void end() {
    process.close();
  }

  private static byte[] logs() {
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .addScopeLogs(
                    ScopeLogs.newBuilder()
                        .addLogRecords(
                            LogRecord.newBuilder()
                                .setTimeUnixNano(1)
                                .setBody(AnyValue.newBuilder().setStringValue("a".repeat(LARGE))))))
        .build()
        .toByteArray();
  }

  private static byte[] gzip(byte[] plain) throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write(plain);
    }
    return zipped.toByteArray();
  }

  private CompletableFuture<Integer> post(byte[] body, String encoding) {
    return post(body, "application/x-protobuf", encoding);
  }

  private CompletableFuture<Integer> post(byte[] body, String type, String encoding) {
    return client
        .sendAsync(
            HttpRequest.newBuilder(URI.create(process.http() + "/v1/logs"))
                .header("Content-Type", type)
                .header("Content-Encoding", encoding)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .thenApply(HttpResponse::statusCode);
  }

  private void assertRefusedAndAlive(List<CompletableFuture<Integer>> answers) throws Exception {
    for (CompletableFuture<Integer> answer : answers) {
      assertThat(answer.get(300, TimeUnit.SECONDS)).isIn(429, 503);
    }
    assertThat(process.alive()).isTrue();
    assertThat(post(new byte[0], "identity").get(60, TimeUnit.SECONDS)).isEqualTo(200);
  }

  @Test
  void smallBodiesThatBecomeLargeAreRefusedBeforeTheMemoryIsUsed() throws Exception {
    start();
    byte[] body = gzip(logs());
    assertThat(body.length).isLessThan(1 << 20);
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      answers.add(post(body, "gzip"));
    }
    assertRefusedAndAlive(answers);
  }

  /** A long text with escapes, records without anything, and what nobody knows. */
  @Test
  void smallJsonThatBecomesLargeIsRefusedBeforeTheMemoryIsUsed() throws Exception {
    start();
    String records = "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[%s]}]}]}";
    String text = "\\u0061" + "a".repeat(LARGE) + "\\n";
    byte[] one = gzip(records.formatted("{\"eventName\":\"" + text + "\"}").getBytes(UTF_8));
    byte[] many = gzip(records.formatted("{},".repeat(LARGE / 3) + "{}").getBytes(UTF_8));
    byte[] unknown = gzip(("{\"x\":[" + "0,".repeat(LARGE / 2) + "0]}").getBytes(UTF_8));
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      for (byte[] body : List.of(one, many, unknown)) {
        answers.add(post(body, "application/json", "gzip"));
      }
    }
    for (CompletableFuture<Integer> answer : answers) {
      assertThat(answer.get(300, TimeUnit.SECONDS)).isIn(200, 400, 429, 503);
    }
    assertThat(process.alive()).isTrue();
    assertThat(post(new byte[0], "identity").get(60, TimeUnit.SECONDS)).isEqualTo(200);
  }

  @Test
  void largeUploadsAreReadOnlyWhereThereIsRoom() throws Exception {
    start();
    byte[] body = logs();
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      answers.add(post(body, "identity"));
    }
    assertRefusedAndAlive(answers);
  }
}

package io.sluice.acceptor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Acceptor as a process. */
final class MainTest {

  @TempDir Path directory;
  private Process process;

  private BufferedReader start(String... flags) throws IOException {
    return start("--otlp.http.port=0", flags);
  }

  private BufferedReader start(String http, String[] flags) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--bind-address=127.0.0.1",
                http,
                "--acceptor.admin.port=0"));
    command.addAll(List.of(flags));
    process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  @AfterEach
  void end() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Test
  void stopsWith0WhenItIsToldTo() throws Exception {
    BufferedReader out = start("--otlp.grpc.port=0");
    String line = out.readLine();
    while (line != null && !line.startsWith("ready")) {
      line = out.readLine();
    }
    assertThat(line).isNotNull();
    process.destroy();
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void busyPortIsOneSentenceAndExitCode2() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      BufferedReader out = start("--otlp.grpc.port=" + busy.getLocalPort(), "--log.level=error");
      List<String> said = out.lines().toList();
      assertThat(process.waitFor()).isEqualTo(2);
      assertThat(said)
          .singleElement()
          .asString()
          .contains("port " + busy.getLocalPort() + " of 127.0.0.1")
          .contains("the port is in use (move it with --otlp.grpc.port or SLUICE_OTLP_GRPC_PORT)");
    }
  }

  @Test
  void certificateThatIsNotThereIsOneSentenceAndExitCode2() throws Exception {
    Path none = directory.resolve("none.pem");
    List<String> said =
        start("--otlp.tls.certificate=" + none, "--otlp.tls.key=" + none, "--log.level=error")
            .lines()
            .toList();
    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(said)
        .singleElement()
        .asString()
        .contains("cannot read otlp.tls.certificate: " + none);
  }

  @Test
  void busyHttpPortIsOneSentenceAndExitCode2() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String http = "--otlp.http.port=" + busy.getLocalPort();
      List<String> said =
          start(http, new String[] {"--otlp.grpc.port=0", "--log.level=error"}).lines().toList();
      assertThat(process.waitFor()).isEqualTo(2);
      assertThat(said)
          .singleElement()
          .asString()
          .contains("127.0.0.1:" + busy.getLocalPort())
          .contains("the port is in use (move it with --otlp.http.port or SLUICE_OTLP_HTTP_PORT)");
    }
  }

  @Test
  void zstdWithoutItsLibraryIsAnUnsupportedEncodingAndSaidOnce() throws Exception {
    Path file = Files.createFile(directory.resolve("a-file")); // netty makes a directory if it can
    List<String> noTemporaryFiles = List.of("-Djava.io.tmpdir=" + file);
    try (AcceptorProcess acceptor = AcceptorProcess.start(directory, noTemporaryFiles)) {
      assertThat(acceptor.saidBefore())
          .filteredOn(line -> line.contains("cannot take zstd"))
          .hasSize(1);
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(acceptor.http() + "/v1/traces"))
              .header("Content-Type", "application/x-protobuf")
              .header("Content-Encoding", "zstd")
              .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[10]));
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(415);
      assertThat(response.headers().firstValue("accept-encoding")).hasValue("gzip, deflate");
    }
  }

  @Test
  void everyWrongSettingIsASentenceAndExitCode2() throws Exception {
    List<String> said = start("--otlp.grpc.prt=1", "--forward.window=1KiB").lines().toList();
    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(said)
        .hasSize(2)
        .anyMatch(line -> line.contains("did you mean --otlp.grpc.port?"))
        .anyMatch(line -> line.contains("forward.window"));
  }
}

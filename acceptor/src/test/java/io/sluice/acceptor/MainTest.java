package io.sluice.acceptor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
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
                "--otlp.http.port=0",
                "--acceptor.admin.port=0"));
    command.addAll(List.of(flags));
    process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  @AfterEach
  void end() {
    process.destroyForcibly();
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
  void everyWrongSettingIsASentenceAndExitCode2() throws Exception {
    List<String> said = start("--otlp.grpc.prt=1", "--forward.window=1KiB").lines().toList();
    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(said)
        .hasSize(2)
        .anyMatch(line -> line.contains("did you mean --otlp.grpc.port?"))
        .anyMatch(line -> line.contains("forward.window"));
  }
}

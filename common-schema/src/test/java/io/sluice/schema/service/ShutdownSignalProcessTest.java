package io.sluice.schema.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real signals to a real JVM. */
final class ShutdownSignalProcessTest {

  private Process child;

  /** The service under test: says that it is up, closes something, says that it is down. */
  static final class Child {
    private static volatile boolean hooksRan;

    public static void main(String[] args) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> hooksRan = true));
      Launch.main(
          "child",
          args,
          (settings, shutdown) -> {
            CommonSettings common = CommonSettings.from(settings);
            settings.check();
            if (common.stopOnStdinClose()) {
              shutdown.stopWhenClosed(System.in);
            }
            System.out.println("up");
            String why = shutdown.await();
            System.out.println("down: " + why + (hooksRan ? ", too late" : ""));
          });
    }
  }

  private BufferedReader start(UnaryOperator<List<String>> wrap, String... flags)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName()));
    command.addAll(List.of(flags));
    child =
        new ProcessBuilder(wrap.apply(command))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
    while (!"up".equals(out.readLine())) {
      assertThat(child.isAlive()).isTrue();
    }
    return out;
  }

  private String last(BufferedReader out) throws IOException {
    return out.lines().filter(line -> line.startsWith("down")).findFirst().orElseThrow();
  }

  private void kill(String signal) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + signal, "" + child.pid()).start().waitFor())
        .isZero();
  }

  @AfterEach
  void endChild() {
    if (child != null) {
      child.destroyForcibly();
    }
  }

  @Test
  void terminationClosesFirstAndExitsWith0() throws Exception {
    BufferedReader out = start(UnaryOperator.identity());
    kill("TERM");
    assertThat(last(out)).isEqualTo("down: SIGTERM");
    assertThat(child.waitFor()).isZero();
  }

  @Test
  void lostTerminalEndsItAsWell() throws Exception {
    BufferedReader out = start(UnaryOperator.identity());
    kill("HUP");
    assertThat(last(out)).isEqualTo("down: SIGHUP");
    assertThat(child.waitFor()).isZero();
  }

  @Test
  void childIgnoresATerminalsSignalsAndEndsWhenItsParentsPipeDoes() throws Exception {
    BufferedReader out = start(ShutdownSignal::ignoringTerminal, "--stop-on-stdin-close=true");
    kill("HUP");
    kill("INT");
    child.getOutputStream().close();
    assertThat(last(out)).isEqualTo("down: standard input was closed");
    assertThat(child.waitFor()).isZero();
  }
}

package io.sluice.schema.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class LaunchTest {

  @TempDir Path directory;
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private final ShutdownSignal shutdown = new ShutdownSignal();

  private int run(List<String> flags, Launch.Service service) {
    PrintStream out = new PrintStream(errors, true, StandardCharsets.UTF_8);
    Settings settings = Settings.of(flags, Map.of(), directory);
    return Launch.run("acceptor", settings, service, shutdown, out);
  }

  private String said() {
    return errors.toString(StandardCharsets.UTF_8);
  }

  @Test
  void badSettingsAreOneLineEachAndExitCode2() {
    int code =
        run(
            List.of("--x=1", "--logs=0"),
            (settings, stop) -> {
              CommonSettings.from(settings);
              settings.check();
            });
    assertThat(code).isEqualTo(2);
    assertThat(said().lines()).hasSize(2).allMatch(line -> line.startsWith("acceptor: "));
  }

  @Test
  void busyPortNamesWhatMovesItAndIsExitCode2() {
    int code =
        run(
            List.of(),
            (settings, stop) -> {
              throw new PortInUseException(
                  "127.0.0.1:4317", "otlp.grpc.port", new BindException("Address already in use"));
            });
    assertThat(code).isEqualTo(2);
    assertThat(said().strip())
        .isEqualTo(
            "acceptor: cannot listen on 127.0.0.1:4317: the port is in use"
                + " (move it with --otlp.grpc.port or SLUICE_OTLP_GRPC_PORT)");
  }

  @Test
  void stopAsAskedIs0AndAPartThatDiedIs1() {
    assertThat(
            run(
                List.of(),
                (settings, stop) -> {
                  stop.stop("test");
                  assertThat(stop.await()).isEqualTo("test");
                }))
        .isZero();
    assertThat(
            run(
                List.of(),
                (settings, stop) -> {
                  stop.died("log", new IOException("no disk"));
                  stop.await();
                }))
        .isEqualTo(1);
  }

  @Test
  void failureToOpenIs1AndSaid() {
    assertThat(
            run(
                List.of(),
                (settings, stop) -> {
                  throw new OutOfMemoryError("heap");
                }))
        .isEqualTo(1);
    assertThat(said()).contains("heap");
  }

  @Test
  void damageIsOneSentenceWithoutATraceAndExitCode1() {
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(logged);
    DamagedException damage = new DamagedException("cannot read log: x (repair it)", null);
    try {
      assertThat(
              run(
                  List.of(),
                  (settings, stop) -> {
                    stop.died("the log", damage);
                    assertThat(stop.await()).isEqualTo("the log is damaged");
                  }))
          .isEqualTo(1);
      assertThat(
              run(
                  List.of(),
                  (settings, stop) -> {
                    throw damage;
                  }))
          .isEqualTo(1);
    } finally {
      root.detachAppender(logged);
    }
    assertThat(said().strip()).isEqualTo("acceptor: cannot read log: x (repair it)");
    assertThat(logged.list)
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
        .allMatch(event -> event.getThrowableProxy() == null)
        .extracting(ILoggingEvent::getFormattedMessage)
        .contains("the log is damaged: the service stops");
  }

  @Test
  void closedStandardInputStopsTheService() throws Exception {
    PipedOutputStream parent = new PipedOutputStream();
    shutdown.stopWhenClosed(new PipedInputStream(parent));
    parent.write("ignored".getBytes(StandardCharsets.UTF_8));
    parent.close();
    assertThat(shutdown.await()).isEqualTo("standard input was closed");
    assertThat(shutdown.exitCode()).isZero();
  }
}

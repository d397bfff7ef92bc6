package io.sluice.cli;

import io.sluice.acceptor.AcceptorService;
import io.sluice.acceptor.AcceptorSettings;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import io.sluice.schema.service.ShutdownSignal;
import io.sluice.writer.WriterService;
import io.sluice.writer.WriterSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Does once what services and commands do, in this one process, on ports of its own: the launcher
 * has the JVM keep the classes that this loads, so that later starts need not read, check and link
 * them. What it leaves out is slower, and nothing else.
 */
final class Rehearsal {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** A build waits for it. */
  private static final Duration MOST = Duration.ofMinutes(3);

  private final List<String> settings = new ArrayList<>();

  private Rehearsal(Path data) {
    settings.add("--data=" + data);
    settings.add("--bind-address=127.0.0.1");
    for (String port :
        List.of(
            "otlp.grpc.port",
            "otlp.http.port",
            "flight.port",
            "acceptor.admin.port",
            "writer.admin.port")) {
      settings.add("--" + port + "=0");
    }
  }

  /** With an empty directory for the data. Ends the JVM: 0 if all went as it does. */
  public static void main(String[] arguments) throws Exception {
    Thread limit = new Thread(Rehearsal::endInTime, "limit");
    limit.setDaemon(true);
    limit.start();
    ShutdownSignal signal = ShutdownSignal.install();
    new Rehearsal(Path.of(arguments[0])).run(signal);
    signal.finished(signal.exitCode());
    System.exit(signal.exitCode());
  }

  private static void endInTime() {
    try {
      Thread.sleep(MOST.toMillis());
      System.err.printf("cannot rehearse: it is not done after %s%n", MOST);
      Runtime.getRuntime().halt(Launch.FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(ShutdownSignal signal) throws Exception {
    run("--help");
    try (WriterService writer = WriterService.open(WriterSettings.from(read()), signal)) {
      settings.add("--writers=127.0.0.1:" + writer.port());
      try (AcceptorService acceptor = AcceptorService.open(AcceptorSettings.from(read()))) {
        up(acceptor.adminPort(), signal);
        load("127.0.0.1:" + acceptor.grpcPort());
        load("http://127.0.0.1:" + acceptor.httpPort(), "--http");
      }
      commands();
      run("flush");
      commands();
    }
  }

  /** With a child that is ready as the Acceptor is, and ends with its standard input. */
  private void up(int adminPort, ShutdownSignal signal) throws Exception {
    WriterSettings writer = WriterSettings.from(read());
    AcceptorSettings acceptor = AcceptorSettings.from(read());
    CommonSettings common = writer.common();
    List<BoxWriter> writers = List.of(new BoxWriter("writer", settings, writer));
    new DataDirectory(common, writers).problems();
    ChildSpec child =
        new ChildSpec(
            "child",
            List.of("cat"),
            Pages.PLAIN.at("127.0.0.1:" + adminPort, "/readyz"),
            common.data().resolve("logs").resolve("child.log"),
            PATIENCE);
    Banner banner = new Banner(common, writers, acceptor.tls(), acceptor.otlpTls(), false);
    new Up(List.of(List.of(child)), Losses.NONE, Pages.PLAIN, () -> "", System.out, System.err)
        .run(
            signal,
            out -> {
              banner.print(out);
              signal.stop("it is rehearsed");
            });
  }

  private void commands() throws IOException {
    run("sql", "SELECT time, service_name, name, attributes FROM traces ORDER BY time LIMIT 3");
    run("sql", "--format=json", "SELECT severity_text, count(*) FROM logs GROUP BY ALL");
    run("status");
    run(Launch.FAILED, "trace", "0123456789abcdef0123456789abcdef"); // which is not there
  }

  private void load(String endpoint, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--signal=all", "--requests=3", "--batch=10", "--connections=1"));
    arguments.add("--endpoint=" + endpoint);
    arguments.addAll(List.of(more));
    run("load", arguments.toArray(new String[0]));
  }

  private void run(String command, String... arguments) throws IOException {
    run(Launch.OK, command, arguments);
  }

  private void run(int expected, String command, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(command));
    if (!command.startsWith("-")) {
      all.addAll(settings);
    }
    all.addAll(List.of(arguments));
    int code = Main.commands(command).execute(all.toArray(new String[0]));
    if (code != expected) {
      throw new IOException("cannot rehearse %s: exit code %d".formatted(command, code));
    }
  }

  private Settings read() {
    return Settings.of(settings, Map.of(), Path.of(""));
  }
}

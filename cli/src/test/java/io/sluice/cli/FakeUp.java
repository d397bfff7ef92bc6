package io.sluice.cli;

import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import io.sluice.writer.WriterSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code up} with fake services: {@code DIRECTORY MODE ACCEPTOR_PORT WRITER_PORT ...}. The mode is
 * the first Writer's. Of several Writers, most are enough.
 */
public final class FakeUp {

  public static void main(String[] arguments) {
    Path directory = Path.of(arguments[0]);
    List<String> ports = List.of(arguments).subList(2, arguments.length);
    List<ChildSpec> children = new ArrayList<>();
    children.add(child("acceptor", ports.get(0), directory, ""));
    List<BoxWriter> writers = new ArrayList<>();
    for (int i = 1; i < ports.size(); i++) {
      String name = ports.size() == 2 ? "writer" : BoxWriter.name(i - 1);
      children.add(child(name, ports.get(i), directory, i == 1 ? arguments[1] : ""));
      writers.add(
          new BoxWriter(
              name, List.of("--writer.id=" + name), WriterSettings.from(Settings.defaults())));
    }
    List<List<ChildSpec>> stages =
        List.of(children.subList(0, 1), children.subList(1, children.size()));
    Losses losses =
        writers.size() == 1
            ? Losses.NONE
            : new Majority(writers, child -> Pages.PLAIN.lacking(child.readyz()).isEmpty());
    Launch.main(
        "sluice up",
        new String[0],
        (settings, shutdown) ->
            new Up(stages, losses, Pages.PLAIN, () -> "", System.out, System.err)
                .run(shutdown, out -> out.println("endpoints")));
  }

  private static ChildSpec child(String name, String port, Path directory, String mode) {
    return new ChildSpec(
        name,
        command(name, port, directory, mode),
        URI.create("http://127.0.0.1:" + port + "/readyz"),
        directory.resolve("logs").resolve(name + ".log"),
        Duration.ofSeconds(60));
  }

  static List<String> command(String name, String port, Path directory, String mode) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        FakeService.class.getName(),
        name,
        port,
        directory.resolve("events").toString(),
        mode);
  }

  private FakeUp() {}
}

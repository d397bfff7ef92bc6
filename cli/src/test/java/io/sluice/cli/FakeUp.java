package io.sluice.cli;

import io.sluice.schema.service.Launch;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * {@code up} with fake services: {@code DIRECTORY ACCEPTOR_PORT WRITER_PORT [MODE]}. The mode is
 * the Writer's.
 */
public final class FakeUp {

  public static void main(String[] arguments) {
    Path directory = Path.of(arguments[0]);
    String mode = arguments.length > 3 ? arguments[3] : "";
    List<ChildSpec> children =
        List.of(
            child("acceptor", arguments[1], directory, ""),
            child("writer", arguments[2], directory, mode));
    Launch.main(
        "sluice up",
        new String[0],
        (settings, shutdown) ->
            new Up(children, System.out, System.err)
                .run(shutdown, out -> out.println("endpoints")));
  }

  private static ChildSpec child(String name, String port, Path directory, String mode) {
    return new ChildSpec(
        name,
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            FakeService.class.getName(),
            name,
            port,
            directory.resolve("events").toString(),
            mode),
        URI.create("http://127.0.0.1:" + port + "/readyz"),
        directory.resolve("logs").resolve(name + ".log"),
        Duration.ofSeconds(60));
  }

  private FakeUp() {}
}

package io.sluice.cli;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;

/**
 * A service of which only start and end are real: {@code NAME PORT EVENTS [MODE]}. It appends what
 * happens to it to the file EVENTS.
 */
public final class FakeService {

  public static void main(String[] arguments) throws Exception {
    String name = arguments[0];
    int port = Integer.parseInt(arguments[1]);
    Path events = Path.of(arguments[2]);
    String mode = arguments.length > 3 ? arguments[3] : "";
    if (mode.equals("refuse")) {
      System.err.println(name + ": cannot use setting x: it is wrong");
      System.exit(2);
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  append(events, name + " stopped");
                  stopped.countDown();
                  Runtime.getRuntime().halt(mode.equals("unwell") ? 3 : 0);
                }));
    System.out.println("2026-11-22 12:00:00 INFO started");
    System.out.println("2026-11-22 12:00:00 WARN careful");
    append(events, name + " pid " + ProcessHandle.current().pid());
    HttpServer http = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    http.createContext(
        "/readyz",
        e -> {
          e.sendResponseHeaders(200, -1);
          if (mode.equals("leave")) {
            System.exit(0);
          }
        });
    http.start();
    while (System.in.read() >= 0) {
      continue;
    }
    System.exit(0);
  }

  private static synchronized void append(Path events, String event) {
    try {
      Files.writeString(events, event + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private FakeService() {}
}

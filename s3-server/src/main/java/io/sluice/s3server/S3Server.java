package io.sluice.s3server;

import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * S3Proxy in a process of its own, whose objects are files in a directory. Signatures are checked.
 * One thread starts and closes it; any number may talk to it.
 */
public final class S3Server implements AutoCloseable {

  public static final String ACCESS_KEY = "sluice-tests";
  public static final String SECRET_KEY = "a-secret-of-tests";

  /** It is there from the start. */
  public static final String BUCKET = "lake";

  private static final String LIB = "s3-server/lib/target/lib";
  private static final byte[] PROBE =
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HTTP = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int STARTS = 5;

  private final Process process;
  private final int port;

  private S3Server(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Serves when it returns.
   *
   * @param directory of its objects, its settings and what it prints; must exist
   */
  public static S3Server start(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory.resolve("objects").resolve(BUCKET));
    for (int attempt = 1; ; attempt++) {
      int port = FreePorts.one();
      S3Server server = new S3Server(run(directory, port), port);
      if (server.answers()) {
        return server;
      }
      server.close();
      if (attempt == STARTS) {
        throw new IOException(
            "cannot start an S3 server: "
                + Files.readString(directory.resolve("s3.log"), StandardCharsets.UTF_8));
      }
    }
  }

  private static Process run(Path directory, int port) throws IOException {
    Properties settings = new Properties();
    settings.setProperty("s3proxy.endpoint", "http://127.0.0.1:" + port);
    settings.setProperty("s3proxy.authorization", "aws-v2-or-v4");
    settings.setProperty("s3proxy.identity", ACCESS_KEY);
    settings.setProperty("s3proxy.credential", SECRET_KEY);
    // It does not know session tokens, which are signed all the same.
    settings.setProperty("s3proxy.ignore-unknown-headers", "true");
    settings.setProperty("jclouds.provider", "filesystem-nio2");
    settings.setProperty("jclouds.filesystem.basedir", directory.resolve("objects").toString());
    Path file = directory.resolve("s3.properties");
    try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      settings.store(out, null);
    }
    Path quiet =
        Files.writeString(
            directory.resolve("logback.xml"),
            "<configuration><appender name='out' class='ch.qos.logback.core.ConsoleAppender'>"
                + "<encoder><pattern>%level %logger %msg%n</pattern></encoder></appender>"
                + "<root level='WARN'><appender-ref ref='out'/></root></configuration>");
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=" + quiet,
                "-cp",
                lib() + "/*",
                "org.gaul.s3proxy.Main",
                "--properties",
                file.toString()))
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("s3.log").toFile())
        .start();
  }

  /** Whoever else took the port meanwhile accepts connections, too: an answer is wanted. */
  private boolean answers() throws InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout((int) START.toMillis());
        socket.getOutputStream().write(PROBE);
        byte[] answer = socket.getInputStream().readNBytes(HTTP.length);
        if (Arrays.equals(answer, HTTP)) {
          return process.isAlive();
        }
        process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
      } catch (IOException notYet) {
        process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
    return false;
  }

  private static Path lib() throws IOException {
    Path from = Path.of("").toAbsolutePath();
    for (Path at = from; at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve(LIB))) {
        return at.resolve(LIB);
      }
    }
    throw new IOException("cannot find %s above %s (build it: mvn package)".formatted(LIB, from));
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** SIGKILL: it has nothing to finish. */
  @Override
  public void close() {
    process.destroyForcibly();
    boolean interrupted = false;
    while (process.isAlive()) {
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

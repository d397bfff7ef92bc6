package io.sluice.lake.s3;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.jspecify.annotations.Nullable;

/**
 * A process that has no keys of its own, and writes to a store what it is told to. One thread talks
 * to it.
 */
final class StoreUser implements AutoCloseable {

  static final String OK = "ok";
  private static final String ANSWER = "answer: ";

  private final Process process;
  private final PrintWriter say;
  private final BufferedReader hear;

  private StoreUser(Process process) {
    this.process = process;
    this.say = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.hear =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * @param store null = AWS
   * @param home holds no settings of AWS
   * @param environment all that it knows of AWS
   */
  static StoreUser start(@Nullable URI store, Path home, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Duser.home=" + home,
            "-cp",
            System.getProperty("java.class.path"),
            StoreUser.class.getName(),
            store == null ? "" : store.toString());
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().put("HOME", home.toString());
    builder.environment().putAll(environment);
    return new StoreUser(builder.redirectError(ProcessBuilder.Redirect.DISCARD).start());
  }

  /** Whether the file of that name could be made, {@link #OK}, or why not. */
  String create(String name) throws IOException {
    say.println(name);
    List<String> heard = new ArrayList<>();
    for (String line = hear.readLine(); line != null; line = hear.readLine()) {
      if (line.startsWith(ANSWER)) {
        return line.substring(ANSWER.length());
      }
      heard.add(line);
    }
    throw new IOException("it has ended: " + heard);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** The process itself: a name a line in, an answer a line out. */
  public static void main(String[] args) throws IOException {
    URI store = args[0].isEmpty() ? null : URI.create(args[0]);
    S3Config config = new S3Config(store, null, store != null, null, null, null, Map.of());
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (S3Files files = new S3Files(config, FaultyBucket.HASTY)) {
      for (String name = in.readLine(); name != null; name = in.readLine()) {
        try {
          FaultyBucket.create(files, FaultyBucket.PREFIX + name, new byte[10]);
          out.println(ANSWER + OK);
        } catch (IOException | RuntimeIOException e) {
          out.println(ANSWER + e.getMessage());
        }
      }
    }
  }
}

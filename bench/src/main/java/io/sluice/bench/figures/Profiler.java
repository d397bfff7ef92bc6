package io.sluice.bench.figures;

import io.sluice.bench.harness.ServiceProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * async-profiler's library for this machine, out of its jar among the peers. It takes a sample of a
 * thread each so many nanoseconds of the thread's CPU time, of Java, native and system calls alike,
 * and does not make the JVM compile anything anew, as JFR does. One thread uses it.
 */
final class Profiler {

  private static final String PEERS = "sluice.peers";

  private final Path library;

  private Profiler(Path library) {
    this.library = library;
  }

  /**
   * Unpacks it into a directory.
   *
   * @throws IOException the peers are not built, or it does not know this machine
   */
  static Profiler unpack(Path directory) throws IOException {
    Path peers = Path.of(System.getProperty(PEERS, "bench/peers/target/lib"));
    Path library = directory.resolve("libasyncProfiler.so");
    try (ZipFile jar = new ZipFile(jar(peers).toFile())) {
      String name = folder() + "/libasyncProfiler.so";
      ZipEntry entry = jar.getEntry(name);
      if (entry == null) {
        throw new IOException(
            "cannot profile: the profiler has no %s (Linux or macOS wanted)".formatted(name));
      }
      try (InputStream in = jar.getInputStream(entry)) {
        Files.copy(in, library);
      }
    }
    return new Profiler(library);
  }

  private static Path jar(Path peers) throws IOException {
    if (Files.isDirectory(peers)) {
      try (Stream<Path> jars = Files.list(peers)) {
        for (Path jar : jars.toList()) {
          if (jar.getFileName().toString().startsWith("async-profiler")) {
            return jar;
          }
        }
      }
    }
    throw new IOException(
        "cannot find async-profiler in %s (mvn -f bench/peers/pom.xml package, or -D%s=)"
            .formatted(peers, PEERS));
  }

  private static String folder() {
    if (System.getProperty("os.name").startsWith("Mac")) {
      return "macos";
    }
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return machine.contains("aarch64") ? "linux-arm64" : "linux-x64";
  }

  /** JVM flags of whoever is to be profiled: places within what was inlined are told, too. */
  List<String> jvm() {
    return List.of(
        "-agentpath:" + library, "-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints");
  }

  /**
   * Begins.
   *
   * @param what the profiler's words for an event and its interval
   */
  void start(ServiceProcess service, String what) throws IOException, InterruptedException {
    tell(service, "start,threads," + what);
  }

  /** Ends; one line a stack: the thread, its frames from the first caller on, and how often. */
  List<String> stop(ServiceProcess service, String weight)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile(library.getParent(), "stacks", ".txt");
    tell(service, "stop,threads,collapsed," + weight + ",file=" + file);
    return Files.readAllLines(file, StandardCharsets.UTF_8);
  }

  private void tell(ServiceProcess service, String what) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(service.pid()),
                "JVMTI.agent_load",
                library.toString(),
                "\"" + what + "\"") // jcmd would take what has a = for an option of its own
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (jcmd.waitFor() != 0 || !said.contains("return code: 0")) {
      throw new IOException("cannot profile process %d: %s".formatted(service.pid(), said.strip()));
    }
  }
}

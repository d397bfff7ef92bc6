package io.sluice.bench.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Forced appends a second, so many outstanding: {@code org.openjdk.jmh.Main LogBenchmark}. The log
 * lies in the directory of the system property {@code sluice.bench.dir}, else in the temporary one;
 * if that is not on a disk, only with {@code -Dsluice.bench.force=true}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-opens=java.base/java.nio=ALL-UNNAMED", "-Xms1g", "-Xmx1g"})
public class LogBenchmark {

  /** Bytes of a record, x, records outstanding. */
  @Param({"1024x64", "16384x1", "16384x64", "65536x32", "262144x64"})
  public String shape = "16384x64";

  private @Nullable Path directory;
  private @Nullable LogLoad log;

  /** Opens a new log. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    String parent =
        System.getProperty("sluice.bench.dir", System.getProperty("java.io.tmpdir", "."));
    MeasuredDirectory measured = MeasuredDirectory.of(Path.of(parent));
    System.out.println("# directory: " + measured);
    if (!Boolean.getBoolean("sluice.bench.force")) {
      measured.require("-jvmArgsAppend -Dsluice.bench.force=true");
    }
    directory = Files.createTempDirectory(measured.path(), "sluice-log");
    String[] parts = shape.split("x", -1);
    log = new LogLoad(directory, Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  @Benchmark
  public boolean append() throws InterruptedException {
    return Objects.requireNonNull(log).append();
  }

  /** Waits for the last of an iteration. */
  @TearDown(Level.Iteration)
  public void settle() throws InterruptedException, IOException {
    Objects.requireNonNull(log).settle();
  }

  /** Closes and deletes the log. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    Objects.requireNonNull(log).close();
    Directories.delete(Objects.requireNonNull(directory));
  }
}

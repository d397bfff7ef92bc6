package io.sluice.bench.figures;

import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Nanoseconds a record: {@code org.openjdk.jmh.Main DecodeBenchmark}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 2,
    jvmArgsAppend = {"--add-opens=java.base/java.nio=ALL-UNNAMED", "-Xms1g", "-Xmx1g"})
public class DecodeBenchmark {

  private static final int RECORDS = 1_000;

  @Param public Signal signal = Signal.TRACES;

  private DecodeWork work = new DecodeWork(Signal.TRACES, 1);

  /** Makes the request. */
  @Setup(Level.Trial)
  public void open() {
    work.close();
    work = new DecodeWork(signal, RECORDS);
  }

  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public long decode() {
    return work.decode();
  }

  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public void parseFrom(Blackhole blackhole) throws IOException {
    blackhole.consume(work.parse());
  }

  /** Frees the columns. */
  @TearDown(Level.Trial)
  public void close() {
    work.close();
  }
}

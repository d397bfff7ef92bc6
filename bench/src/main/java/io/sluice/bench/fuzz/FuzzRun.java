package io.sluice.bench.fuzz;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One target under fuzz: feeds inputs of a seed, counts, and saves what it finds. Goes on after a
 * finding, so that one does not hide the next. One thread uses it.
 */
final class FuzzRun {

  private static final int SAVED_OF_A_KIND = 3;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final FuzzTarget target;
  private final long seed;
  private final @Nullable Path findings;
  private final Map<String, Integer> kinds = new HashMap<>();
  private long inputs;
  private long accepted;
  private long found;
  private @Nullable String first;

  /**
   * @param findings directory where they are saved; null = nowhere
   */
  FuzzRun(FuzzTarget target, long seed, @Nullable Path findings) {
    this.target = target;
    this.seed = seed;
    this.findings = findings;
  }

  /** The input of a seed by its number: anyone can make it again. */
  static byte[] input(FuzzTarget target, long seed, long number) {
    return target.input(new SplittableRandom(seed + number * GOLDEN));
  }

  /** Feeds the next input. */
  void next() throws IOException, InterruptedException {
    byte[] input = input(target, seed, inputs);
    long number = inputs++;
    try {
      accepted += target.feed(input) == FuzzTarget.Verdict.ACCEPTED ? 1 : 0;
      if (inputs % target.inputsPerCheck() == 0) {
        target.check();
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      found(number, input, e);
    }
  }

  /** What must hold at the end. */
  void end() throws IOException, InterruptedException {
    try {
      target.check();
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      found(inputs, new byte[0], e);
    }
  }

  private void found(long number, byte[] input, Throwable what) throws IOException {
    found++;
    String told = "%s, seed %d, input %d: %s".formatted(target.name(), seed, number, what);
    if (first == null) {
      first = told + "\n" + trace(what);
    }
    int before = kinds.merge(kind(what), 1, Integer::sum);
    if (findings == null || before > SAVED_OF_A_KIND) {
      return;
    }
    Files.createDirectories(findings);
    String name = "%s-%016x-%d".formatted(target.name(), seed, number);
    Files.write(findings.resolve(name + ".bin"), input);
    Files.writeString(
        findings.resolve(name + ".txt"), told + "\n" + trace(what), StandardCharsets.UTF_8);
    System.out.println("FOUND " + told.lines().findFirst().orElse(""));
  }

  /** Numbers apart, the same words at the same place are the same thing. */
  private static String kind(Throwable what) {
    StackTraceElement[] trace = what.getStackTrace();
    return String.valueOf(what).replaceAll("[0-9]+", "#") + (trace.length == 0 ? "" : trace[0]);
  }

  private static String trace(Throwable what) {
    StringWriter out = new StringWriter();
    what.printStackTrace(new PrintWriter(out));
    return out.toString();
  }

  FuzzTarget target() {
    return target;
  }

  long inputs() {
    return inputs;
  }

  long accepted() {
    return accepted;
  }

  long found() {
    return found;
  }

  /** The first finding and how to see it again; null if there is none. */
  @Nullable String first() {
    return first;
  }

  @Override
  public String toString() {
    return "%s %,d inputs, %,d accepted, %,d rejected, %,d findings of %d kinds%s"
        .formatted(
            target.name(),
            inputs,
            accepted,
            inputs - accepted - found,
            found,
            kinds.size(),
            target.remarks());
  }
}

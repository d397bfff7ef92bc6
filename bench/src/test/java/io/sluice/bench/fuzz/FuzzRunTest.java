package io.sluice.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuzzRunTest {

  @TempDir Path directory;

  @Test
  void aFindingIsSavedAndItsSeedAndNumberMakeItAgain() throws Exception {
    Picky picky = new Picky();
    FuzzRun run = new FuzzRun(picky, 42, directory);
    while (run.found() == 0) {
      run.next();
    }

    long number = run.inputs() - 1;
    String name = "picky-%016x-%d".formatted(42, number);
    byte[] saved = Files.readAllBytes(directory.resolve(name + ".bin"));
    assertThat(saved).isEqualTo(FuzzRun.input(new Picky(), 42, number));
    assertThat(directory.resolve(name + ".txt")).content().startsWith("picky, seed 42, input ");
    assertThat(run.first()).contains("seed 42, input " + number, "begins with");
  }

  @Test
  void oneKindOfFindingDoesNotHideOthersNorFillTheDisk() throws Exception {
    FuzzRun run = new FuzzRun(new Picky(), 7, directory);
    for (int i = 0; i < 5_000; i++) {
      run.next();
    }
    run.end();

    assertThat(run.found()).isGreaterThan(10);
    assertThat(Files.list(directory).map(Path::toString).filter(f -> f.endsWith(".bin")))
        .hasSize(4);
    assertThat(run).asString().contains("of 2 kinds").contains("picky 5,000 inputs");
  }

  @Test
  void everyTargetMakesTheSameInputOfTheSameSeed() throws Exception {
    for (String target : List.of("decoder", "json", "http", "grpc")) {
      try (FuzzTargets one = FuzzTargets.open(target, Corpus.load(), null)) {
        for (int i = 0; i < 50; i++) {
          byte[] first = FuzzRun.input(one.all().get(0), 3, i);
          byte[] again = FuzzRun.input(one.all().get(0), 3, i);
          assertThat(Arrays.equals(first, again)).as(target).isTrue();
        }
      }
    }
  }

  /** Minds inputs that begin with zero, and every end. */
  private static final class Picky implements FuzzTarget {

    @Override
    public String name() {
      return "picky";
    }

    @Override
    public byte[] input(SplittableRandom random) {
      return new byte[] {(byte) random.nextInt(100), 1};
    }

    @Override
    public Verdict feed(byte[] input) throws Finding {
      if (input[0] == 0) {
        throw new Finding("an input begins with 0");
      }
      return Verdict.ACCEPTED;
    }

    @Override
    public int inputsPerCheck() {
      return 1_000_000;
    }

    @Override
    public void check() {
      throw new IllegalStateException("not at the end");
    }

    @Override
    public void close() {}
  }
}

package io.sluice.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The short form of bench/fuzz: the same seed always, and one that nobody has tried. */
@Timeout(
    value = 10,
    threadMode = ThreadMode.SEPARATE_THREAD,
    unit = java.util.concurrent.TimeUnit.MINUTES)
class FuzzTest {

  private static final long SEED = 20261125L;

  @ParameterizedTest
  @CsvSource({"decoder, 2500", "json, 2500", "http, 400", "grpc, 120"})
  void whateverComesNothingOfItMattersToOthers(String target, int inputs) throws Exception {
    try (FuzzTargets targets = FuzzTargets.open(target, Corpus.load(), null)) {
      for (long seed : new long[] {SEED, System.nanoTime()}) {
        FuzzRun run = new FuzzRun(targets.all().get(0), seed, null);
        while (run.inputs() < inputs && run.found() == 0) {
          run.next();
        }
        run.end();

        assertThat(run.first()).as("the first finding").isNull();
        assertThat(run.accepted()).isGreaterThan(inputs / 60);
        assertThat(run.accepted()).isLessThan(inputs - inputs / 20);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"decoder", "json", "http", "grpc"})
  void whatOnceFoundSomethingFindsNothing(String target) throws Exception {
    Corpus corpus = Corpus.load();
    try (FuzzTargets targets = FuzzTargets.open(target, corpus, null)) {
      for (Path file : corpus.regressions(target)) {
        byte[] input = Files.readAllBytes(file);
        assertThat(input).as("%s", file).isNotEmpty();
        targets.all().get(0).feed(input);
        targets.all().get(0).check();
      }
    }
  }
}

package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.LoadReport;
import io.sluice.cli.GrowingCluster.Ran;
import io.sluice.schema.service.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logs move between real Writers under load, and what was acknowledged is stored once. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RebalanceTest {

  private static final int LOGS = 3;

  @TempDir private Path directory;
  private final List<String> acks = new ArrayList<>();

  @Test
  void aFourthWriterGetsItsPartAndGivesItBackWhileItIsAway() throws Exception {
    try (GrowingCluster cluster = new GrowingCluster(directory, 4, LOGS)) {
      cluster.start(3);
      LoadReport begun = cluster.load(acks("begun"), 0, 20).run();
      assertThat(begun.acked()).isEqualTo(400);
      cluster.stop();
      cluster.start(4);

      Placement before = Placement.of(LOGS, 3, List.of(), 3);
      Placement after = Placement.of(LOGS, 4, List.of(), 3);
      Ran dry = cluster.run("rebalance");
      assertThat(dry.code()).as("%s", dry).isZero();
      assertThat(dry.out())
          .hasSize(LOGS + 2)
          .anyMatch(line -> line.contains("-> writer-3 comes, writer-"))
          .anyMatch(line -> line.startsWith("copies to move: " + moves(before, after) + ", leads"))
          .contains("nothing was changed (run it again with --yes to do it)");
      assertThat(cluster.logs(3)).as("founded nothing, and got nothing").isEmpty();

      for (Ran moved : underLoad(cluster, "moved", 2, "--yes")) {
        assertThat(moved.code()).as("one of two at once: %s", moved).isZero();
        assertThat(moved.out()).contains("done");
      }
      requirePlaced(cluster, after, List.of(0, 1, 2, 3));
      assertThat(cluster.run("rebalance", "--yes").out())
          .contains("copies to move: 0, leads to move: 0");
      for (int writer = 0; writer < 4; writer++) {
        assertThat(directories(cluster.data(writer))).hasSize(after.logs(writer).size());
      }

      int leads = after.leader(0);
      Ran without = underLoad(cluster, "without", "--yes", "--without=writer-" + leads);
      assertThat(without.code()).as("%s", without).isZero();
      assertThat(without.out()).anyMatch(line -> line.contains("is to lead"));
      assertThat(cluster.logs(leads)).as("who led a log hands it over, and has nothing").isEmpty();
      assertThat(underLoad(cluster, "back", "--yes").code()).isZero();
      requirePlaced(cluster, after, List.of(0, 1, 2, 3));

      cluster.stopWriter(3);
      Ran drained = underLoad(cluster, "drained", "--yes", "--without=writer-3");
      assertThat(drained.code()).as("%s", drained).isZero();
      cluster.startWriter(3); // it has been taken out meanwhile, and does not know it
      while (!cluster.logs(3).isEmpty()) {
        Thread.onSpinWait();
      }
      requirePlaced(cluster, before, List.of(0, 1, 2));
      assertThat(cluster.run("audit", acks.toArray(String[]::new)).code()).isZero();
      assertThat(cluster.run("flush").code()).isZero();
      assertThat(cluster.run("audit", acks.toArray(String[]::new)).code()).isZero();
      assertThat(cluster.died()).isEmpty();
      requireFiles(cluster, before);
    }
  }

  /** What the tools for logs' files say of replicas, while their Writers run. */
  private static void requireFiles(GrowingCluster cluster, Placement placement) {
    Ran verified = cluster.wal("verify", 0);
    assertThat(verified.code()).as("%s", verified).isZero();
    assertThat(verified.out())
        .hasSize(placement.logs(0).size())
        .allMatch(line -> line.matches("log \\d \\([-0-9a-f]+\\): sound: \\d+ segments, .*"));
    assertThat(cluster.wal("dump", 0).out())
        .anyMatch(line -> line.matches("log_.* batches bytes=.* crc=ok \\[\\d, default, .*\\]"));
    Ran repair = cluster.wal("repair", 0);
    assertThat(repair.code()).isNotZero();
    assertThat(repair.errors()).contains("it is a replica, and other Writers have its log, too");
  }

  private Path acks(String name) {
    Path file = directory.resolve(name);
    acks.add(file.toString());
    return file;
  }

  /** Copies that are to be where they are not. */
  private static long moves(Placement before, Placement after) {
    long moves = 0;
    for (int log = 0; log < LOGS; log++) {
      List<Integer> come = new ArrayList<>(after.writers(log));
      come.removeAll(before.writers(log));
      moves += come.size();
    }
    return moves;
  }

  private Ran underLoad(GrowingCluster cluster, String name, String... arguments) throws Exception {
    return underLoad(cluster, name, 1, arguments).get(0);
  }

  /** So many at once. */
  private List<Ran> underLoad(
      GrowingCluster cluster, String name, int commands, String... arguments) throws Exception {
    Load load = cluster.load(acks(name), 1_000, Long.MAX_VALUE);
    CompletableFuture<LoadReport> report =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return load.run();
              } catch (IOException | InterruptedException e) {
                throw new CompletionException(e);
              }
            });
    while (load.acked() == 0 && !report.isDone()) {
      Thread.onSpinWait();
    }
    List<CompletableFuture<Ran>> running = new ArrayList<>();
    for (int i = 0; i < commands; i++) {
      running.add(
          CompletableFuture.supplyAsync(
              () -> cluster.run("rebalance", arguments), task -> new Thread(task).start()));
    }
    List<Ran> ran = running.stream().map(CompletableFuture::join).toList();
    load.finish();
    assertThat(report.get().refused() + report.get().unknown()).isZero();
    assertThat(report.get().acked()).isPositive();
    return ran;
  }

  /** By what those say that have the logs. */
  private static void requirePlaced(
      GrowingCluster cluster, Placement placement, List<Integer> writers) throws Exception {
    Map<Integer, List<Integer>> holders = new TreeMap<>();
    for (int writer : writers) {
      for (JsonNode log : cluster.logs(writer)) {
        holders.computeIfAbsent(log.get("number").asInt(), n -> new ArrayList<>()).add(writer);
        assertThat(new TreeSet<>(log.get("peers").findValuesAsText("writer"))).hasSize(3);
      }
    }
    for (int log = 0; log < LOGS; log++) {
      assertThat(holders.get(log)).containsExactlyInAnyOrderElementsOf(placement.writers(log));
    }
  }

  private static List<Path> directories(Path data) throws IOException {
    try (Stream<Path> all = Files.list(data.resolve("writer/raft"))) {
      return all.filter(Files::isDirectory).toList();
    }
  }
}

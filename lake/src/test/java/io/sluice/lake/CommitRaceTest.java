package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.CommitOutcome.AlreadyCommitted;
import io.sluice.lake.CommitOutcome.Committed;
import io.sluice.lake.s3.S3Config;
import io.sluice.s3server.S3Server;
import io.sluice.schema.table.Table;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.DataFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two who hold the same log persist the same range at the same moment: exactly one gets it in. */
class CommitRaceTest {

  private static final UUID LOG = new UUID(1, 1);
  private static final UUID OTHER_LOG = new UUID(2, 2);
  private static final int ROUNDS = 12;

  @TempDir Path directory;

  @Test
  void oneOfTwoWinsOnSqlite() throws Exception {
    race("jdbc:sqlite:" + directory.resolve("catalog.db"));
  }

  @Test
  void oneOfTwoWinsOnPostgreSql() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
      race(postgres.getJdbcUrl("postgres", "postgres"));
    }
  }

  @Test
  void oneOfTwoWinsOnRest() throws Exception {
    race(CatalogKind.REST.config(directory, 5));
  }

  @Test
  void oneOfTwoWinsOnS3() throws Exception {
    Path store = Files.createDirectory(directory.resolve("store"));
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
        S3Server server = S3Server.start(store)) {
      S3Config s3 = S3Config.of(server.endpoint(), S3Server.ACCESS_KEY, S3Server.SECRET_KEY);
      race(postgres.getJdbcUrl("postgres", "postgres"), "s3://" + S3Server.BUCKET + "/wh", s3);
    }
  }

  private void race(String catalogUri) throws Exception {
    race(catalogUri, "file://" + directory.resolve("warehouse"), S3Config.AWS);
  }

  private void race(String catalogUri, String warehouse, S3Config s3) throws Exception {
    race(new LakeConfig(catalogUri, warehouse, Map.of(), 5, Duration.ZERO, s3));
  }

  static void race(LakeConfig config) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (Lake left = Lake.open(config, Clock.systemUTC());
        Lake right = Lake.open(config, Clock.systemUTC())) {
      both(threads, () -> ensure(left), () -> ensure(right));
      LakeTable ours = left.table("default", Table.TRACES);
      LakeTable theirs = right.table("default", Table.TRACES);
      for (int round = 0; round < ROUNDS; round++) {
        LogRange range = new LogRange(LOG, round, round + 1);
        LogRange other = new LogRange(OTHER_LOG, round, round + 1);
        String row = "%03d".formatted(round);
        DataFile leftFile = TempLake.file(ours, row);
        DataFile rightFile = TempLake.file(theirs, row);
        DataFile otherFile = TempLake.file(theirs, row + "-other");
        List<CommitOutcome> outcomes =
            both(
                threads,
                () -> ours.commit(range, List.of(leftFile)),
                () -> theirs.commit(range, List.of(rightFile)),
                () -> right.table("default", Table.TRACES).commit(other, List.of(otherFile)));
        assertThat(outcomes.subList(0, 2).stream().map(Object::getClass).map(Class::getSimpleName))
            .containsExactlyInAnyOrder(
                Committed.class.getSimpleName(), AlreadyCommitted.class.getSimpleName());
        assertThat(outcomes.get(2)).isInstanceOf(Committed.class);
      }
      assertThat(TempLake.traceIds(left)).hasSize(2 * ROUNDS).doesNotHaveDuplicates();
      assertThat(theirs.marks())
          .containsOnly(Map.entry(LOG, (long) ROUNDS), Map.entry(OTHER_LOG, (long) ROUNDS));
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean ensure(Lake lake) throws LakeUnavailableException {
    lake.ensureTables("default");
    return true;
  }

  @SafeVarargs
  private static <T> List<T> both(ExecutorService threads, Callable<? extends T>... calls)
      throws Exception {
    CyclicBarrier start = new CyclicBarrier(calls.length);
    List<Future<T>> running = new ArrayList<>();
    for (Callable<? extends T> call : calls) {
      running.add(
          threads.submit(
              () -> {
                start.await();
                return call.call();
              }));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> result : running) {
      results.add(result.get());
    }
    return results;
  }
}

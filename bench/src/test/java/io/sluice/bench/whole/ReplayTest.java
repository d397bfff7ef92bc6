package io.sluice.bench.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.sluice.bench.whole.RandomRequest.Style;
import io.sluice.query.RowFilter;
import io.sluice.query.Writers;
import io.sluice.query.export.Answer;
import io.sluice.query.export.HttpExporter;
import io.sluice.query.replay.ReplayException;
import io.sluice.query.replay.ReplayOptions;
import io.sluice.query.replay.Totals;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a Sluice holds, sent to another one: real bytes, both ways. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ReplayTest {

  private static final int REQUESTS = 40;

  /** A time that does not identify a log record, as nanoseconds would. */
  private static final long SECOND = 1_000_000_000;

  @TempDir private Path directory;

  @Test
  void allRecordsComeToAnotherSluiceAsTheyAre() throws Exception {
    Path here = Files.createDirectory(directory.resolve("here"));
    Path there = Files.createDirectory(directory.resolve("there"));
    try (Replayed replayed = replayedOf(here);
        InProcessSluice target = new InProcessSluice(there)) {
      try (InProcessSluice source = new InProcessSluice(here)) {
        Sent sent = sent();
        sent.send(source, REQUESTS);
        flush(source);
        sent.send(source, REQUESTS); // hot when it is replayed
        Totals totals =
            replayed.run(source.flight(), Replayed.options(target.http(), true, 0, null));
        assertThat(totals.acked()).isEqualTo(all(sent));
        assertThat(totals.rejected() + totals.refused()).isZero();
        flush(source);
        flush(target);
      }
    }
    assertThat(Replayed.differences(here, "default", there, "default")).isEmpty();
  }

  @Test
  void whatIsKilledGoesOnThoughItsHotRowsArePersistedByThen() throws Exception {
    Path here = Files.createDirectory(directory.resolve("here"));
    Path there = Files.createDirectory(directory.resolve("there"));
    Path checkpoint = directory.resolve("checkpoint.json");
    try (Replayed replayed = replayedOf(here);
        InProcessSluice target = new InProcessSluice(there)) {
      try (InProcessSluice source = new InProcessSluice(here)) {
        Sent sent = sent();
        sent.send(source, REQUESTS);
        flush(source);
        sent.send(source, REQUESTS);
        ReplayOptions options = Replayed.options(target.grpc(), false, 0, checkpoint);
        String after;
        do { // until some were taken that it does not know of: those are sent twice
          killed(replayed, source, target, Replayed.options(target.grpc(), false, 400, checkpoint));
          after = Files.readString(checkpoint);
          assertThat(after).contains("\"ended\":false");
        } while (target.counted("sluice_acceptor_records_taken_total") == acked(after));
        flush(source);
        Totals totals = replayed.run(source.flight(), options);
        assertThat(totals.acked()).isEqualTo(all(sent));
        assertThat(target.counted("sluice_acceptor_records_taken_total"))
            .as("some were sent twice")
            .isGreaterThan(totals.acked());
        assertThat(replayed.run(source.flight(), options)).as("nothing is left").isEqualTo(totals);
        assertThat(directory.resolve("checkpoint.json.rows")).doesNotExist();
        flush(target);
      }
    }
    assertThat(Replayed.differences(here, "default", there, "default")).isEmpty();
  }

  private static long acked(String checkpoint) {
    Matcher acked = Pattern.compile("\"acked\":(\\d+)").matcher(checkpoint);
    assertThat(acked.find()).isTrue();
    return Long.parseLong(acked.group(1));
  }

  /** An interrupt saves nothing, as kill -9 does not. Once 200 more were taken. */
  private static void killed(
      Replayed replayed, InProcessSluice source, InProcessSluice target, ReplayOptions slowly)
      throws Exception {
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                replayed.run(source.flight(), slowly);
              } catch (Throwable e) {
                end.set(e);
              }
            });
    long before = target.counted("sluice_acceptor_records_taken_total");
    thread.start();
    while (target.counted("sluice_acceptor_records_taken_total") < before + 200
        && thread.isAlive()) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    thread.join();
    assertThat(end.get()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void equalRecordsInEqualRequestsAreAllTaken() throws Exception {
    Path here = Files.createDirectory(directory.resolve("here"));
    Path there = Files.createDirectory(directory.resolve("there"));
    try (Replayed replayed = replayedOf(here);
        InProcessSluice target = new InProcessSluice(there)) {
      try (InProcessSluice source = new InProcessSluice(here)) {
        for (int i = 0; i < 50; i++) {
          source.post(Signal.LOGS, sameRecordInOtherBytes(i, 1_000)).get(30, TimeUnit.SECONDS);
        }
        flush(source);
        replayed.run(source.flight(), eachLogAlone(target, 0, null));
        flush(target);
      }
    }
    assertThat(Replayed.differences(here, "default", there, "default")).isEmpty();
  }

  /** What its records say does not tell such a request from another one, but its label does. */
  @Test
  void whatIsSentAgainIsTakenOnceThoughNothingInItIdentifiesItself() throws Exception {
    Path here = Files.createDirectory(directory.resolve("here"));
    Path there = Files.createDirectory(directory.resolve("there"));
    Path checkpoint = directory.resolve("checkpoint.json");
    try (Replayed replayed = replayedOf(here);
        InProcessSluice target = new InProcessSluice(there)) {
      try (InProcessSluice source = new InProcessSluice(here)) {
        for (int i = 0; i < 400; i++) {
          source.post(Signal.LOGS, sameRecordInOtherBytes(i, SECOND)).get(30, TimeUnit.SECONDS);
        }
        flush(source);
        killed(replayed, source, target, eachLogAlone(target, 400, checkpoint));
        asItBegan(checkpoint);
        assertThat(replayed.run(source.flight(), eachLogAlone(target, 0, checkpoint)).acked())
            .isEqualTo(400);
        assertThat(target.counted("sluice_acceptor_records_taken_total"))
            .as("some were sent twice")
            .isGreaterThan(400);
        flush(target);
      }
    }
    assertThat(Replayed.differences(here, "default", there, "default")).isEmpty();
  }

  /** As if what was saved each second meanwhile had not come to the disk. */
  private static void asItBegan(Path checkpoint) throws Exception {
    String saved = Files.readString(checkpoint);
    Files.writeString(
        checkpoint,
        saved.substring(0, saved.indexOf("\"at\":"))
            + "\"at\":{\"source\":0,\"piece\":0,\"row\":0},"
            + "\"totals\":{\"acked\":0,\"rejected\":0,\"refused\":0,\"requests\":0,\"bytes\":0},"
            + "\"ended\":false}");
  }

  private static ReplayOptions eachLogAlone(
      InProcessSluice target, double rate, @Nullable Path checkpoint) {
    return new ReplayOptions(
        "default",
        List.of(Table.LOGS),
        RowFilter.ALL,
        Replayed.target(target.http(), true, Map.of()),
        rate,
        1,
        1024,
        2,
        Duration.ofSeconds(30),
        false,
        checkpoint);
  }

  private static byte[] sameRecordInOtherBytes(int number, long unixNano) {
    UnknownFieldSet.Field field = UnknownFieldSet.Field.newBuilder().addVarint(number).build();
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    request
        .setUnknownFields(UnknownFieldSet.newBuilder().addField(99, field).build())
        .addResourceLogsBuilder()
        .addScopeLogsBuilder()
        .addLogRecordsBuilder()
        .setTimeUnixNano(unixNano)
        .setSeverityText("again");
    return request.build().toByteArray();
  }

  @Test
  void aTenantsRowsGoWhereTheHeaderSaysAndNoOthers() throws Exception {
    Path here = Files.createDirectory(directory.resolve("here"));
    Path there = Files.createDirectory(directory.resolve("there"));
    Random random = new Random(7);
    try (Replayed replayed = replayedOf(here);
        InProcessSluice target = new InProcessSluice(there, "--tenants.from-header=true")) {
      try (InProcessSluice source = new InProcessSluice(here, "--tenants.from-header=true")) {
        for (String tenant : List.of("shop", "other")) {
          for (int i = 0; i < 20; i++) {
            for (Signal signal : Signal.values()) {
              byte[] request = new RandomRequest(random, now(), Style.PLAIN).bytes(signal);
              post(source, tenant, signal, request);
            }
          }
          flush(source);
        }
        ReplayOptions options =
            new ReplayOptions(
                "shop",
                Table.all(),
                RowFilter.ALL,
                Replayed.target(target.grpc(), false, Map.of("x-scope-orgid", "moved")),
                0,
                1000,
                1 << 20,
                2,
                Duration.ofSeconds(30),
                false,
                null);
        replayed.run(source.flight(), options);
        flush(target);
      }
    }
    assertThat(Replayed.differences(here, "shop", there, "moved")).isEmpty();
  }

  @Test
  void onlyRowsThatTheFilterLetsThroughAreSent() throws Exception {
    Path here = Files.createDirectory(directory.resolve("here"));
    try (Replayed replayed = replayedOf(here);
        InProcessSluice source = new InProcessSluice(here)) {
      Sent sent = sent();
      sent.send(source, 10);
      flush(source);
      sent.send(source, 10);
      assertThat(dry(replayed, source, RowFilter.ALL)).isEqualTo(sent.entries(Table.LOGS).size());
      long some = dry(replayed, source, new RowFilter(null, null, "severity_number > 12"));
      long others =
          dry(replayed, source, new RowFilter(null, null, "(severity_number > 12) IS NOT TRUE"));
      assertThat(some).isPositive();
      assertThat(some + others).isEqualTo(sent.entries(Table.LOGS).size());
      Instant future = Instant.now().plus(Duration.ofDays(2));
      assertThat(dry(replayed, source, new RowFilter(future, null, null))).isZero();
      assertThat(dry(replayed, source, new RowFilter(null, future, null)))
          .isEqualTo(sent.entries(Table.LOGS).size());
      for (String wrong :
          List.of(
              "nothing = 1",
              "true) LIMIT (1",
              "time < now()",
              "random() < 0.5",
              "body IN (SELECT name FROM traces)",
              "count(*) > 1",
              "; DROP")) {
        assertThatThrownBy(() -> dry(replayed, source, new RowFilter(null, null, wrong)))
            .as(wrong)
            .hasMessageStartingWith("cannot ");
      }
    }
  }

  private static long dry(Replayed replayed, InProcessSluice source, RowFilter filter)
      throws Exception {
    return replayed
        .run(
            source.flight(),
            new ReplayOptions(
                "default",
                List.of(Table.LOGS),
                filter,
                null,
                0,
                10,
                1 << 20,
                1,
                Duration.ofSeconds(1),
                false,
                null))
        .records();
  }

  @Test
  void aCheckpointOfAnotherReplayIsRefused() throws Exception {
    Path here = Files.createDirectory(directory.resolve("here"));
    Path checkpoint = directory.resolve("checkpoint.json");
    try (Replayed replayed = replayedOf(here);
        InProcessSluice source = new InProcessSluice(here)) {
      replayed.run(source.flight(), Replayed.options(source.http(), true, 0, checkpoint));
      assertThatThrownBy(
              () ->
                  replayed.run(
                      source.flight(), Replayed.options(source.grpc(), false, 0, checkpoint)))
          .isInstanceOf(ReplayException.class)
          .hasMessageContaining("it is of a replay with");
      Files.writeString(checkpoint, "{\"version\":1,");
      assertThatThrownBy(
              () ->
                  replayed.run(
                      source.flight(), Replayed.options(source.http(), true, 0, checkpoint)))
          .isInstanceOf(ReplayException.class)
          .hasMessageContaining("cannot read checkpoint");
    }
  }

  private static Replayed replayedOf(Path data) throws Exception {
    return new Replayed(data);
  }

  private static Sent sent() {
    long seed = new Random().nextLong();
    System.out.println("replay of random records with seed " + seed);
    return new Sent(new Random(seed), now());
  }

  private static long now() {
    return TimeUnit.SECONDS.toNanos(Instant.now().getEpochSecond());
  }

  private static long all(Sent sent) {
    return Table.all().stream().mapToLong(table -> sent.entries(table).size()).sum();
  }

  private static void post(InProcessSluice sluice, String tenant, Signal signal, byte[] request)
      throws Exception {
    try (HttpExporter exporter =
        new HttpExporter(
            sluice.http(),
            null,
            List.of(Map.of("X-Scope-OrgID", tenant)),
            false,
            Duration.ofSeconds(30))) {
      assertThat(exporter.export(signal, 0, request)).isInstanceOf(Answer.Acked.class);
    }
  }

  /** A stop persists, too, but not for as long as it takes. */
  private static void flush(InProcessSluice sluice) throws Exception {
    try (BufferAllocator allocator = new RootAllocator();
        Writers writers = Writers.at(List.of(sluice.flight()), allocator)) {
      writers.flush(sluice.flight());
    }
  }
}

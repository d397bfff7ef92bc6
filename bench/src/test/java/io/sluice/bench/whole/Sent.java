package io.sluice.bench.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.sluice.bench.whole.RandomRequest.Style;
import io.sluice.bench.whole.Records.Entry;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The random requests that were sent and answered with 200, as records. */
final class Sent {

  /** So many at a time, so that the Acceptor sends some together. */
  private static final int AT_ONCE = 24;

  /** Metrics more often: they are spread over five tables. */
  private static final List<Signal> SIGNALS =
      List.of(
          Signal.TRACES,
          Signal.METRICS,
          Signal.LOGS,
          Signal.METRICS,
          Signal.PROFILES,
          Signal.METRICS);

  private static final int LEVELS = 64;
  private static final List<Style> STYLES =
      List.of(
          Style.PLAIN,
          Style.PLAIN,
          Style.ODD,
          Style.HARDLY_ODD,
          Style.HARDLY_ODD,
          Style.TWISTED,
          Style.WILD);

  private static final int MOST_TRIED = 20_000;

  /** A request and what protobuf-java reads in it. */
  private static final class Asked {
    private final Signal signal;
    private final byte[] bytes;
    private final Cases cases;
    private final Records records;

    Asked(Signal signal, byte[] bytes, Cases cases) {
      this.signal = signal;
      this.bytes = bytes;
      this.cases = cases;
      this.records = Records.of(signal, OtlpBytes.parse(signal, bytes), LEVELS);
    }
  }

  private final Random random;
  private final long now;
  private final Map<Table, List<Entry>> entries = new EnumMap<>(Table.class);
  private final Map<Table, List<Message>> messages = new EnumMap<>(Table.class);
  private final Cases plain = new Cases(true);
  private final Cases odd = new Cases(false);
  private boolean tooDeep;
  private long plainRecords;
  private long rejected;
  private long empty;

  Sent(Random random, long nowUnixNano) {
    this.random = random;
    this.now = nowUnixNano;
    for (Table table : Table.all()) {
      entries.put(table, new ArrayList<>());
      messages.put(table, new ArrayList<>());
    }
  }

  /**
   * Sends so many requests of each signal or more, mixed; waits until all are answered, and the
   * Acceptor must have counted every record and every empty group.
   */
  void send(InProcessSluice sluice, int requests) throws Exception {
    List<Asked> all = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      for (Signal signal : SIGNALS) {
        Asked asked = any(signal);
        isNew(asked); // all are sent
        all.add(asked);
      }
    }
    send(sluice, all);
  }

  /** The same with a request that is cut on its way out. */
  void sendLarge(InProcessSluice sluice) throws Exception {
    send(sluice, List.of(new Asked(Signal.LOGS, LargeRequest.logs(random), plain)));
  }

  /**
   * The same with requests that show what none before them has shown, until there is nothing left;
   * or until there is no hope, which {@link #unseen} then tells.
   */
  void sendUnseen(InProcessSluice sluice) throws Exception {
    List<Asked> all = new ArrayList<>();
    for (int i = 0; i < MOST_TRIED && !unseen().isEmpty(); i++) {
      Asked asked = any(SIGNALS.get(i % SIGNALS.size()));
      if (isNew(asked)) {
        all.add(asked);
      }
    }
    send(sluice, all);
  }

  private boolean isNew(Asked asked) {
    boolean firstTooDeep = asked.records.tooDeep() > 0 && !tooDeep;
    tooDeep |= firstTooDeep;
    return asked.cases.see(asked.records) || firstTooDeep;
  }

  private Asked any(Signal signal) {
    Style style = STYLES.get(random.nextInt(STYLES.size()));
    byte[] bytes = new RandomRequest(random, now, style).bytes(signal);
    return new Asked(signal, bytes, style == Style.PLAIN ? plain : odd);
  }

  private void send(InProcessSluice sluice, List<Asked> all) throws Exception {
    List<Long> before = counts();
    List<Long> counted = counted(sluice);
    Deque<CompletableFuture<byte[]>> answers = new ArrayDeque<>();
    for (int i = 0; i < all.size() + AT_ONCE; i++) {
      if (i >= AT_ONCE && !answers.isEmpty()) {
        answered(all.get(i - AT_ONCE), answers.remove());
      }
      if (i < all.size()) {
        answers.add(sluice.post(all.get(i).signal, all.get(i).bytes));
      }
    }
    assertThat(difference(counted(sluice), counted)).isEqualTo(difference(counts(), before));
  }

  private void answered(Asked asked, CompletableFuture<byte[]> answer) throws Exception {
    byte[] body = answer.get(60, TimeUnit.SECONDS);
    Records records = asked.records;
    assertThat(rejected(asked.signal, body)).isEqualTo(records.tooDeep());
    rejected += records.tooDeep();
    empty += records.empty();
    plainRecords += asked.cases == plain ? records.entries().size() : 0;
    for (int i = 0; i < records.entries().size(); i++) {
      Entry entry = records.entries().get(i);
      entries.get(entry.table()).add(entry);
      messages.get(entry.table()).add(records.messages().get(i));
    }
  }

  private List<Long> counts() {
    return List.of(entries.values().stream().mapToLong(List::size).sum(), rejected, empty);
  }

  private static List<Long> counted(InProcessSluice sluice) throws Exception {
    return List.of(
        sluice.counted("sluice_acceptor_records_taken_total"),
        sluice.counted("sluice_acceptor_records_rejected_total"),
        sluice.counted("sluice_acceptor_records_empty_total"));
  }

  private static List<Long> difference(List<Long> now, List<Long> before) {
    return IntStream.range(0, now.size()).mapToObj(i -> now.get(i) - before.get(i)).toList();
  }

  private static long rejected(Signal signal, byte[] body) throws InvalidProtocolBufferException {
    return switch (signal) {
      case TRACES ->
          ExportTraceServiceResponse.parseFrom(body).getPartialSuccess().getRejectedSpans();
      case LOGS ->
          ExportLogsServiceResponse.parseFrom(body).getPartialSuccess().getRejectedLogRecords();
      case METRICS ->
          ExportMetricsServiceResponse.parseFrom(body).getPartialSuccess().getRejectedDataPoints();
      case PROFILES ->
          ExportProfilesServiceResponse.parseFrom(body).getPartialSuccess().getRejectedProfiles();
    };
  }

  List<Entry> entries(Table table) {
    return entries.get(table);
  }

  List<Message> messages(Table table) {
    return messages.get(table);
  }

  /** What OTLP allows and no request has shown so far; if columns can hold it, in such requests. */
  List<String> unseen() {
    List<String> unseen = new ArrayList<>();
    plain.unseen().forEach(what -> unseen.add("for columns: " + what));
    unseen.addAll(odd.unseen());
    if (!tooDeep) {
      unseen.add("a record nested too deep");
    }
    return unseen;
  }

  long plainRecords() {
    return plainRecords;
  }

  long rejected() {
    return rejected;
  }

  long empty() {
    return empty;
  }

  /** Fails unless these are the records sent, each as often as it was. */
  void assertAre(Table table, List<Entry> stored) {
    Map<Entry, Integer> counts = new HashMap<>();
    entries.get(table).forEach(entry -> counts.merge(entry, 1, Integer::sum));
    stored.forEach(entry -> counts.merge(entry, -1, Integer::sum));
    counts.values().removeIf(count -> count == 0);
    assertThat(counts).as("missing (1) and made up (-1) of " + table).isEmpty();
  }
}

package io.sluice.bench.audit;

import io.sluice.bench.record.Content;
import io.sluice.bench.record.RunKeys;
import io.sluice.bench.record.Shape;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one run sent and what of it was acked, as {@link AckLog} noted it. */
public final class Ledger {

  private final RunKeys keys;
  private final List<List<SentRequest>> lanes = new ArrayList<>();

  Ledger(RunKeys keys) {
    this.keys = keys;
  }

  /**
   * Reads an audit file. A last line without an end is the one a kill cut off: it is left out.
   *
   * @throws IOException not an audit file, or one with a line that nobody wrote
   */
  public static Ledger read(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    List<String> lines = text.lines().toList();
    int whole = text.endsWith("\n") ? lines.size() : lines.size() - 1;
    if (whole < 1) {
      throw new IOException("cannot read audit file: %s is empty".formatted(file));
    }
    int number = 1;
    try {
      Ledger ledger = new Ledger(header(lines.get(0)));
      for (; number < whole; number++) {
        ledger.line(lines.get(number).split(" ", -1));
      }
      return ledger;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IOException(
          "cannot read audit file: %s, line %d: %s"
              .formatted(file, number, lines.get(number == 1 ? 0 : number)),
          e);
    }
  }

  private static RunKeys header(String line) {
    String[] parts = line.split(" ", -1);
    if (parts.length != 3
        || !parts[0].equals(AckLog.MAGIC)
        || Integer.parseInt(parts[1]) != AckLog.VERSION) {
      throw new IllegalArgumentException("not an audit file of version " + AckLog.VERSION);
    }
    return new RunKeys(Long.parseUnsignedLong(parts[2], 16));
  }

  private void line(String[] parts) {
    int lane = Integer.parseInt(parts[1]);
    int request = Integer.parseInt(parts[2]);
    switch (parts[0]) {
      case "s" ->
          sent(lane, request, new Shape(Signal.valueOf(parts[3]), Integer.parseInt(parts[4])));
      case "c" -> sample(lane, request, parts);
      case "a" -> acked(lane, request, Long.parseLong(parts[3]));
      default -> throw new IllegalArgumentException("unknown line");
    }
  }

  private void sample(int lane, int request, String[] parts) {
    if (parts.length < 7) {
      throw new IllegalArgumentException("no name");
    }
    String name = String.join(" ", Arrays.asList(parts).subList(6, parts.length));
    Content content = new Content(parts[5], name);
    lanes
        .get(lane)
        .get(request)
        .sample(new Sample(Integer.parseInt(parts[3]), Long.parseLong(parts[4]), content));
  }

  void sent(int lane, int request, Shape shape) {
    while (lanes.size() <= lane) {
      lanes.add(new ArrayList<>());
    }
    if (request != lanes.get(lane).size()) {
      throw new IllegalArgumentException("request out of order");
    }
    lanes.get(lane).add(new SentRequest(shape));
  }

  void acked(int lane, int request, long records) {
    lanes.get(lane).get(request).acked(records);
  }

  public RunKeys keys() {
    return keys;
  }

  public long sentRecords() {
    return requests().mapToLong(r -> r.shape().records()).sum();
  }

  public long ackedRecords() {
    return requests().mapToLong(SentRequest::acked).sum();
  }

  public long sentRecords(Signal signal) {
    return requests(signal).mapToLong(r -> r.shape().records()).sum();
  }

  public long ackedRecords(Signal signal) {
    return requests(signal).mapToLong(SentRequest::acked).sum();
  }

  /** Takes of what was acked only what an earlier reading of the same file had. */
  public Ledger ackedAsOf(Ledger earlier) {
    forEach(
        (first, request) -> {
          SentRequest then = earlier.find(RunKeys.lane(first), RunKeys.request(first));
          request.acked(then == null ? 0 : then.acked());
        });
    return this;
  }

  /** Takes of what was acked only what is of these signals. */
  public Ledger ackedOf(Set<Signal> signals) {
    forEach(
        (first, request) -> {
          if (!signals.contains(request.shape().signal())) {
            request.acked(0);
          }
        });
    return this;
  }

  /** The keys of the traces whose request was acked in full: each that of its first span. */
  public List<Long> ackedTraces() {
    List<Long> traces = new ArrayList<>();
    forEach(
        (first, request) -> {
          Shape shape = request.shape();
          if (shape.signal() == Signal.TRACES && request.acked() == shape.records()) {
            for (int i = 0; i < shape.records(); i += Shape.SPANS_PER_TRACE) {
              traces.add(first | i);
            }
          }
        });
    return traces;
  }

  /** The span ids of a trace as they stand in the table, by the key of its first span; sorted. */
  public List<String> spansOfTrace(long first) {
    SentRequest request = Objects.requireNonNull(find(RunKeys.lane(first), RunKeys.request(first)));
    int begin = RunKeys.ordinal(first);
    int end = Math.min(begin + Shape.SPANS_PER_TRACE, request.shape().records());
    return IntStream.range(0, end - begin)
        .mapToObj(i -> HexFormat.of().toHexDigits(keys.spanId(first + i)))
        .sorted()
        .toList();
  }

  private Stream<SentRequest> requests(Signal signal) {
    return requests().filter(r -> r.shape().signal() == signal);
  }

  private Stream<SentRequest> requests() {
    return lanes.stream().flatMap(List::stream);
  }

  @Nullable SentRequest find(int lane, int request) {
    return lane < lanes.size() && request >= 0 && request < lanes.get(lane).size()
        ? lanes.get(lane).get(request)
        : null;
  }

  /** Calls back with each request and the key of its first record. */
  void forEach(BiConsumer<Long, SentRequest> consumer) {
    for (int lane = 0; lane < lanes.size(); lane++) {
      for (int request = 0; request < lanes.get(lane).size(); request++) {
        consumer.accept(RunKeys.pack(lane, request, 0), lanes.get(lane).get(request));
      }
    }
  }
}

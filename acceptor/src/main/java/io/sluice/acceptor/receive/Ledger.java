package io.sluice.acceptor.receive;

import io.opentelemetry.api.common.Attributes;
import io.sluice.acceptor.decode.Decoded;
import io.sluice.schema.security.TenantId;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The Acceptor's side of the ledger, by signal and, where they are known, by table. Records of a
 * request that is refused before it is decoded are not counted: its client still has them, and
 * nobody knows how many they are.
 *
 * <pre>
 * sluice.acceptor.requests            by signal and outcome
 * sluice.acceptor.failures            of those, told to come again because something failed here
 * sluice.acceptor.request.bytes       decompressed, by signal
 * sluice.acceptor.json.enum.names     enums that JSON gave by name
 * sluice.acceptor.json.unknown.fields fields of JSON that OTLP has not, passed with all they hold
 * sluice.acceptor.json.replaced       halves of surrogate pairs in JSON that became U+FFFD
 * sluice.acceptor.records.received    decoded, by signal = all of the following by signal
 * sluice.acceptor.records.taken       acknowledged, by table; repeats among them
 * sluice.acceptor.records.repeated    of those, in batches that the Writer had before, by table
 * sluice.acceptor.records.rejected    told to the client as rejected, by signal
 * sluice.acceptor.records.empty       groups without records, metrics without points, by signal
 * sluice.acceptor.records.refused     decoded, and their clients told to come again, by signal
 * sluice.acceptor.records.inflight    decoded and not yet answered, by signal
 * sluice.acceptor.request.duration    last byte to answer, by signal and door
 * </pre>
 */
final class Ledger {

  /** Why a request was refused by its head alone. */
  enum Head {
    WRONG_PATH,
    WRONG_METHOD,
    WRONG_TYPE,
    WRONG_ENCODING,
    /** What came is not HTTP, or not to the end. */
    WRONG_HTTP,
    /** A browser asked for a page that may not send here. */
    WRONG_ORIGIN
  }

  private final Telemetry telemetry;
  private final PageFigures figures;
  private final Map<String, Map<Signal, SignalRecords>> records = new ConcurrentHashMap<>();
  private final Map<Signal, LongAdder> bytes = new EnumMap<>(Signal.class);
  private final Map<Signal, Map<String, LongAdder>> requests = new EnumMap<>(Signal.class);
  private final LongAdder failures;
  private final LongAdder enumNames;
  private final LongAdder replaced;
  private final LongAdder unknownFields;
  private final Map<Came.Door, Map<Signal, LongConsumer>> durations =
      new EnumMap<>(Came.Door.class);

  Ledger(Telemetry telemetry) {
    this.telemetry = telemetry;
    this.figures = new PageFigures(this::all, InstantSource.system());
    for (Signal signal : Signal.values()) {
      Attributes by = Attributes.builder().put("signal", name(signal)).build();
      bytes.put(signal, telemetry.counter("sluice.acceptor.request.size", by));
      requests.put(signal, outcomes(signal));
    }
    for (Came.Door door : Came.Door.values()) {
      durations.put(door, durations(door));
    }
    records(TenantId.DEFAULT);
    failures = telemetry.counter("sluice.acceptor.failures", Attributes.empty());
    enumNames = telemetry.counter("sluice.acceptor.json.enum.names", Attributes.empty());
    unknownFields = telemetry.counter("sluice.acceptor.json.unknown.fields", Attributes.empty());
    replaced = telemetry.counter("sluice.acceptor.json.replaced", Attributes.empty());
  }

  private Map<Signal, LongConsumer> durations(Came.Door door) {
    Map<Signal, LongConsumer> each = new EnumMap<>(Signal.class);
    for (Signal signal : Signal.values()) {
      Attributes by =
          Attributes.builder()
              .put("signal", name(signal))
              .put("door", door.name().toLowerCase(Locale.ROOT))
              .build();
      each.put(signal, telemetry.durations("sluice.acceptor.request.duration", by));
    }
    return each;
  }

  /** A request's records, from now until it is answered. */
  SignalRecords.Receipt received(String tenant, Signal signal, Decoded decoded) {
    return Objects.requireNonNull(records(tenant).get(signal))
        .received(decoded.records(), decoded.rejected(), decoded.empty());
  }

  /** Of all tenants that have sent, in their order, signal by signal. */
  List<SignalRecords> all() {
    return records.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .flatMap(each -> each.getValue().values().stream())
        .toList();
  }

  private Map<Signal, SignalRecords> records(String tenant) {
    return records.computeIfAbsent(
        tenant,
        id -> {
          Map<Signal, SignalRecords> each = new EnumMap<>(Signal.class);
          for (Signal signal : Signal.values()) {
            each.put(signal, register(new SignalRecords(id, signal)));
          }
          return each;
        });
  }

  void ended(Came came, Outcome outcome, int length, long nanos) {
    Signal signal = came.signal();
    counter(signal, outcome).increment();
    Objects.requireNonNull(bytes.get(signal)).add(length);
    Map<Signal, LongConsumer> byDoor = Objects.requireNonNull(durations.get(came.door()));
    Objects.requireNonNull(byDoor.get(signal)).accept(nanos);
    figures.ended(came, outcome, nanos);
  }

  /** A request refused before it was decoded. */
  void refused(Came came, Outcome outcome) {
    counter(came.signal(), outcome).increment();
    figures.refused(came, outcome);
  }

  /** The same, by its head alone. */
  void refused(Came.Door door, @Nullable Signal signal, Head why) {
    String of = signal == null ? "none" : name(signal);
    requests(of, why.name()).increment();
    figures.refused(door, signal == null ? "" : of, why);
  }

  /** The same for the status page. */
  PageFigures figures() {
    return figures;
  }

  /** What was taken of JSON though it should not have been sent. */
  void forgiven(long names, long halves, long unknown) {
    enumNames.add(names);
    replaced.add(halves);
    unknownFields.add(unknown);
  }

  /** A request met a bug of ours. */
  void failed() {
    failures.increment();
  }

  private LongAdder counter(Signal signal, Outcome outcome) {
    Map<String, LongAdder> counters = Objects.requireNonNull(requests.get(signal));
    return Objects.requireNonNull(counters.get(outcome.getClass().getSimpleName()));
  }

  private Map<String, LongAdder> outcomes(Signal signal) {
    Map<String, LongAdder> counters = new java.util.HashMap<>();
    for (Class<?> outcome : Outcome.class.getPermittedSubclasses()) {
      String snake = outcome.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_");
      counters.put(outcome.getSimpleName(), requests(name(signal), snake));
    }
    return counters;
  }

  private LongAdder requests(String signal, String outcome) {
    Attributes by =
        Attributes.builder()
            .put("signal", signal)
            .put("outcome", outcome.toLowerCase(Locale.ROOT))
            .build();
    return telemetry.counter("sluice.acceptor.requests", by);
  }

  private SignalRecords register(SignalRecords of) {
    Attributes by =
        Attributes.builder().put("tenant", of.tenant()).put("signal", name(of.signal())).build();
    sum("received", by, () -> of.sums().received());
    sum("rejected", by, () -> of.sums().rejected());
    sum("empty", by, () -> of.sums().empty());
    sum("refused", by, () -> of.sums().refused());
    for (Table table : Table.all()) {
      if (table.signal() == of.signal()) {
        Attributes each = by.toBuilder().put("table", table.tableName()).build();
        sum("taken", each, () -> of.taken(table));
        sum("repeated", each, () -> of.repeated(table));
      }
    }
    telemetry.gauge("sluice.acceptor.records.inflight", by, () -> of.sums().inFlight());
    return of;
  }

  private void sum(String what, Attributes by, LongSupplier value) {
    telemetry.counter("sluice.acceptor.records." + what, by, value);
  }

  private static String name(Signal signal) {
    return signal.name().toLowerCase(Locale.ROOT);
  }
}

package io.sluice.bench.record;

import io.sluice.schema.table.Signal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/** Realistic requests of each signal, several of a kind: a function of the seed alone. */
public final class Templates {

  private static final int OF_A_KIND = 4;

  private final int ofAKind;
  private final Map<Signal, List<Template>> all = new EnumMap<>(Signal.class);

  private Templates(int ofAKind) {
    this.ofAKind = ofAKind;
  }

  /**
   * Those of the plain vocabulary.
   *
   * @param records how many records a request has
   * @param epochNanos when the intervals of cumulative metrics began
   */
  public static Templates of(Set<Signal> signals, int records, long seed, long epochNanos) {
    return of(signals, records, seed, epochNanos, Variety.PLAIN);
  }

  /** The same of more services, or with more values. */
  public static Templates of(
      Set<Signal> signals, int records, long seed, long epochNanos, Variety variety) {
    if (records < 1 || records > RunKeys.MAX_RECORDS) {
      throw new IllegalArgumentException(
          "cannot make requests of %d records (1 to %d)".formatted(records, RunKeys.MAX_RECORDS));
    }
    Templates templates = new Templates(OF_A_KIND * variety.kinds());
    SplittableRandom random = new SplittableRandom(seed);
    for (Signal signal : Signal.values()) {
      SplittableRandom own = random.split();
      if (signals.contains(signal)) {
        List<Template> kinds = new ArrayList<>();
        for (int i = 0; i < templates.ofAKind; i++) {
          kinds.add(template(signal, records, new Words(own, variety), epochNanos));
        }
        templates.all.put(signal, kinds);
      }
    }
    return templates;
  }

  /** The same for another lane. */
  public Templates copy() {
    Templates copy = new Templates(ofAKind);
    all.forEach(
        (signal, kinds) -> copy.all.put(signal, kinds.stream().map(Template::copy).toList()));
    return copy;
  }

  /** The template that a lane's request uses. */
  public Template of(Signal signal, int request) {
    return Objects.requireNonNull(all.get(signal)).get(request % ofAKind);
  }

  private static Template template(Signal signal, int records, Words words, long epochNanos) {
    return switch (signal) {
      case TRACES -> new SpanTemplate(words, records).build();
      case LOGS -> new LogTemplate(words, records).build();
      case METRICS -> new MetricTemplate(words, records, epochNanos).build();
      case PROFILES -> new ProfileTemplate(words, records).build();
    };
  }
}

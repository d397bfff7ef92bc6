package io.sluice.bench.fuzz;

import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Good inputs, and those that once found something.
 *
 * <pre>
 * otlp/SIGNAL-*.pb  json/SIGNAL-*.json  regressions/TARGET-*.bin
 * </pre>
 */
final class Corpus {

  private static final Path DEFAULT = Path.of("corpus");

  private final Path directory;
  private final Map<Signal, List<byte[]>> protobuf = new EnumMap<>(Signal.class);
  private final Map<Signal, List<byte[]>> json = new EnumMap<>(Signal.class);

  private Corpus(Path directory) {
    this.directory = directory;
  }

  /**
   * Reads all of it.
   *
   * @throws IOException it cannot be read, or a signal has nothing
   */
  static Corpus load() throws IOException {
    Path directory = Path.of(System.getProperty("sluice.fuzz.corpus", DEFAULT.toString()));
    Corpus corpus = new Corpus(directory);
    for (Signal signal : Signal.values()) {
      String name = signal.name().toLowerCase(Locale.ROOT);
      corpus.protobuf.put(signal, read(directory.resolve("otlp"), name));
      corpus.json.put(signal, read(directory.resolve("json"), name));
    }
    return corpus;
  }

  private static List<byte[]> read(Path directory, String prefix) throws IOException {
    List<byte[]> contents = new ArrayList<>();
    for (Path file : files(directory, prefix)) {
      contents.add(Files.readAllBytes(file));
    }
    if (contents.isEmpty()) {
      throw new IOException("cannot find any %s-* in %s".formatted(prefix, directory));
    }
    return contents;
  }

  private static List<Path> files(Path directory, String prefix) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> file.getFileName().toString().startsWith(prefix + "-"))
          .sorted()
          .toList();
    }
  }

  /** A request in protobuf. */
  byte[] protobuf(Signal signal, SplittableRandom random) {
    return pick(protobuf, signal, random);
  }

  /** A request in JSON. */
  byte[] json(Signal signal, SplittableRandom random) {
    return pick(json, signal, random);
  }

  /** All requests of a signal in protobuf. */
  List<byte[]> all(Signal signal) {
    return Objects.requireNonNull(protobuf.get(signal));
  }

  /** Inputs of a target that once found something. */
  List<Path> regressions(String target) throws IOException {
    return files(directory.resolve("regressions"), target);
  }

  private static byte[] pick(
      Map<Signal, List<byte[]>> from, Signal signal, SplittableRandom random) {
    List<byte[]> some = Objects.requireNonNull(from.get(signal));
    return some.get(random.nextInt(some.size()));
  }
}

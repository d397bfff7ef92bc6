package io.sluice.bench.fuzz;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The targets by name, and what they share. */
final class FuzzTargets implements AutoCloseable {

  private static final List<String> NAMES = List.of("decoder", "json", "http", "grpc", "put");
  private static final int BOX_LARGEST_REQUEST = 64 << 20;

  private final Corpus corpus;
  private final @Nullable Path box;
  private final List<FuzzTarget> targets = new ArrayList<>();
  private @Nullable Victim victim;

  private FuzzTargets(Corpus corpus, @Nullable Path box) {
    this.corpus = corpus;
    this.box = box;
  }

  /**
   * @param name of one, or all
   * @param box directory of a box of processes to be fuzzed; null = an Acceptor in this process
   */
  static FuzzTargets open(String name, Corpus corpus, @Nullable Path box) throws Exception {
    List<String> names = name.equals("all") ? NAMES : List.of(name);
    if (!NAMES.containsAll(names)) {
      throw new IllegalArgumentException("cannot fuzz %s (%s or all)".formatted(name, NAMES));
    }
    FuzzTargets opened = new FuzzTargets(corpus, box);
    try {
      for (String each : names) {
        opened.targets.add(opened.target(each));
      }
      return opened;
    } catch (Exception e) {
      opened.close();
      throw e;
    }
  }

  private FuzzTarget target(String name) throws Exception {
    int largest = box == null ? InProcessAcceptor.LARGEST_REQUEST : BOX_LARGEST_REQUEST;
    return switch (name) {
      case "decoder" -> new DecoderTarget(corpus);
      case "json" -> new JsonTarget(corpus);
      case "put" -> new PutTarget(corpus, box(), System.nanoTime());
      case "grpc" -> new GrpcTarget(corpus, victim(), largest, System.nanoTime());
      default -> new HttpTarget(corpus, victim(), largest, System.nanoTime());
    };
  }

  private BoxVictim box() throws Exception {
    if (victim() instanceof BoxVictim whole) {
      return whole;
    }
    throw new IllegalArgumentException("cannot fuzz put without a box (--box true)");
  }

  private Victim victim() throws Exception {
    if (victim == null) {
      victim = box == null ? new InProcessAcceptor() : new BoxVictim(box);
    }
    return victim;
  }

  List<FuzzTarget> all() {
    return targets;
  }

  @Override
  public void close() throws Exception {
    for (FuzzTarget target : targets) {
      target.close();
    }
    if (victim != null) {
      victim.close();
    }
  }
}

package io.sluice.bench.fuzz;

import io.grpc.Status;
import io.sluice.bench.fuzz.mutate.PutMutator;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The Writer's DoPut. What is acked can be read, and nothing else of what came. Inputs are those of
 * {@link PutMutator}.
 */
final class PutTarget implements FuzzTarget {

  private static final int INPUTS_PER_CHECK = 200;
  private static final int ANSWER = 1; // PutResult.app_metadata

  private final BoxVictim box;
  private final Neighbour neighbour;
  private final PutMutator mutator;
  private final PutStreams streams;
  private final Map<Table, Long> expected = new EnumMap<>(Table.class);

  /** Tables of which a stock client had rows stored, and was not told how many. */
  private final Set<Table> untold = EnumSet.noneOf(Table.class);

  PutTarget(Corpus corpus, BoxVictim box, long run) throws IOException {
    this.box = box;
    this.neighbour = new Neighbour(box, run);
    this.mutator = new PutMutator(PutSeeds.of(corpus));
    this.streams = new PutStreams(box.flightPort());
  }

  @Override
  public String name() {
    return "put";
  }

  @Override
  public byte[] input(SplittableRandom random) {
    return mutator.stream(random);
  }

  @Override
  public Verdict feed(byte[] input) throws Exception {
    if (expected.isEmpty()) {
      for (Table table : Table.all()) {
        expected.put(table, box.count(table));
      }
    }
    PutMutator.Stream stream = PutMutator.Stream.parse(input);
    PutStreams.End end = streams.send(stream);
    Status.Code code = end.status().getCode();
    if (code != Status.Code.OK && code != Status.Code.INVALID_ARGUMENT) {
      throw new Finding("a put ends with " + end.status());
    }
    byte[] result = end.answer();
    if (result == null) {
      stored(stream, null);
      return Verdict.REJECTED;
    }
    PutAnswer answer = answer(result);
    if (answer.status() == PutAnswer.Status.MALFORMED) {
      return Verdict.REJECTED;
    }
    if (answer.status() != PutAnswer.Status.DONE) {
      throw new Finding("a put is answered " + answer);
    }
    stored(stream, answer);
    return Verdict.ACCEPTED;
  }

  private static PutAnswer answer(byte[] result) throws Finding {
    try {
      int from = 1 + FlightFrame.varintSize(result.length); // tag and length, about
      ByteBuffer bytes = ByteBuffer.wrap(result);
      bytes.position(result[ANSWER] >= 0 ? 2 : from);
      return PutAnswer.parse(bytes);
    } catch (MalformedMessageException e) {
      throw new Finding("an answer is none", e);
    }
  }

  /** Without an answer the client was a stock one, or nothing was stored. */
  private void stored(PutMutator.Stream stream, @Nullable PutAnswer answer) {
    Table table = table(stream.opening());
    if (table == null) {
      return;
    }
    PutMetadata metadata = answer == null ? null : metadata(stream.rows());
    if (answer == null || metadata == null) {
      untold.add(table);
      return;
    }
    for (int i = 0; i < metadata.batches().size(); i++) {
      boolean repeat = answer.repeats().get(i);
      expected.merge(table, repeat ? 0L : metadata.batches().get(i).rows(), Long::sum);
    }
  }

  private static @Nullable PutMetadata metadata(byte[] message) {
    try {
      return PutMetadata.parse(FlightFrame.parse(ByteBuffer.wrap(message)).metadata());
    } catch (MalformedMessageException e) {
      return null;
    }
  }

  /** Null if it is none of the tables that are counted. */
  private static @Nullable Table table(byte[] opening) {
    try {
      List<String> path = FlightFrame.parse(ByteBuffer.wrap(opening)).path();
      if (path == null || path.size() != 3 || !path.get(1).equals(ReadTicket.DEFAULT_TENANT)) {
        return null;
      }
      return Table.all().stream()
          .filter(table -> table.tableName().equals(path.get(2)))
          .findFirst()
          .orElse(null);
    } catch (MalformedMessageException e) {
      return null;
    }
  }

  @Override
  public int inputsPerCheck() {
    return INPUTS_PER_CHECK;
  }

  @Override
  public void check() throws Exception {
    box.requireSound();
    for (Map.Entry<Table, Long> entry : expected.entrySet()) {
      long found = box.count(entry.getKey());
      long wanted = Objects.requireNonNull(entry.getValue());
      if (found < wanted || (found > wanted && !untold.contains(entry.getKey()))) {
        throw new Finding(
            "%d rows of %s were acked, and there are %d".formatted(wanted, entry.getKey(), found));
      }
    }
    expected.clear();
    untold.clear();
    neighbour.check();
  }

  @Override
  public String remarks() {
    return box.memory();
  }

  @Override
  public void close() {
    neighbour.close();
    streams.close();
  }
}

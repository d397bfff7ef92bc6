package io.sluice.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.sluice.bench.fuzz.mutate.PutMutator;
import io.sluice.bench.fuzz.mutate.SchemaBombs;
import io.sluice.schema.rows.ContentCheck;
import io.sluice.schema.rows.EventTime;
import io.sluice.schema.rows.RowExpander;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.LoadedBatch;
import io.sluice.writer.buffer.StreamHead;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * DoPut messages that lie as Arrow: refused for good, or rows like all others. The worst would be
 * one that is stored and ends each replay.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class LyingArrowTest {

  private static final long SEED = 20261127L;

  /** Once found a column whose validity was too short, and memory that was never given back. */
  private static final long SHORT_VALIDITY = 31455407819218L;

  private static final int LOADED = 6_000;
  private static final int PUT = 1_500;

  /** Twice what the largest of the corpus and its lies take, expanded. */
  private static final long MEMORY = 256L << 20;

  @Test
  void whatLiesIsRefusedOrIsReadToItsEndAndItsMemoryComesBack() throws Exception {
    PutMutator mutator = new PutMutator(PutSeeds.of(Corpus.load()));
    for (long seed : new long[] {SEED, SHORT_VALIDITY, System.nanoTime()}) {
      SplittableRandom random = new SplittableRandom(seed);
      int taken = 0;
      try (BufferAllocator allocator = new RootAllocator(MEMORY)) {
        for (int i = 0; i < LOADED; i++) {
          taken += isTaken(mutator.stream(random), allocator) ? 1 : 0;
          assertThat(allocator.getAllocatedMemory()).as("seed %d, input %d", seed, i).isZero();
        }
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed %d".formatted(seed), e);
      }
      assertThat(taken).as("seed %d", seed).isBetween(LOADED / 20, LOADED - LOADED / 4);
    }
  }

  private static boolean isTaken(byte[] input, BufferAllocator allocator) {
    PutMutator.Stream stream = PutMutator.Stream.parse(input);
    byte[] message = stream.rows();
    try (ArrowBuf memory = allocator.buffer(Math.max(1, message.length))) {
      memory.setBytes(0, message);
      Table table = StreamHead.parse(ByteBuffer.wrap(stream.opening())).table().table();
      FlightFrame frame = FlightFrame.parse(memory.nioBuffer(0, message.length));
      PutMetadata metadata = PutMetadata.parse(frame.metadata());
      BatchLoader loader = new BatchLoader(allocator, EventTime.DEFAULT);
      try (LoadedBatch batch = loader.load(table, frame, metadata, memory);
          RowExpander expander = new RowExpander(table, allocator)) {
        ContentCheck.check(batch.wire());
        int rows = batch.wire().rows();
        int expanded = 0;
        while (expanded < rows) {
          expanded += expander.append(batch.wire(), expanded, rows, Long.MAX_VALUE);
        }
        assertThat(expander.finish().getRowCount()).isEqualTo(rows);
      }
      return true;
    } catch (MalformedMessageException refused) {
      assertThat(refused).hasMessageStartingWith("cannot");
      return false;
    }
  }

  @Test
  void whatIsTakenOfThemIsReadAndOutlivesAKillAndIsPersisted(@TempDir Path directory)
      throws Exception {
    Corpus corpus = Corpus.load();
    try (BoxVictim box = new BoxVictim(directory)) {
      try (PutTarget target = new PutTarget(corpus, box, System.nanoTime())) {
        for (long seed : new long[] {SEED, System.nanoTime()}) {
          FuzzRun run = new FuzzRun(target, seed, null);
          while (run.inputs() < PUT && run.found() == 0) {
            run.next();
          }
          run.end();
          assertThat(run.first()).as("the first finding").isNull();
          assertThat(run.accepted()).as("seed %d", seed).isBetween(PUT / 20L, PUT - PUT / 4L);
        }
      }
      Map<Table, Long> rows = box.counts();
      box.killWriter();
      assertThat(box.counts()).as("replayed").isEqualTo(rows);
      box.flush();
      assertThat(box.counts()).as("persisted").isEqualTo(rows);
      assertThat(box.writerSaid()).noneMatch(line -> line.contains(" ERROR "));
      box.requireSound();
    }
  }

  @Test
  void aSchemaThatTakesMoreThanItHasIsRefused(@TempDir Path directory) throws Exception {
    List<PutMutator.Stream> good = PutSeeds.of(Corpus.load());
    try (BoxVictim box = new BoxVictim(directory);
        PutStreams streams = new PutStreams(box.flightPort())) {
      for (SchemaBombs.Bomb bomb : SchemaBombs.Bomb.values()) {
        byte[] opening = SchemaBombs.opening(good.get(0).opening(), bomb);
        PutStreams.End end = streams.send(new PutMutator.Stream(opening, good.get(0).rows()));
        assertThat(end.status().getCode())
            .as("%s: %s", bomb, end.status())
            .isEqualTo(Status.Code.INVALID_ARGUMENT);
      }
      assertThat(box.writerSaid()).noneMatch(line -> line.contains(" ERROR "));
      box.requireSound();
    }
  }
}

package io.sluice.lake.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.s3server.FaultScript;
import io.sluice.s3server.S3Call;
import io.sluice.s3server.StoreFault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One thing goes wrong with a real S3 server: the file is whole, or that it is not is said. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3FaultsTest {

  private static final int SMALL = 3_000;
  private static final int LARGE = S3OutputStream.PART_BYTES + 1_000;
  private static final S3Patience TINY =
      new S3Patience(
          Duration.ofSeconds(20),
          Duration.ofMillis(100),
          Duration.ofMillis(200),
          Duration.ofSeconds(2),
          Duration.ofMillis(1),
          Duration.ofMillis(5));

  @TempDir static Path directory;
  private static FaultyBucket bucket;
  private String location;

  @BeforeAll
  static void start() throws Exception {
    bucket = new FaultyBucket(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    bucket.close();
  }

  @BeforeEach
  void name(TestInfo test) {
    location = FaultyBucket.PREFIX + test.getDisplayName().replaceAll("\\W", "") + "-";
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(bucket.uploads()).as("uploads neither completed nor aborted").isZero();
  }

  @Test
  void whatPassesIsTriedAgainUntilItIsWhole() throws Exception {
    List<StoreFault> passing =
        List.of(
            new StoreFault.Answer(503, "SlowDown"),
            new StoreFault.Answer(500, "InternalError"),
            new StoreFault.Answer(500, "InternalError", true),
            new StoreFault.Answer(409, "ConditionalRequestConflict"),
            new StoreFault.Reset(false),
            new StoreFault.Reset(true),
            new StoreFault.ResetInBody(100));
    for (StoreFault fault : passing) {
      for (S3Call call : List.of(S3Call.PUT_OBJECT, S3Call.UPLOAD_PART, S3Call.COMPLETE_UPLOAD)) {
        String at = location + fault.getClass().getSimpleName() + fault.hashCode() + call;
        byte[] bytes = FaultyBucket.random(call == S3Call.PUT_OBJECT ? SMALL : LARGE, 1);
        long retries = bucket.files.counters().retries();
        bucket.store.play(FaultScript.first(2, call, fault));
        bucket.create(at, bytes);
        assertThat(bucket.store.faults()).as("%s of %s", fault, call).isPositive();
        assertThat(bucket.files.counters().retries()).isGreaterThan(retries);
        assertThat(bucket.soundly(at)).as("%s of %s", fault, call).isEqualTo(bytes);
      }
    }
  }

  @Test
  void whatDoesNotPassFailsAndLeavesNothing() throws Exception {
    List<StoreFault> lasting =
        List.of(
            new StoreFault.Answer(503, "SlowDown"),
            new StoreFault.Answer(403, "AccessDenied"),
            new StoreFault.Answer(400, "ExpiredToken"),
            new StoreFault.Answer(409, "ConditionalRequestConflict"),
            new StoreFault.Reset(false),
            new StoreFault.ResetInBody(100),
            new StoreFault.FlipBody());
    for (StoreFault fault : lasting) {
      for (S3Call call :
          List.of(
              S3Call.PUT_OBJECT,
              S3Call.CREATE_UPLOAD,
              S3Call.UPLOAD_PART,
              S3Call.COMPLETE_UPLOAD)) {
        if (call == S3Call.CREATE_UPLOAD
            && (fault instanceof StoreFault.FlipBody || fault instanceof StoreFault.ResetInBody)) {
          continue; // it has no body
        }
        String at = location + fault.getClass().getSimpleName() + fault.hashCode() + call;
        byte[] bytes = FaultyBucket.random(call == S3Call.PUT_OBJECT ? SMALL : LARGE, 2);
        long failures = bucket.files.counters().failures();
        bucket.store.play(FaultScript.always(call, fault));
        assertThatThrownBy(() -> bucket.create(at, bytes))
            .as("%s of %s", fault, call)
            .isInstanceOf(IOException.class)
            .hasMessageStartingWith("cannot write file: " + at + ": ");
        assertThat(bucket.files.counters().failures()).isGreaterThan(failures);
        assertThat(bucket.soundly(at)).as("%s of %s", fault, call).isNull();
        assertThat(bucket.uploads()).as("%s of %s", fault, call).isZero();
      }
    }
  }

  @Test
  void objectWhoseAnswerWasLostIsToldFromAnothersOne() throws Exception {
    for (S3Call call : List.of(S3Call.PUT_OBJECT, S3Call.COMPLETE_UPLOAD)) {
      for (StoreFault lost :
          List.of(
              new StoreFault.Reset(true),
              new StoreFault.Answer(500, "InternalError", true),
              new StoreFault.Answer(409, "ConditionalRequestConflict", true))) {
        byte[] bytes = FaultyBucket.random(call == S3Call.PUT_OBJECT ? SMALL : LARGE, 3);
        String own = location + "own" + call + lost.hashCode();
        bucket.store.play(FaultScript.once(call, lost));
        bucket.create(own, bytes);
        assertThat(bucket.soundly(own)).isEqualTo(bytes);

        String taken = location + "taken" + call + lost.hashCode();
        byte[] first = FaultyBucket.random(50, 4);
        bucket.createSoundly(taken, first);
        bucket.store.play(FaultScript.once(call, lost));
        assertThatThrownBy(() -> bucket.create(taken, bytes))
            .isInstanceOf(S3ExistsException.class)
            .hasMessage("cannot create file: " + taken + " (it exists)");
        assertThat(bucket.soundly(taken)).isEqualTo(first);
      }
    }
  }

  /** S3 begins its answer before it is done, and then has no other place for an error. */
  @Test
  void completionThatFailsInTheBodyOfItsAnswerIsNoSuccess() throws Exception {
    byte[] bytes = FaultyBucket.random(LARGE, 5);
    StoreFault inBody = new StoreFault.Answer(200, "InternalError");
    bucket.store.play(FaultScript.once(S3Call.COMPLETE_UPLOAD, inBody));
    bucket.create(location + "again", bytes);
    assertThat(bucket.soundly(location + "again")).isEqualTo(bytes);
    bucket.store.play(FaultScript.always(S3Call.COMPLETE_UPLOAD, inBody));
    assertThatThrownBy(() -> bucket.create(location + "never", bytes))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot write file: " + location + "never");
    assertThat(bucket.soundly(location + "never")).isNull();
  }

  @Test
  void readThatBreaksOffGoesOnFromThere() throws Exception {
    byte[] bytes = FaultyBucket.random(LARGE, 6);
    bucket.createSoundly(location, bytes);
    long resumed = bucket.files.counters().resumedReads();
    bucket.store.play(FaultScript.first(3, S3Call.GET_OBJECT, new StoreFault.CutAnswer(2_000_000)));
    assertThat(bucket.read(location)).isEqualTo(bytes);
    assertThat(bucket.files.counters().resumedReads() - resumed).isEqualTo(3);

    bucket.store.play(FaultScript.first(2, S3Call.GET_OBJECT, new StoreFault.CutAnswer(300)));
    byte[] range = new byte[1_000];
    try (SeekableInputStream in = bucket.files.newInputFile(location).newStream()) {
      ((RangeReadable) in).readFully(77, range, 0, range.length);
    }
    assertThat(range).isEqualTo(Arrays.copyOfRange(bytes, 77, 1_077));

    bucket.store.play(FaultScript.always(S3Call.GET_OBJECT, new StoreFault.CutAnswer(0)));
    assertThatThrownBy(() -> bucket.read(location))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot read file: " + location);
  }

  @Test
  void bitThatIsAnotherOneIsFoundByWhoeverReadsTheWholeFile() throws Exception {
    byte[] bytes = FaultyBucket.random(SMALL, 7);
    bucket.createSoundly(location, bytes);
    bucket.store.play(FaultScript.once(S3Call.GET_OBJECT, new StoreFault.FlipAnswer()));
    assertThatThrownBy(() -> bucket.read(location))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot read file: "
                + location
                + ": its bytes are not those that were written (checksum)");
    assertThat(bucket.read(location)).isEqualTo(bytes);
  }

  @Test
  void storeThatIsSilentOrSlowIsGivenUp() throws Exception {
    bucket.createSoundly(location, FaultyBucket.random(1_000_000, 8));
    try (S3Files files = bucket.open(TINY)) {
      files.newInputFile(location).exists(); // what is slow once is
      bucket.store.play(FaultScript.always(S3Call.GET_OBJECT, new StoreFault.Trickle()));
      assertThatThrownBy(() -> FaultyBucket.read(files, location))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot read file: " + location + ": the store is too slow: ");
      bucket.store.play(FaultScript.all(new StoreFault.Hang()));
      assertThatThrownBy(() -> files.newInputFile(location).exists())
          .isInstanceOf(RuntimeIOException.class)
          .hasMessageContaining("cannot read length of file: " + location);
      for (int size : new int[] {SMALL, LARGE}) {
        assertThatThrownBy(
                () -> FaultyBucket.create(files, location + size, FaultyBucket.random(size, 9)))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("cannot write file: " + location + size);
      }
      assertThat(bucket.store.requests()).hasSizeGreaterThan(3);
    }
  }

  /** A part that came after the abort would stay. */
  @Test
  void uploadIsAbortedOnlyWhenNoPartIsUnderWay() throws Exception {
    CountDownLatch refused = new CountDownLatch(1);
    CountDownLatch aborted = new CountDownLatch(1);
    AtomicBoolean tooEarly = new AtomicBoolean();
    bucket.store.play(
        request -> {
          if (request.target().contains("partNumber=2&")) {
            awaited(refused, Duration.ofMinutes(1));
            tooEarly.set(awaited(aborted, Duration.ofMillis(500)));
          } else if (request.call() == S3Call.UPLOAD_PART) {
            refused.countDown();
            return Optional.of(new StoreFault.Answer(403, "AccessDenied"));
          } else if (request.call() == S3Call.ABORT_UPLOAD) {
            aborted.countDown();
          }
          return Optional.empty();
        });
    assertThatThrownBy(() -> bucket.create(location, FaultyBucket.random(LARGE, 11)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the store denies access");
    assertThat(bucket.store.requests(S3Call.ABORT_UPLOAD)).hasSize(1);
    assertThat(tooEarly).isFalse();
  }

  private static boolean awaited(CountDownLatch latch, Duration most) {
    try {
      return latch.await(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void uploadThatCannotBeAbortedIsCounted() throws Exception {
    long left = bucket.files.counters().leftUploads();
    StoreFault away = new StoreFault.Reset(false);
    bucket.store.play(
        FaultScript.always(S3Call.UPLOAD_PART, away)
            .and(FaultScript.always(S3Call.ABORT_UPLOAD, away)));
    assertThatThrownBy(() -> bucket.create(location, FaultyBucket.random(LARGE, 10)))
        .isInstanceOf(IOException.class);
    assertThat(bucket.files.counters().leftUploads() - left).isEqualTo(1);
    assertThat(bucket.uploads()).isEqualTo(1);
    bucket.abortUploads();
  }
}

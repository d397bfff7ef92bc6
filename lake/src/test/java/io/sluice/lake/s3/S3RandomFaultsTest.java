package io.sluice.lake.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.s3server.FaultScript;
import io.sluice.s3server.RandomFaults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Anything goes wrong at any time: what was acked is there, whole, and nothing ever is in part. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3RandomFaultsTest {

  private static final int SEEDS = 15;
  private static final int FILES = 8;
  private static final double SHARE = 0.4;

  @TempDir Path directory;
  private int acked;
  private int failed;
  private int read;
  private int unread;

  @Test
  void whatIsAckedIsWholeAndWhatFailedIsWholeOrNotThere() throws Exception {
    try (FaultyBucket bucket = new FaultyBucket(directory)) {
      for (int seed = 0; seed < SEEDS; seed++) {
        Random random = new Random(seed);
        bucket.store.play(new RandomFaults(seed, SHARE));
        for (int file = 0; file < FILES; file++) {
          write(bucket, "%s%d-%d".formatted(FaultyBucket.PREFIX, seed, file), size(random, file));
        }
        bucket.store.play(FaultScript.NOTHING);
      }
      assertThat(bucket.files.counters().retries()).isGreaterThan(acked);
    }
    assertThat(acked).isGreaterThan(2 * SEEDS);
    assertThat(failed).isGreaterThan(SEEDS);
    assertThat(read).isGreaterThan(2 * SEEDS);
    assertThat(unread).isGreaterThan(SEEDS / 2);
  }

  private static int size(Random random, int file) {
    return file == 0 ? S3OutputStream.PART_BYTES + random.nextInt(100) : random.nextInt(100_000);
  }

  private void write(FaultyBucket bucket, String location, int size) throws IOException {
    byte[] bytes = FaultyBucket.random(size, size);
    boolean isAcked = false;
    try {
      bucket.create(location, bytes);
      isAcked = true;
      acked++;
    } catch (IOException e) {
      failed++;
      assertThat(e).hasMessageContaining(location);
    }
    byte @Nullable [] there = bucket.soundly(location);
    if (isAcked || there != null) {
      assertThat(there).as(location).isEqualTo(bytes);
    }
    try {
      assertThat(bucket.read(location)).as(location).isEqualTo(bytes);
      read++;
    } catch (NotFoundException e) {
      assertThat(there).as(location).isNull();
    } catch (IOException | RuntimeIOException e) {
      unread++;
      assertThat(e).hasMessageContaining(location);
    }
  }
}

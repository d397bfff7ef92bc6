package io.sluice.cli.doctor;

import io.sluice.schema.service.ByteSize;
import io.sluice.schema.service.FileFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The file system of the data directory. What is written is removed again. */
final class DiskChecks {

  private static final Set<String> VOLATILE = Set.of("tmpfs", "ramfs");
  private static final Set<String> REMOTE = Set.of("nfs", "nfs4", "cifs", "smb3", "9p", "ceph");
  private static final int BLOCK = 4096;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final double SLOW_P99_MILLIS = 20;
  private static final double BROKEN_P50_MILLIS = 500;
  private static final double UNBELIEVABLE_P50_MILLIS = 0.02;

  private final Path data;

  /**
   * @param data the data directory, there or not
   */
  DiskChecks(Path data) {
    this.data = data;
  }

  /**
   * All of them.
   *
   * @param logBytes what the logs on this disk may take
   */
  List<Finding> run(long logBytes) {
    Path there = existing(data);
    if (there == null) {
      return List.of(
          Finding.fail("disk", "cannot find a directory above " + data + " (choose --data)"));
    }
    List<Finding> findings = new ArrayList<>();
    try {
      findings.add(kind(Files.getFileStore(there).type()));
      findings.add(space(Files.getFileStore(there).getUsableSpace(), logBytes));
      findings.add(force(there));
    } catch (IOException e) {
      findings.add(
          Finding.fail(
              "disk",
              "cannot write in %s: %s (choose another with --data)"
                  .formatted(there, FileFailure.reason(e))));
    }
    return findings;
  }

  private static @Nullable Path existing(Path directory) {
    Path at = directory.toAbsolutePath();
    while (at != null && !Files.isDirectory(at)) {
      at = at.getParent();
    }
    return at;
  }

  private Finding kind(String type) {
    String name = type.toLowerCase(Locale.ROOT);
    if (VOLATILE.contains(name)) {
      return Finding.fail(
          "disk kind",
          "%s is on %s, which is memory: what is acked is lost with the power (choose a disk with --data)"
              .formatted(data, type));
    }
    if (name.startsWith("overlay") || name.equals("aufs")) {
      return Finding.warn(
          "disk kind",
          "%s is on %s, a container's own layer: it goes with the container (mount a volume there)"
              .formatted(data, type));
    }
    if (REMOTE.contains(name) || name.startsWith("fuse")) {
      return Finding.warn(
          "disk kind",
          "%s is on %s, over a network: each ack waits for it, and a force may not be one (use a local disk)"
              .formatted(data, type));
    }
    return Finding.ok("disk kind", type);
  }

  static Finding space(long free, long logBytes) {
    String have = "%s are free, logs may take %s".formatted(size(free), size(logBytes));
    return free < logBytes
        ? Finding.warn(
            "disk space", have + " (free some, lower wal.max-bytes, or choose another with --data)")
        : Finding.ok("disk space", have);
  }

  static String size(long bytes) {
    return bytes < 10L << 30
        ? "%d MiB".formatted(bytes >> 20)
        : new ByteSize(bytes >> 30).bytes() + " GiB";
  }

  private static Finding force(Path directory) throws IOException {
    Path file = Files.createTempFile(directory, ".sluice-doctor-", ".tmp");
    List<Long> nanos = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocate(BLOCK);
      long began = System.nanoTime();
      while (System.nanoTime() - began < LONGEST_NANOS || nanos.isEmpty()) {
        block.clear();
        long before = System.nanoTime();
        channel.write(block);
        channel.force(false);
        nanos.add(System.nanoTime() - before);
      }
    } finally {
      Files.delete(file);
    }
    nanos.sort(null);
    return forced(at(nanos, 0.5), at(nanos, 0.99));
  }

  private static double at(List<Long> sorted, double part) {
    return sorted.get((int) ((sorted.size() - 1) * part)) / 1e6;
  }

  /** What latencies mean, in milliseconds. */
  static Finding forced(double p50, double p99) {
    String took =
        String.format(Locale.ROOT, "write and force of 4 KiB: p50 %.2f ms, p99 %.2f ms", p50, p99);
    if (p50 >= BROKEN_P50_MILLIS) {
      return Finding.fail("disk force", took + ": no exporter waits so long (use another disk)");
    }
    if (p99 >= SLOW_P99_MILLIS) {
      return Finding.warn(
          "disk force", took + ": each ack waits for one (use an SSD, or give the log one alone)");
    }
    if (p50 < UNBELIEVABLE_P50_MILLIS) {
      return Finding.warn(
          "disk force",
          took
              + ": faster than disks are (is its cache safe without power? if it is not, acked records are not)");
    }
    return Finding.ok("disk force", took);
  }
}

package io.sluice.bench.torture;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A file system of a fixed size in a file, mounted where the Writer keeps its log and its
 * checkpoints, so that it can be filled up. Takes root and Linux's loop devices. The file stays
 * when this is closed: it is the Writer's data.
 */
final class SmallDisk implements AutoCloseable {

  /** Some more than the log's budget. */
  private static final int MEGABYTES = 768;

  private static final int PIECE = 64 << 10;
  private static final long PATIENCE_SECONDS = 60;

  private final Path mount;
  private final Path ballast;

  private SmallDisk(Path mount) {
    this.mount = mount;
    this.ballast = mount.resolve("ballast");
  }

  /**
   * Mounts it.
   *
   * @param image does not exist yet
   * @param mount an empty directory
   * @throws IOException it cannot be done here; the message says why
   */
  static SmallDisk mount(Path image, Path mount) throws IOException, InterruptedException {
    run("truncate", "-s", MEGABYTES + "M", image.toString());
    try {
      run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
      run("mount", "-o", "loop", image.toString(), mount.toString());
    } catch (IOException e) {
      Files.delete(image);
      throw e;
    }
    return new SmallDisk(mount);
  }

  /** Without a free byte for a while. */
  void full(Fault.Lasting lasting) throws IOException, InterruptedException {
    try {
      fill();
      lasting.pass();
    } finally {
      Files.deleteIfExists(ballast);
    }
  }

  private void fill() throws IOException, InterruptedException {
    long free = Files.getFileStore(mount).getUsableSpace();
    if (free > 2L * PIECE) {
      run("fallocate", "-l", Long.toString(free - PIECE), ballast.toString());
    }
    try (OutputStream out =
        Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      byte[] piece = new byte[PIECE];
      while (true) {
        out.write(piece);
      }
    } catch (IOException e) {
      if (Files.getFileStore(mount).getUsableSpace() > PIECE) {
        throw e; // not for want of space
      }
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("%s does not end".formatted(List.of(command)));
    }
    if (process.exitValue() != 0) {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      throw new IOException("%s: %s".formatted(command[0], said.strip()));
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    run("umount", mount.toString());
  }
}

package io.sluice.writer;

import io.sluice.wal.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A log's disk on which the log's writing or applying thread stands still as long as a test says.
 */
final class HeldDisk implements Storage {

  private static final CompletableFuture<Void> FREE = CompletableFuture.completedFuture(null);

  private final Storage disk;
  private volatile CompletableFuture<Void> forces = FREE;
  private volatile CompletableFuture<Void> reads = FREE;
  private volatile String heldFile = "";

  HeldDisk(Storage disk) {
    this.disk = disk;
  }

  /** The writing thread goes no further than its next force. */
  void holdForces() {
    forces = new CompletableFuture<>();
  }

  /** Nor does it come back from it. */
  void failForces() {
    forces = CompletableFuture.failedFuture(new IOException("the disk is gone"));
  }

  /** The apply thread does not come to this file. */
  void holdApplyBefore(String file) {
    heldFile = file;
    reads = new CompletableFuture<>();
  }

  void letGo() {
    forces.complete(null);
    reads.complete(null);
  }

  private static boolean isThread(String name) {
    return Thread.currentThread().getName().equals(name);
  }

  @Override
  public StorageFile create(String name) throws IOException {
    return new HeldFile(disk.create(name));
  }

  @Override
  public StorageFile open(String name, Access access) throws IOException {
    if (name.equals(heldFile) && isThread("wal-apply")) {
      reads.join();
    }
    return new HeldFile(disk.open(name, access));
  }

  @Override
  public List<String> list() throws IOException {
    return disk.list();
  }

  @Override
  public void rename(String from, String to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void replace(String from, String to) throws IOException {
    disk.replace(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    disk.delete(name);
  }

  @Override
  public void forceDirectory() throws IOException {
    disk.forceDirectory();
  }

  @Override
  public long usableBytes() throws IOException {
    return disk.usableBytes();
  }

  @Override
  public Closeable lock() throws IOException {
    return disk.lock();
  }

  @Override
  public String describe() {
    return disk.describe();
  }

  private final class HeldFile implements StorageFile {
    private final StorageFile file;

    HeldFile(StorageFile file) {
      this.file = file;
    }

    @Override
    public void write(ByteBuffer[] buffers, int count, long position) throws IOException {
      file.write(buffers, count, position);
    }

    @Override
    public int read(ByteBuffer dst, long position) throws IOException {
      return file.read(dst, position);
    }

    @Override
    public void force() throws IOException {
      if (isThread("wal-write")) {
        forces.join();
      }
      file.force();
    }

    @Override
    public long length() throws IOException {
      return file.length();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}

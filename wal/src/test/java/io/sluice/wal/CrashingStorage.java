package io.sluice.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;

/**
 * One process's view of a disk. The power goes before a chosen step, or a chosen call fails. A step
 * is any call that changes the disk.
 */
final class CrashingStorage implements Storage {
  private final SimulatedDisk disk;
  // Guarded by this.
  private long steps;
  private long lastStep = Long.MAX_VALUE;
  private boolean off;
  private Predicate<String> failing = what -> false;
  private volatile Runnable beforeForce = () -> {};

  CrashingStorage(SimulatedDisk disk) {
    this.disk = disk;
  }

  /** The power is lost at step {@code n}, counted from 1: it may be half done. */
  static CrashingStorage losingPowerAt(SimulatedDisk disk, long n) {
    CrashingStorage storage = new CrashingStorage(disk);
    storage.lastStep = n;
    return storage;
  }

  SimulatedDisk disk() {
    return disk;
  }

  synchronized long steps() {
    return steps;
  }

  synchronized boolean isOff() {
    return off;
  }

  /** From here on every call fails: the process is gone, the disk and its cache stay. */
  synchronized void switchOff() {
    off = true;
  }

  /** Calls such as "write 0000000000000001.wal" or "force directory" for which it holds fail. */
  synchronized void failWhen(Predicate<String> call) {
    failing = call;
  }

  /** Run on the thread that forces a file, before it does. */
  void beforeForce(Runnable action) {
    beforeForce = action;
  }

  private interface Change {
    void make() throws IOException;
  }

  private synchronized void step(String what, Change change) throws IOException {
    check();
    if (failing.test(what)) {
      throw new IOException("injected: Input/output error at " + what);
    }
    steps++;
    if (steps < lastStep) {
      change.make();
      return;
    }
    off = true;
    boolean isPromise = what.startsWith("force");
    if (!isPromise) {
      change.make();
    }
    throw new IOException("injected: power lost at step " + steps + ", " + what);
  }

  private synchronized void check() throws IOException {
    if (off) {
      throw new IOException("injected: the power is off");
    }
  }

  @Override
  public List<String> list() throws IOException {
    check();
    return disk.list();
  }

  @Override
  public StorageFile create(String name) throws IOException {
    step("create " + name, () -> disk.create(name));
    return new CachedFile(name, disk.inode(name));
  }

  @Override
  public StorageFile open(String name, Access access) throws IOException {
    check();
    return new CachedFile(name, disk.inode(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    step("rename " + from + " " + to, () -> disk.rename(from, to));
  }

  @Override
  public void replace(String from, String to) throws IOException {
    step("replace " + from + " " + to, () -> disk.replaceWith(from, to));
  }

  @Override
  public void delete(String name) throws IOException {
    step("delete " + name, () -> disk.delete(name));
  }

  @Override
  public void forceDirectory() throws IOException {
    step("force directory", disk::forceDirectory);
  }

  @Override
  public long usableBytes() throws IOException {
    check();
    return disk.usableBytes();
  }

  @Override
  public Closeable lock() {
    return () -> {};
  }

  @Override
  public String describe() {
    return "simulated disk";
  }

  private final class CachedFile implements StorageFile {
    private final String openedAs;
    private final Object inode;

    private CachedFile(String openedAs, Object inode) {
      this.openedAs = openedAs;
      this.inode = inode;
    }

    @Override
    public void write(ByteBuffer[] buffers, int count, long position) throws IOException {
      step(
          "write " + openedAs,
          () -> {
            long at = position;
            for (int i = 0; i < count; i++) {
              int bytes = buffers[i].remaining();
              disk.write(inode, buffers[i], at);
              at += bytes;
            }
          });
    }

    @Override
    public int read(ByteBuffer dst, long position) throws IOException {
      check();
      return disk.read(inode, dst, position);
    }

    @Override
    public void force() throws IOException {
      beforeForce.run();
      try {
        step("force " + openedAs, () -> disk.force(inode));
      } catch (IOException e) {
        if (!isOff()) {
          disk.loseDirtyPages(inode);
        }
        throw e;
      }
    }

    @Override
    public long length() throws IOException {
      check();
      return disk.length(inode);
    }

    @Override
    public void close() {}
  }
}

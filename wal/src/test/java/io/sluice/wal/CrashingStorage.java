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
  // The calls of every kind, those that change nothing included, and what happens at one of them.
  private long calls;
  private long faultAt = Long.MAX_VALUE;
  private Fault fault = Fault.EIO;
  private String faulted = "";

  CrashingStorage(SimulatedDisk disk) {
    this.disk = disk;
  }

  /** The power is lost at step {@code n}, counted from 1: it may be half done. */
  static CrashingStorage losingPowerAt(SimulatedDisk disk, long n) {
    CrashingStorage storage = new CrashingStorage(disk);
    storage.lastStep = n;
    return storage;
  }

  /** The {@code n}th call, counted from 1, fails in that way; the next ones do not. */
  static CrashingStorage failingAt(SimulatedDisk disk, long n, Fault fault) {
    CrashingStorage storage = new CrashingStorage(disk);
    storage.faultAt = n;
    storage.fault = fault;
    return storage;
  }

  /** How a call fails. */
  enum Fault {
    EIO("Input/output error"),
    /** Nothing was written. */
    ENOSPC("No space left on device"),
    /** Half of it was written, then there was no space. */
    SHORT_WRITE("No space left on device"),
    /** It was done, and is reported as failed. */
    DONE_BUT_FAILED("Input/output error");

    private final String words;

    Fault(String words) {
      this.words = words;
    }
  }

  SimulatedDisk disk() {
    return disk;
  }

  /** Which call failed; empty if none has. */
  synchronized String faulted() {
    return faulted;
  }

  synchronized long calls() {
    return calls;
  }

  /** Counts a call; throws if it is the one that fails, after {@code partly}. */
  private void call(String what, Change partly) throws IOException {
    calls++;
    if (calls == faultAt) {
      faulted = what;
      partly.make();
      throw new IOException("injected: %s at %s".formatted(fault.words, what));
    }
  }

  private void read(String what) throws IOException {
    check();
    call(what, () -> {});
    if (failing.test(what)) {
      throw new IOException("injected: Input/output error at " + what);
    }
  }

  private void partly(String what, Change change, Change half) throws IOException {
    if (fault == Fault.DONE_BUT_FAILED && !what.startsWith("force ")) {
      change.make();
    } else if (fault == Fault.SHORT_WRITE) {
      half.make();
    }
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
    step(what, change, () -> {});
  }

  private synchronized void step(String what, Change change, Change half) throws IOException {
    check();
    call(what, () -> partly(what, change, half));
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
  public synchronized List<String> list() throws IOException {
    read("list");
    return disk.list();
  }

  @Override
  public StorageFile create(String name) throws IOException {
    step("create " + name, () -> disk.create(name));
    return new CachedFile(name, disk.inode(name));
  }

  @Override
  public synchronized StorageFile open(String name, Access access) throws IOException {
    read("open " + name);
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
  public synchronized long usableBytes() throws IOException {
    read("usable bytes");
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
          () -> writeUpTo(buffers, count, position, Long.MAX_VALUE),
          () -> writeUpTo(buffers, count, position, remaining(buffers, count) / 2));
    }

    private static long remaining(ByteBuffer[] buffers, int count) {
      long bytes = 0;
      for (int i = 0; i < count; i++) {
        bytes += buffers[i].remaining();
      }
      return bytes;
    }

    private void writeUpTo(ByteBuffer[] buffers, int count, long position, long most)
        throws IOException {
      long at = position;
      long left = most;
      for (int i = 0; i < count && left > 0; i++) {
        int bytes = (int) Math.min(left, buffers[i].remaining());
        ByteBuffer part = buffers[i].duplicate();
        disk.write(inode, part.limit(part.position() + bytes), at);
        buffers[i].position(buffers[i].position() + bytes);
        at += bytes;
        left -= bytes;
      }
    }

    @Override
    public int read(ByteBuffer dst, long position) throws IOException {
      synchronized (CrashingStorage.this) {
        CrashingStorage.this.read("read " + openedAs);
      }
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

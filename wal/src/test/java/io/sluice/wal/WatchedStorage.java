package io.sluice.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/** Another storage, with notes of what was read of it, and of what is open. */
final class WatchedStorage implements Storage {
  final AtomicLong bytesRead = new AtomicLong();
  final AtomicInteger open = new AtomicInteger();

  /** Where the furthest read of a file ended, or would have. */
  final Map<String, Long> readTo = new ConcurrentHashMap<>();

  /** Told of the bytes of each read when they are read. */
  volatile IntConsumer afterRead = bytes -> {};

  private final Storage storage;

  WatchedStorage(Storage storage) {
    this.storage = storage;
  }

  @Override
  public List<String> list() throws IOException {
    return storage.list();
  }

  @Override
  public StorageFile create(String name) throws IOException {
    return new WatchedFile(name, storage.create(name));
  }

  @Override
  public StorageFile open(String name, Access access) throws IOException {
    return new WatchedFile(name, storage.open(name, access));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    storage.rename(from, to);
  }

  @Override
  public void replace(String from, String to) throws IOException {
    storage.replace(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    storage.delete(name);
  }

  @Override
  public void forceDirectory() throws IOException {
    storage.forceDirectory();
  }

  @Override
  public long usableBytes() throws IOException {
    return storage.usableBytes();
  }

  @Override
  public Closeable lock() throws IOException {
    return storage.lock();
  }

  @Override
  public String describe() {
    return storage.describe();
  }

  private final class WatchedFile implements StorageFile {
    private final String name;
    private final StorageFile file;

    private WatchedFile(String name, StorageFile file) {
      this.name = name;
      this.file = file;
      open.incrementAndGet();
    }

    @Override
    public void write(ByteBuffer[] buffers, int count, long position) throws IOException {
      file.write(buffers, count, position);
    }

    @Override
    public int read(ByteBuffer dst, long position) throws IOException {
      readTo.merge(name, position + dst.remaining(), Math::max);
      int read = file.read(dst, position);
      bytesRead.addAndGet(Math.max(0, read));
      afterRead.accept(read);
      return read;
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public long length() throws IOException {
      return file.length();
    }

    @Override
    public void close() throws IOException {
      file.close();
      open.decrementAndGet();
    }
  }
}

package io.sluice.bench.figures;

import io.sluice.wal.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A log's storage that counts what the log's writing thread writes and forces. */
final class GroupCounter implements Storage {

  private static final String WRITING_THREAD = "wal-write";

  private final Storage storage;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong groups = new AtomicLong();

  GroupCounter(Storage storage) {
    this.storage = storage;
  }

  /** Bytes per force since the last call. */
  double takeMeanGroup() {
    long written = bytes.getAndSet(0);
    long forced = groups.getAndSet(0);
    return forced == 0 ? 0 : (double) written / (double) forced;
  }

  @Override
  public StorageFile create(String name) throws IOException {
    return new Counted(storage.create(name));
  }

  @Override
  public StorageFile open(String name, Access access) throws IOException {
    return new Counted(storage.open(name, access));
  }

  @Override
  public List<String> list() throws IOException {
    return storage.list();
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

  private static boolean counts() {
    return Thread.currentThread().getName().equals(WRITING_THREAD);
  }

  private final class Counted implements StorageFile {
    private final StorageFile file;

    Counted(StorageFile file) {
      this.file = file;
    }

    @Override
    public void write(ByteBuffer[] buffers, int count, long position) throws IOException {
      if (counts()) {
        for (int i = 0; i < count; i++) {
          bytes.addAndGet(buffers[i].remaining());
        }
      }
      file.write(buffers, count, position);
    }

    @Override
    public int read(ByteBuffer dst, long position) throws IOException {
      return file.read(dst, position);
    }

    @Override
    public void force() throws IOException {
      if (counts()) {
        groups.incrementAndGet();
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

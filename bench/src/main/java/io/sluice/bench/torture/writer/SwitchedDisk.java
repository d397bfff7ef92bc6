package io.sluice.bench.torture.writer;

import io.sluice.bench.torture.writer.Switches.Switch;
import io.sluice.wal.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A directory whose disk can be slow, broken or full. What is there already can be written and
 * forced on a full disk, as on a real one; a new file cannot.
 */
record SwitchedDisk(Storage disk, SwitchBoard board) implements Storage {

  @Override
  public List<String> list() throws IOException {
    return disk.list();
  }

  @Override
  public StorageFile create(String name) throws IOException {
    requireSound();
    return new SwitchedFile(disk.create(name), true);
  }

  @Override
  public StorageFile open(String name, Access access) throws IOException {
    return new SwitchedFile(disk.open(name, access), false);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    requireSound();
    disk.rename(from, to);
  }

  @Override
  public void replace(String from, String to) throws IOException {
    requireSound();
    disk.replace(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    requireSound();
    disk.delete(name);
  }

  @Override
  public void forceDirectory() throws IOException {
    requireSound();
    board.delay(Switch.SLOW_FORCE);
    disk.forceDirectory();
  }

  @Override
  public long usableBytes() throws IOException {
    return board.isOn(Switch.LOG_FULL) ? 0 : disk.usableBytes();
  }

  @Override
  public Closeable lock() throws IOException {
    return disk.lock();
  }

  @Override
  public String describe() {
    return disk.describe();
  }

  private void requireSound() throws IOException {
    if (board.isOn(Switch.LOG_FAILS)) {
      throw new IOException("Input/output error (injected)");
    }
  }

  private final class SwitchedFile implements StorageFile {
    private final StorageFile file;
    private final boolean grows;

    SwitchedFile(StorageFile file, boolean grows) {
      this.file = file;
      this.grows = grows;
    }

    @Override
    public void write(ByteBuffer[] buffers, int count, long position) throws IOException {
      requireSound();
      if (grows && board.isOn(Switch.LOG_FULL)) {
        throw new IOException("No space left on device (injected)");
      }
      file.write(buffers, count, position);
    }

    @Override
    public int read(ByteBuffer dst, long position) throws IOException {
      return file.read(dst, position);
    }

    @Override
    public void force() throws IOException {
      requireSound();
      board.delay(Switch.SLOW_FORCE);
      file.force();
      requireSound();
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

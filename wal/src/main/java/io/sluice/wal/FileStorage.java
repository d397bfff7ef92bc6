package io.sluice.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory of the file system. */
public final class FileStorage implements Storage {
  private static final Logger LOG = LoggerFactory.getLogger(FileStorage.class);
  private static final String LOCK = "lock";

  /**
   * Who of this process holds a lock, by real directory; guarded by itself. Closing any channel of
   * a file ends all locks that the process has on it: a lock file that is held is not opened again.
   */
  private static final Map<Path, LockHolder> HELD = new HashMap<>();

  private final Path directory;
  private final FileStore fileStore;

  private FileStorage(Path directory) throws IOException {
    this.directory = directory;
    this.fileStore = Files.getFileStore(directory);
  }

  /**
   * Makes the directory and its parents if they are not there, and makes their names durable even
   * if they are: whoever made them may have been killed before it came to that.
   */
  public static FileStorage create(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    createForced(absolute);
    return new FileStorage(absolute);
  }

  /** A directory that must exist. */
  public static FileStorage existing(Path directory) throws IOException {
    return new FileStorage(directory.toAbsolutePath().normalize());
  }

  /**
   * A directory that must be a log's.
   *
   * @throws IOException it is not
   */
  static FileStorage log(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException(
          "cannot read log: %s is no directory (give a log's, DATA/writer/log-0)"
              .formatted(directory));
    }
    FileStorage storage = existing(directory);
    if (storage.list().stream().noneMatch(SegmentName::isOfALog)) {
      throw new IOException(
          "cannot read log: %s is no log's directory, it holds no segments (give DATA/writer/log-0)"
              .formatted(directory));
    }
    return storage;
  }

  private static void createForced(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent != null) {
      createForced(parent);
    }
    if (Files.isDirectory(directory)) {
      if (parent != null && Files.isReadable(parent)) {
        force(parent); // one that cannot be opened was not made by us
      }
      return;
    }
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
    if (parent != null) {
      force(parent);
    }
  }

  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> String.valueOf(path.getFileName())).toList();
    }
  }

  @Override
  public StorageFile create(String name) throws IOException {
    Path path = directory.resolve(name);
    return new ChannelFile(
        path,
        FileChannel.open(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE));
  }

  @Override
  public StorageFile open(String name, Access access) throws IOException {
    Path path = directory.resolve(name);
    return new ChannelFile(
        path,
        access == Access.READ
            ? FileChannel.open(path, StandardOpenOption.READ)
            : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Path target = directory.resolve(to);
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Files.move(directory.resolve(from), target, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void replace(String from, String to) throws IOException {
    Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.delete(directory.resolve(name));
  }

  @Override
  public void forceDirectory() throws IOException {
    force(directory);
  }

  @Override
  public long usableBytes() throws IOException {
    return fileStore.getUsableSpace();
  }

  @Override
  public Closeable lock() throws IOException {
    synchronized (HELD) {
      Path key = directory.toRealPath();
      LockHolder other = HELD.get(key);
      if (other != null) {
        throw new LogInUseException(directory, other.describe());
      }
      LockHolder self = LockHolder.current();
      FileChannel channel = lockedChannel(self);
      HELD.put(key, self);
      return () -> unlock(key, channel);
    }
  }

  private FileChannel lockedChannel(LockHolder self) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      if (tryLock(channel, false)) {
        sign(channel, self);
        return channel;
      }
      throw new LogInUseException(directory, LockHolder.read(channel).describe());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void unlock(Path key, FileChannel channel) throws IOException {
    synchronized (HELD) {
      if (channel.isOpen()) {
        HELD.remove(key);
        channel.close();
      }
    }
  }

  /** Without it the next one is not told who holds the log; that is no reason not to start. */
  private void sign(FileChannel channel, LockHolder self) throws IOException {
    try {
      self.write(channel);
    } catch (ClosedChannelException interrupted) {
      throw interrupted; // and the lock is gone
    } catch (IOException e) {
      LOG.warn("cannot write down who holds the log in {}", directory, e);
    }
  }

  /** Who has the log open, null: nobody. Takes nothing and writes nothing. */
  @Nullable String holder() throws IOException {
    Path lock = directory.resolve(LOCK);
    if (!Files.exists(lock)) {
      return null;
    }
    synchronized (HELD) {
      LockHolder own = HELD.get(directory.toRealPath());
      if (own != null) {
        return own.describe();
      }
      try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.READ)) {
        return tryLock(channel, true) ? null : LockHolder.read(channel).describe();
      }
    }
  }

  private static boolean tryLock(FileChannel channel, boolean isShared) throws IOException {
    try {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, isShared);
      return lock != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      return false;
    }
  }

  @Override
  public String describe() {
    return directory.toString();
  }

  /** Says in each failure which file it was and where: the system's own words say neither. */
  private record ChannelFile(Path path, FileChannel channel) implements StorageFile {

    private IOException failed(String what, long at, IOException cause) {
      return new IOException(
          "cannot %s %s at offset %d: %s".formatted(what, path, at, cause.getMessage()), cause);
    }

    @Override
    public void write(ByteBuffer[] buffers, int count, long position) throws IOException {
      long remaining = 0;
      for (int i = 0; i < count; i++) {
        remaining += buffers[i].remaining();
      }
      try {
        channel.position(position);
        int first = 0;
        while (remaining > 0) {
          while (!buffers[first].hasRemaining()) {
            first++;
          }
          remaining -= channel.write(buffers, first, count - first);
        }
      } catch (IOException e) {
        throw failed("write", position, e);
      }
    }

    @Override
    public int read(ByteBuffer dst, long position) throws IOException {
      try {
        return channel.read(dst, position);
      } catch (IOException e) {
        throw failed("read", position, e);
      }
    }

    @Override
    public void force() throws IOException {
      try {
        channel.force(false);
      } catch (IOException e) {
        throw new IOException("cannot force %s: %s".formatted(path, e.getMessage()), e);
      }
    }

    @Override
    public long length() throws IOException {
      return channel.size();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}

package io.sluice.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.function.IntPredicate;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * A lake on a real disk and a real catalog whose steps are counted, and fail as they are told to:
 * files on being made, closed (their bytes there or not), listed and deleted; statements before
 * they run, and after they ran and before their answer comes. Any thread.
 */
public final class FaultyLake {

  private int steps;
  private IntPredicate fails = step -> false;
  private int toTruncate;

  /** Opened by this, it waits nowhere. */
  public Lake open(LakeConfig config) throws LakeUnavailableException {
    return Lake.open(
        config,
        Clock.systemUTC(),
        new FaultyFiles(),
        (uri, properties) -> new FaultyConnections(uri, properties),
        pause -> {});
  }

  /** From now on steps count from 1, and those for which it holds fail. */
  public synchronized void failing(IntPredicate steps) {
    this.steps = 0;
    this.fails = steps;
  }

  /** From now on nothing fails; the steps that were counted stay. */
  public synchronized void sound() {
    fails = step -> false;
  }

  /** The next data files lose their second half when they are closed, and nobody is told. */
  public synchronized void truncating(int files) {
    toTruncate = files;
  }

  public synchronized int steps() {
    return steps;
  }

  private synchronized boolean strikes() {
    return fails.test(++steps);
  }

  private synchronized boolean truncates(String location) {
    return location.endsWith(".parquet") && toTruncate-- > 0;
  }

  private void step(String what) {
    if (strikes()) {
      throw new UncheckedIOException(new IOException("injected: cannot " + what));
    }
  }

  private final class FaultyFiles implements SupportsPrefixOperations {

    private static final long serialVersionUID = 1L;
    private final ForcingFileIO io = new ForcingFileIO();

    @Override
    public InputFile newInputFile(String location) {
      return io.newInputFile(location);
    }

    @Override
    public void deleteFile(String location) {
      step("delete " + location);
      io.deleteFile(location);
    }

    @Override
    public Iterable<FileInfo> listPrefix(String prefix) {
      step("list " + prefix);
      return io.listPrefix(prefix);
    }

    @Override
    public void deletePrefix(String prefix) {
      io.deletePrefix(prefix);
    }

    @Override
    public OutputFile newOutputFile(String location) {
      OutputFile file = io.newOutputFile(location);
      return new OutputFile() {
        @Override
        public PositionOutputStream create() {
          step("create " + location);
          return new FaultyStream(file.create(), file, io);
        }

        @Override
        public PositionOutputStream createOrOverwrite() {
          step("create " + location);
          return new FaultyStream(file.createOrOverwrite(), file, io);
        }

        @Override
        public String location() {
          return location;
        }

        @Override
        public InputFile toInputFile() {
          return file.toInputFile();
        }
      };
    }
  }

  private final class FaultyStream extends PositionOutputStream {

    private final PositionOutputStream out;
    private final OutputFile file;
    private final FileIO io;

    FaultyStream(PositionOutputStream out, OutputFile file, FileIO io) {
      this.out = out;
      this.file = file;
      this.io = io;
    }

    @Override
    public long getPos() throws IOException {
      return out.getPos();
    }

    @Override
    public long storedLength() throws IOException {
      return out.storedLength();
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      if (strikes()) {
        throw new IOException("injected: no space left for " + file.location());
      }
      out.close();
      if (truncates(file.location())) {
        truncate();
      }
      if (strikes()) {
        throw new IOException("injected: cannot force " + file.location());
      }
    }

    private void truncate() throws IOException {
      byte[] bytes;
      try (var in = io.newInputFile(file.location()).newStream()) {
        bytes = in.readAllBytes();
      }
      try (PositionOutputStream shorter = file.createOrOverwrite()) {
        shorter.write(bytes, 0, bytes.length / 2);
      }
    }
  }

  private final class FaultyConnections extends UnrepeatingConnections {

    FaultyConnections(String uri, Map<String, String> properties) {
      super(uri, properties);
    }

    @Override
    protected Connection newClient() {
      return faulty(Connection.class, super.newClient());
    }

    private <T> T faulty(Class<T> type, T target) {
      return type.cast(
          Proxy.newProxyInstance(
              FaultyLake.class.getClassLoader(),
              new Class<?>[] {type},
              (proxy, method, arguments) -> {
                boolean runs = method.getName().startsWith("execute");
                if (runs && strikes()) {
                  throw new SQLException("injected: lost before the statement ran", "08006");
                }
                Object result = call(target, method, arguments);
                if (runs && strikes()) {
                  throw new SQLException("injected: the answer is lost", "08006");
                }
                return result instanceof PreparedStatement statement
                    ? faulty(PreparedStatement.class, statement)
                    : result;
              }));
    }
  }

  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}

package io.sluice.bench.torture.writer;

import io.sluice.bench.torture.writer.Switches.Switch;
import java.io.IOException;
import java.util.Map;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SupportsPrefixOperations;

/** A store that can fail or hang: where a file is opened, and at each write and close of one. */
final class SwitchedStore implements SupportsPrefixOperations {

  private static final long serialVersionUID = 1L;

  private final transient SupportsPrefixOperations store;
  private final transient SwitchBoard board;

  SwitchedStore(SupportsPrefixOperations store, SwitchBoard board) {
    this.store = store;
    this.board = board;
  }

  private void reach(String location) {
    try {
      board.awaitOff(Switch.STORE_HANGS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeIOException(new IOException(e), "interrupted at %s", location);
    }
    if (board.isOn(Switch.STORE_FAILS)) {
      throw new RuntimeIOException("cannot reach the store: %s (injected)", location);
    }
  }

  @Override
  public InputFile newInputFile(String location) {
    reach(location);
    return store.newInputFile(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    reach(location);
    return new SwitchedOutput(store.newOutputFile(location));
  }

  @Override
  public void close() {
    store.close();
  }

  @Override
  public void deleteFile(String location) {
    reach(location);
    store.deleteFile(location);
  }

  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    reach(prefix);
    return store.listPrefix(prefix);
  }

  @Override
  public void deletePrefix(String prefix) {
    reach(prefix);
    store.deletePrefix(prefix);
  }

  @Override
  public Map<String, String> properties() {
    return store.properties();
  }

  private final class SwitchedOutput implements OutputFile {
    private final OutputFile file;

    SwitchedOutput(OutputFile file) {
      this.file = file;
    }

    @Override
    public PositionOutputStream create() {
      return new SwitchedStream(file.create(), file.location());
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      return new SwitchedStream(file.createOrOverwrite(), file.location());
    }

    @Override
    public String location() {
      return file.location();
    }

    @Override
    public InputFile toInputFile() {
      return newInputFile(file.location());
    }
  }

  private final class SwitchedStream extends PositionOutputStream {
    private final PositionOutputStream stream;
    private final String location;

    SwitchedStream(PositionOutputStream stream, String location) {
      this.stream = stream;
      this.location = location;
    }

    @Override
    public long getPos() throws IOException {
      return stream.getPos();
    }

    @Override
    public void write(int b) throws IOException {
      reach(location);
      stream.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      reach(location);
      stream.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      try {
        reach(location);
      } catch (RuntimeIOException e) {
        stream.close();
        throw e;
      }
      stream.close();
    }
  }
}

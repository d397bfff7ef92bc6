package io.sluice.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** Fails on creating, on closing (with the file's bytes written or not) and on deleting a file. */
final class FaultyFileIO implements FileIO {

  private static final long serialVersionUID = 1L;

  private final transient Faults faults;
  private final ForcingFileIO io = new ForcingFileIO();

  FaultyFileIO(Faults faults) {
    this.faults = faults;
  }

  @Override
  public InputFile newInputFile(String location) {
    return io.newInputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    step();
    io.deleteFile(location);
  }

  private void step() {
    if (faults.strikes()) {
      throw new UncheckedIOException(new IOException("the disk is gone"));
    }
  }

  @Override
  public OutputFile newOutputFile(String location) {
    OutputFile file = io.newOutputFile(location);
    return new OutputFile() {
      @Override
      public PositionOutputStream create() {
        step();
        return new FaultyStream(file.create());
      }

      @Override
      public PositionOutputStream createOrOverwrite() {
        step();
        return new FaultyStream(file.createOrOverwrite());
      }

      @Override
      public String location() {
        return file.location();
      }

      @Override
      public InputFile toInputFile() {
        return file.toInputFile();
      }
    };
  }

  private final class FaultyStream extends PositionOutputStream {

    private final PositionOutputStream out;

    FaultyStream(PositionOutputStream out) {
      this.out = out;
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
      if (faults.strikes()) {
        throw new IOException("the disk is gone");
      }
      out.close();
      if (faults.strikes()) {
        throw new IOException("the disk is gone after all was written");
      }
    }
  }
}

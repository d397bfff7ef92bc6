package io.sluice.lake;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.TableMetadataParser.Codec;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;

/**
 * A table's metadata file, read as a whole and found to be one before Iceberg sees a byte of it:
 * what it finds wrong itself it would try again and again.
 */
final class MetadataInput implements InputFile {

  private final InputFile file;

  MetadataInput(InputFile file) {
    this.file = file;
  }

  @Override
  public SeekableInputStream newStream() {
    byte[] bytes =
        UnretriedFiles.once(
            () -> {
              try (InputStream in = file.newStream()) {
                return in.readAllBytes();
              } catch (IOException e) {
                throw new FileFailedException(
                    "cannot read file: %s (%s)".formatted(location(), e.getMessage()), e);
              }
            });
    try {
      TableMetadataParser.fromJson(location(), new String(plain(bytes), StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException e) {
      throw new DamagedMetadataException(
          "cannot read file: %s is no table's metadata (%s)".formatted(location(), e.getMessage()),
          e);
    }
    return new Bytes(bytes);
  }

  /** Ours is not compressed; another engine may have asked for it by a property of the table. */
  private byte[] plain(byte[] bytes) throws IOException {
    if (Codec.fromFileName(location()) != Codec.GZIP) {
      return bytes;
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    }
  }

  @Override
  public long getLength() {
    return UnretriedFiles.once(file::getLength);
  }

  @Override
  public String location() {
    return file.location();
  }

  @Override
  public boolean exists() {
    return UnretriedFiles.once(file::exists);
  }

  @Override
  public String toString() {
    return file.toString();
  }

  private static final class Bytes extends SeekableInputStream {

    private final ByteArrayInputStream in;
    private final int length;

    Bytes(byte[] bytes) {
      in = new ByteArrayInputStream(bytes);
      length = bytes.length;
    }

    @Override
    public long getPos() {
      return (long) length - in.available();
    }

    @Override
    public void seek(long position) throws IOException {
      in.reset();
      if (position < 0 || in.skip(position) != position) {
        throw new EOFException("cannot seek: %d of %d bytes".formatted(position, length));
      }
    }

    @Override
    public int read() {
      return in.read();
    }

    @Override
    public int read(byte[] into, int offset, int count) {
      return in.read(into, offset, count);
    }
  }
}

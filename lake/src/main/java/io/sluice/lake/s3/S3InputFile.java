package io.sluice.lake.s3;

import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;
import software.amazon.awssdk.services.s3.S3Client;

/** An object to read. One thread uses it. */
final class S3InputFile implements InputFile {

  private static final long UNKNOWN = -1;

  private final S3Client client;
  private final S3Location at;
  private final String location;
  private long length = UNKNOWN;

  /**
   * @param location as it was given, since Iceberg compares it
   */
  S3InputFile(S3Client client, S3Location at, String location) {
    this.client = client;
    this.at = at;
    this.location = location;
  }

  @Override
  public long getLength() {
    if (length == UNKNOWN) {
      length =
          S3Failures.unchecked(
              "read length of file",
              location,
              () -> client.headObject(r -> r.bucket(at.bucket()).key(at.key())).contentLength());
    }
    return length;
  }

  @Override
  public SeekableInputStream newStream() {
    return new S3InputStream(client, at, getLength());
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public boolean exists() {
    try {
      return getLength() >= 0;
    } catch (NotFoundException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return location;
  }
}

package io.sluice.lake.s3;

import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** An object to read. One thread uses it. */
final class S3InputFile implements InputFile {

  private static final long UNKNOWN = -1;

  private final S3Store store;
  private final S3Location at;
  private final String location;
  private long length = UNKNOWN;

  /**
   * @param location as it was given, since Iceberg compares it
   */
  S3InputFile(S3Store store, S3Location at, String location) {
    this.store = store;
    this.at = at;
    this.location = location;
  }

  @Override
  public long getLength() {
    if (length == UNKNOWN) {
      S3Client client = store.client();
      length = S3Failures.unchecked("read length of file", location, () -> length(client));
    }
    return length;
  }

  private long length(S3Client client) {
    try {
      return client.headObject(r -> r.bucket(at.bucket()).key(at.key())).contentLength();
    } catch (SdkException e) {
      if (!S3Failures.isMissing(e)) {
        throw e;
      }
    }
    // The answer to a HEAD cannot say whether it is the object or the whole bucket that is missing.
    ResponseInputStream<GetObjectResponse> there =
        client.getObject(r -> r.bucket(at.bucket()).key(at.key()));
    there.abort();
    return there.response().contentLength();
  }

  @Override
  public SeekableInputStream newStream() {
    return new S3InputStream(store, at, getLength());
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

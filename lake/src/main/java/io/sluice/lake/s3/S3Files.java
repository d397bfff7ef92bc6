package io.sluice.lake.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsPrefixOperations;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;

/**
 * Files that are objects of S3 or of what speaks it. An object is there, durably and whole, when
 * the close of its writer returns; before, nobody sees anything of it. Any thread may use it.
 */
public final class S3Files implements SupportsPrefixOperations {

  private static final long serialVersionUID = 1L;

  private static final byte[] PROBE = {'s', 'l', 'u', 'i', 'c', 'e'};

  private final transient S3Store store;

  /** Connects when it is first used. */
  public S3Files(S3Config config) {
    this(config, S3Patience.USUAL);
  }

  S3Files(S3Config config, S3Patience patience) {
    this.store = new S3Store(config, patience);
  }

  /** Any number of threads may read them. */
  public S3Counters counters() {
    return store.counters();
  }

  /**
   * Makes, reads and deletes a small object: whoever may do that may do all that tables need, but
   * list.
   *
   * @param prefix where objects are going to be
   * @throws RuntimeIOException that cannot be done, and why
   */
  public void requireWritable(String prefix) {
    String location = prefix + "/.sluice-probe-" + UUID.randomUUID();
    require(
        "write to",
        prefix,
        () -> {
          try (OutputStream out = newOutputFile(location).create()) {
            out.write(PROBE);
          }
        });
    require(
        "read from",
        prefix,
        () -> {
          try (InputStream in = newInputFile(location).newStream()) {
            in.skipNBytes(PROBE.length);
          }
        });
    require("delete from", prefix, () -> deleteFile(location));
  }

  private interface Step {
    void done() throws IOException;
  }

  /** Says the same for the same reason, whatever the object's name and the request's number. */
  private static void require(String what, String prefix, Step step) {
    try {
      step.done();
    } catch (IOException | UncheckedIOException | NotFoundException e) {
      Throwable reason = e;
      while (reason.getCause() != null && !(reason instanceof SdkException)) {
        reason = reason.getCause();
      }
      IOException said =
          new IOException(
              "cannot %s warehouse: %s: %s".formatted(what, prefix, S3Reason.of(reason)));
      said.addSuppressed(e);
      throw new RuntimeIOException(said, "%s", said.getMessage());
    }
  }

  @Override
  public InputFile newInputFile(String location) {
    return new S3InputFile(store, S3Location.of(location), location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new S3OutputFile(store, S3Location.of(location));
  }

  @Override
  public void deleteFile(String location) {
    S3Location at = S3Location.of(location);
    S3Client client = store.client();
    S3Failures.unchecked(
        "delete file",
        location,
        () -> client.deleteObject(r -> r.bucket(at.bucket()).key(at.key())));
  }

  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    S3Location at = S3Location.of(prefix);
    S3Client client = store.client();
    return S3Failures.unchecked(
        "list files",
        prefix,
        () -> {
          List<FileInfo> found = new ArrayList<>();
          client
              .listObjectsV2Paginator(
                  ListObjectsV2Request.builder().bucket(at.bucket()).prefix(at.key()).build())
              .contents()
              .forEach(
                  object ->
                      found.add(
                          new FileInfo(
                              new S3Location(at.bucket(), object.key()).toString(),
                              object.size(),
                              object.lastModified().toEpochMilli())));
          return found;
        });
  }

  @Override
  public void deletePrefix(String prefix) {
    listPrefix(prefix).forEach(file -> deleteFile(file.location()));
  }

  /**
   * An upload that was begun and not ended.
   *
   * @param location of the object that it would make
   */
  public record Upload(String location, String id, Instant begun) {}

  /** Uploads of objects whose locations begin so: parts that nobody sees and everybody pays for. */
  public List<Upload> uploads(String prefix) {
    S3Location at = S3Location.of(prefix);
    S3Client client = store.client();
    return S3Failures.unchecked(
        "list uploads",
        prefix,
        () ->
            client
                .listMultipartUploadsPaginator(r -> r.bucket(at.bucket()).prefix(at.key()))
                .uploads()
                .stream()
                .map(
                    upload ->
                        new Upload(
                            new S3Location(at.bucket(), upload.key()).toString(),
                            upload.uploadId(),
                            upload.initiated()))
                .toList());
  }

  /** Lets the store forget its parts; one that has ended meanwhile is left as it is. */
  public void abort(Upload upload) {
    S3Location at = S3Location.of(upload.location());
    S3Client client = store.client();
    try {
      S3Failures.unchecked(
          "abort upload",
          upload.location(),
          () ->
              client.abortMultipartUpload(
                  r -> r.bucket(at.bucket()).key(at.key()).uploadId(upload.id())));
    } catch (NotFoundException e) {
      // It has ended meanwhile.
      return;
    }
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void close() {
    store.close();
  }
}

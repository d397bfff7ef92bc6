package io.sluice.lake.s3;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsPrefixOperations;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;

/**
 * Files that are objects of S3 or of what speaks it. An object is there, durably and whole, when
 * the close of its writer returns; before, nobody sees anything of it. Any thread may use it.
 */
public final class S3Files implements SupportsPrefixOperations {

  private static final long serialVersionUID = 1L;

  private final transient S3Client client;
  private final transient S3Config config;
  private final transient ExecutorService threads;

  /** Connects when it is first used. */
  public S3Files(S3Config config) {
    this.config = config;
    this.client = S3Clients.of(config);
    this.threads =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "s3-upload");
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public InputFile newInputFile(String location) {
    return new S3InputFile(client, S3Location.of(location), location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new S3OutputFile(client, S3Location.of(location), config, threads);
  }

  @Override
  public void deleteFile(String location) {
    S3Location at = S3Location.of(location);
    S3Failures.unchecked(
        "delete file",
        location,
        () -> client.deleteObject(r -> r.bucket(at.bucket()).key(at.key())));
  }

  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    S3Location at = S3Location.of(prefix);
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
    threads.shutdownNow();
    client.close();
  }
}

package io.sluice.lake.s3;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * One object on its way: parts go in parallel, and nobody sees it before all are there. Small ones
 * go as they are. One thread uses it; parts are sent by others.
 */
final class S3Upload {

  private static final Logger LOG = LoggerFactory.getLogger(S3Upload.class);
  private static final String WRITE_ID = "sluice-write";
  private static final int PRECONDITION_FAILED = 412;
  private static final int CONFLICT = 409;

  /** More is not faster, and each holds a part in memory. */
  private static final int MOST_PARTS_UNDER_WAY = 4;

  private final S3Store store;
  private final S3Location location;
  private final boolean onlyIfAbsent;
  private final String writeId = UUID.randomUUID().toString();
  private final List<Future<CompletedPart>> parts = new ArrayList<>();
  private @Nullable String uploadId;

  /**
   * @param onlyIfAbsent an object that is there already is not replaced: that fails
   */
  S3Upload(S3Store store, S3Location location, boolean onlyIfAbsent) {
    this.store = store;
    this.location = location;
    this.onlyIfAbsent = onlyIfAbsent;
  }

  /** Sends a part, which must not change any more; waits while too many are under way. */
  void part(byte[] bytes, int length) throws IOException {
    String id = uploadId == null ? begin() : uploadId;
    uploadId = id;
    int number = parts.size() + 1;
    if (parts.size() >= MOST_PARTS_UNDER_WAY) {
      done(parts.get(parts.size() - MOST_PARTS_UNDER_WAY));
    }
    parts.add(store.threads().submit(() -> send(id, number, bytes, length)));
  }

  private String begin() throws IOException {
    try {
      return required(
          store
              .client()
              .createMultipartUpload(
                  request -> {
                    request.bucket(location.bucket()).key(location.key());
                    request
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                        .metadata(Map.of(WRITE_ID, writeId));
                    S3Requests.encryption(
                        store.config(), request::serverSideEncryption, request::ssekmsKeyId);
                    S3Requests.tags(store.config(), request::tagging);
                  })
              .uploadId());
    } catch (SdkException e) {
      throw failed(e);
    }
  }

  private CompletedPart send(String id, int number, byte[] bytes, int length) {
    UploadPartResponse sent =
        store
            .client()
            .uploadPart(
                request ->
                    request
                        .bucket(location.bucket())
                        .key(location.key())
                        .uploadId(id)
                        .partNumber(number)
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                S3Requests.body(bytes, length));
    return CompletedPart.builder()
        .partNumber(number)
        .eTag(required(sent.eTag()))
        .checksumCRC32(sent.checksumCRC32())
        .build();
  }

  /** The last bytes; the object is there, durably, when it returns. */
  void finish(byte[] bytes, int length) throws IOException {
    try {
      if (uploadId == null) {
        put(bytes, length);
      } else {
        complete(uploadId, bytes, length);
      }
    } catch (SdkException e) {
      if (!mayBeThere(e)) {
        throw failed(e);
      }
      requireOwn(e);
    }
  }

  /** What a request is told that is sent again because the answer to the first was lost. */
  private boolean mayBeThere(SdkException e) {
    int status = e instanceof S3Exception answer ? answer.statusCode() : 0;
    boolean isTaken = status == PRECONDITION_FAILED || status == CONFLICT;
    return (onlyIfAbsent && isTaken) || (uploadId != null && S3Failures.isMissing(e));
  }

  private void put(byte[] bytes, int length) {
    PutObjectResponse done =
        store
            .client()
            .putObject(
                request -> {
                  request.bucket(location.bucket()).key(location.key());
                  request.metadata(
                      Map.of(
                          WRITE_ID,
                          writeId,
                          WholeRead.CHECKSUM,
                          WholeRead.checksum(bytes, length)));
                  S3Requests.encryption(
                      store.config(), request::serverSideEncryption, request::ssekmsKeyId);
                  S3Requests.tags(store.config(), request::tagging);
                  if (onlyIfAbsent) {
                    request.ifNoneMatch("*");
                  }
                },
                S3Requests.body(bytes, length));
    required(done.eTag());
  }

  /**
   * What is always in the answer of a store; something else may have answered, and kept nothing.
   */
  private static String required(@Nullable String tag) {
    if (tag == null) {
      throw SdkClientException.create("the answer is not that of a store that speaks S3");
    }
    return tag;
  }

  private void complete(String id, byte[] bytes, int length) throws IOException {
    if (length > 0) {
      part(bytes, length);
    }
    List<CompletedPart> sent = new ArrayList<>();
    for (Future<CompletedPart> part : parts) {
      sent.add(done(part));
    }
    CompleteMultipartUploadResponse done =
        store
            .client()
            .completeMultipartUpload(
                request -> {
                  request.bucket(location.bucket()).key(location.key()).uploadId(id);
                  request.multipartUpload(all -> all.parts(sent));
                  if (onlyIfAbsent) {
                    request.ifNoneMatch("*");
                  }
                });
    required(done.eTag());
  }

  /**
   * A request whose answer was lost is sent again, and then finds what it wrote itself.
   *
   * @throws S3ExistsException it is another one's
   */
  private void requireOwn(SdkException refused) throws IOException {
    try {
      Map<String, String> there =
          store
              .client()
              .headObject(request -> request.bucket(location.bucket()).key(location.key()))
              .metadata();
      if (writeId.equals(there.get(WRITE_ID))) {
        return;
      }
    } catch (SdkException e) {
      refused.addSuppressed(e);
      throw failed(refused);
    }
    throw new S3ExistsException("cannot create file: %s (it exists)".formatted(location), refused);
  }

  /**
   * Lets the store forget the parts, when none is under way any more: one that came later would
   * stay. A failure leaves them to the bucket's lifecycle rule.
   */
  void abort() {
    String id = uploadId;
    if (id == null) {
      return;
    }
    try {
      settle();
      store
          .client()
          .abortMultipartUpload(
              request -> request.bucket(location.bucket()).key(location.key()).uploadId(id));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      left(e);
    } catch (SdkException e) {
      if (!S3Failures.isMissing(e)) { // what was taken for failed may have been completed
        left(e);
      }
    }
  }

  private void settle() throws InterruptedException {
    for (Future<CompletedPart> part : parts) {
      try {
        part.get();
      } catch (ExecutionException said) {
        LOG.debug("a part of {} has failed", location, said);
      }
    }
  }

  private void left(Exception e) {
    store.counters().leftUploads.increment();
    LOG.warn("cannot abort the upload of {}: its parts stay in the bucket", location, e);
  }

  private CompletedPart done(Future<CompletedPart> part) throws IOException {
    try {
      return part.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("cannot write file: %s: interrupted".formatted(location), e);
    } catch (ExecutionException e) {
      throw failed(Objects.requireNonNullElse(e.getCause(), e));
    }
  }

  private IOException failed(Throwable cause) {
    return S3Failures.checked("write file", location.toString(), cause);
  }
}

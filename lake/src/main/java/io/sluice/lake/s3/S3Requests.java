package io.sluice.lake.s3;

import java.io.ByteArrayInputStream;
import java.util.function.Consumer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/** What requests that write have in common. */
final class S3Requests {

  static void encryption(
      S3Config config, Consumer<ServerSideEncryption> kind, Consumer<String> key) {
    if (config.kmsKey() != null) {
      kind.accept(ServerSideEncryption.AWS_KMS);
      key.accept(config.kmsKey());
    }
  }

  static void tags(S3Config config, Consumer<Tagging> tagging) {
    if (!config.tags().isEmpty()) {
      tagging.accept(
          Tagging.builder()
              .tagSet(
                  config.tags().entrySet().stream()
                      .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                      .toList())
              .build());
    }
  }

  /** Not copied, and sent again from its begin. */
  static RequestBody body(byte[] bytes, int length) {
    return RequestBody.fromContentProvider(
        ContentStreamProvider.fromInputStreamSupplier(
            () -> new ByteArrayInputStream(bytes, 0, length)),
        length,
        "application/octet-stream");
  }

  private S3Requests() {}
}

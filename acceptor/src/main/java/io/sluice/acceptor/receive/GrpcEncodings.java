package io.sluice.acceptor.receive;

import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * How gRPC messages may be compressed: as HTTP bodies may.
 *
 * @param encodings those of this process
 */
record GrpcEncodings(ContentEncodings encodings) {

  private static final Metadata.Key<String> ACCEPTED =
      Metadata.Key.of("grpc-accept-encoding", Metadata.ASCII_STRING_MARSHALLER);

  DecompressorRegistry decompressors() {
    DecompressorRegistry registry =
        DecompressorRegistry.emptyInstance()
            .with(Codec.Identity.NONE, false)
            .with(new CompressedMessages("gzip"), true)
            .with(new CompressedMessages("deflate"), true);
    return encodings.zstd() ? registry.with(new CompressedMessages("zstd"), true) : registry;
  }

  /** Of a call whose messages are in none of these; names those there are. */
  GrpcAnswers.Refusal refusal(@Nullable String unknown) {
    Metadata trailers = new Metadata();
    trailers.put(ACCEPTED, "identity, " + encodings.accepted());
    String why = "cannot take grpc-encoding %s: use %s".formatted(unknown, encodings.accepted());
    return new GrpcAnswers.Refusal(
        Status.UNIMPLEMENTED.withDescription(OtlpAnswers.clipped(why)), trailers);
  }
}

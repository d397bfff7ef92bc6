package io.sluice.lake.s3;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes the client that all requests go through. */
final class S3Clients {

  private static final int CONNECTIONS = 64;

  /**
   * @throws software.amazon.awssdk.core.exception.SdkException no region is set, and none is found
   */
  static S3Client of(S3Config config, S3Patience patience, S3Counters counters) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    .connectionTimeout(patience.connect())
                    .socketTimeout(patience.silence())
                    .connectionAcquisitionTimeout(patience.attempt())
                    .maxConnections(CONNECTIONS))
            .forcePathStyle(config.pathStyle())
            .overrideConfiguration(
                o ->
                    o.apiCallAttemptTimeout(patience.attempt())
                        .apiCallTimeout(patience.call())
                        .addMetricPublisher(counters.publisher())
                        .retryStrategy(
                            b ->
                                b.retryOnException(S3Failures::isConflict)
                                    .backoffStrategy(
                                        BackoffStrategy.exponentialDelay(
                                            patience.pause(), patience.longestPause()))
                                    .throttlingBackoffStrategy(
                                        BackoffStrategy.exponentialDelay(
                                            patience.throttledPause(), patience.longestPause()))));
    if (config.endpoint() != null) {
      builder.endpointOverride(config.endpoint());
    }
    if (config.region() != null) {
      builder.region(Region.of(config.region()));
    } else if (config.endpoint() != null) {
      builder.region(Region.US_EAST_1); // a compatible store has none, but signatures name one
    }
    return withCredentials(builder, config, counters).build();
  }

  private static S3ClientBuilder withCredentials(
      S3ClientBuilder builder, S3Config config, S3Counters counters) {
    if (config.accessKey() != null && config.secretKey() != null) {
      AwsCredentialsProvider set =
          StaticCredentialsProvider.create(
              AwsBasicCredentials.create(config.accessKey(), config.secretKey()));
      return builder.credentialsProvider(set);
    }
    S3Credentials found =
        new S3Credentials(() -> DefaultCredentialsProvider.builder().build(), counters.renewedKeys);
    return builder
        .credentialsProvider(found)
        .overrideConfiguration(
            builder.overrideConfiguration().copy(o -> o.addExecutionInterceptor(found)));
  }

  private S3Clients() {}
}

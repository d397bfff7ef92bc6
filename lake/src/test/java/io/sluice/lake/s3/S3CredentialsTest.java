package io.sluice.lake.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.s3server.FaultScript;
import io.sluice.s3server.S3Request;
import io.sluice.s3server.S3Server;
import io.sluice.s3server.StoreFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keys that nobody has set, as the SDK's chain finds them in a process of its own, and a real S3
 * server that they are used on.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3CredentialsTest {

  private static final Duration SOON = Duration.ofSeconds(2);

  @TempDir static Path directory;
  @TempDir Path home;
  private static FaultyBucket bucket;
  private FakeAws aws;

  @BeforeAll
  static void start() throws Exception {
    bucket = new FaultyBucket(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    bucket.close();
  }

  @BeforeEach
  void begin() throws IOException {
    aws = new FakeAws();
    bucket.store.play(FaultScript.NOTHING);
  }

  @AfterEach
  void end() {
    aws.close();
  }

  @Test
  void keysOfTheEnvironmentAreUsed() throws Exception {
    Map<String, String> environment =
        Map.of(
            "AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY", S3Server.SECRET_KEY,
            "AWS_SESSION_TOKEN", "from-outside");
    assertThat(create("environment", environment)).isEqualTo(StoreUser.OK);
    assertSigned("from-outside");
    assertThat(aws.asked()).isEmpty();
  }

  @Test
  void keysOfAnInstanceAreUsed() throws Exception {
    assertThat(create("instance", instance())).isEqualTo(StoreUser.OK);
    assertSigned("token-1");
  }

  @Test
  void keysOfAContainerAreUsed() throws Exception {
    Map<String, String> environment =
        Map.of(
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            aws.at("/container").toString(),
            "AWS_CONTAINER_AUTHORIZATION_TOKEN",
            FakeAws.CONTAINER_SECRET);
    assertThat(create("container", environment)).isEqualTo(StoreUser.OK);
    assertSigned("token-1");
  }

  @Test
  void keysOfAWebIdentityAreUsed() throws Exception {
    Path token = Files.writeString(home.resolve("token"), "the-web-token");
    Map<String, String> environment =
        Map.of(
            "AWS_WEB_IDENTITY_TOKEN_FILE", token.toString(),
            "AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/sluice",
            "AWS_ROLE_SESSION_NAME", "writer-0",
            "AWS_REGION", "eu-central-1",
            "AWS_ENDPOINT_URL_STS", aws.at("").toString());
    assertThat(create("web-identity", environment)).isEqualTo(StoreUser.OK);
    assertSigned("token-1");
    assertThat(aws.asked())
        .anyMatch(said -> said.contains("writer-0") && said.contains("role%2Fsluice"));
  }

  /** As they do after some hours, without a request that fails. */
  @Test
  void keysThatEndAreFollowedByNewOnes() throws Exception {
    aws.life(SOON);
    bucket.store.play(aws.newestTwoOnly());
    try (StoreUser user = StoreUser.start(bucket.store.endpoint(), home, instance())) {
      for (int file = 0; aws.issued() < 3; file++) {
        assertThat(user.create("ending-" + file)).isEqualTo(StoreUser.OK);
      }
    }
    assertThat(bucket.store.faults()).isZero();
  }

  /** They were taken back, or a clock is wrong: the SDK would use them for hours. */
  @Test
  void keysThatTheStoreCallsExpiredAreFoundAnew() throws Exception {
    bucket.store.play(
        request ->
            request.header("x-amz-security-token").equals("token-1")
                ? Optional.of(new StoreFault.Answer(400, "ExpiredToken"))
                : Optional.empty());
    try (StoreUser user = StoreUser.start(bucket.store.endpoint(), home, instance())) {
      assertThat(user.create("expired")).contains("the keys have expired");
      assertThat(user.create("expired")).isEqualTo(StoreUser.OK);
    }
    assertThat(aws.issued()).isEqualTo(2);
  }

  @Test
  void noKeysAreSaid() throws Exception {
    assertThat(create("none", Map.of("AWS_EC2_METADATA_DISABLED", "true")))
        .contains("none: no keys are set, and the AWS SDK finds none (set s3.access-key and");
    assertThat(bucket.store.requests()).isEmpty();
  }

  @Test
  void noRegionIsSaid() throws Exception {
    Map<String, String> nothing = Map.of("AWS_EC2_METADATA_DISABLED", "true");
    try (StoreUser user = StoreUser.start(null, home, nothing)) {
      assertThat(user.create("nowhere"))
          .isEqualTo(
              "cannot use store: AWS: no region is set, and the AWS SDK finds none (set s3.region)");
    }
  }

  @Test
  void metadataThatIsAwayOrHangsIsNotWaitedForLong() throws Exception {
    try (ServerSocket hung = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String hangs = "http://127.0.0.1:" + hung.getLocalPort();
      for (String endpoint : new String[] {"http://127.0.0.1:1", hangs}) {
        long begin = System.nanoTime();
        assertThat(create("away", Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint)))
            .contains("away: no keys are set, and the AWS SDK finds none (set s3.access-key and");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(1));
      }
    }
  }

  private Map<String, String> instance() {
    return Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", aws.at("").toString());
  }

  private String create(String name, Map<String, String> environment) throws IOException {
    try (StoreUser user = StoreUser.start(bucket.store.endpoint(), home, environment)) {
      return user.create(name);
    }
  }

  private static void assertSigned(String token) {
    assertThat(bucket.store.requests()).isNotEmpty();
    for (S3Request request : bucket.store.requests()) {
      assertThat(request.accessKey()).isEqualTo(S3Server.ACCESS_KEY);
      assertThat(request.header("x-amz-security-token")).isEqualTo(token);
    }
  }
}

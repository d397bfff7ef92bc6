package io.sluice.lake.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.s3server.FaultScript;
import io.sluice.s3server.FaultyStore;
import io.sluice.s3server.S3Call;
import io.sluice.s3server.S3Request;
import io.sluice.s3server.StoreFault;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a store is sent, and what is made of its refusals. Behind the faulty store is none. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3WireTest {

  private static final String LOCATION = "s3://lake/warehouse/file";
  private FaultyStore store;

  @BeforeEach
  void start() throws IOException {
    store = FaultyStore.before(URI.create("http://127.0.0.1:1"));
    refuse(403, "AccessDenied");
  }

  @AfterEach
  void stop() throws IOException {
    store.close();
  }

  @Test
  void keyAndTagsGoWithEveryObject() throws Exception {
    S3Config config =
        new S3Config(
            store.endpoint(),
            "eu-central-1",
            true,
            "a-key",
            "a-secret",
            "arn:aws:kms:eu-central-1:1:key/2",
            Map.of("team", "a b&c"));
    try (S3Files files = new S3Files(config, FaultyBucket.HASTY)) {
      for (int size : new int[] {1, S3OutputStream.PART_BYTES + 1}) {
        assertThatThrownBy(() -> FaultyBucket.create(files, LOCATION, new byte[size]))
            .isInstanceOf(IOException.class);
      }
    }
    for (S3Call call : new S3Call[] {S3Call.PUT_OBJECT, S3Call.CREATE_UPLOAD}) {
      assertThat(store.requests(call)).as("%s", call).hasSize(1);
      S3Request request = store.requests(call).get(0);
      assertThat(request.header("x-amz-server-side-encryption")).isEqualTo("aws:kms");
      assertThat(request.header("x-amz-server-side-encryption-aws-kms-key-id"))
          .isEqualTo("arn:aws:kms:eu-central-1:1:key/2");
      assertThat(request.header("x-amz-tagging")).isEqualTo("team=a%20b%26c");
      assertThat(request.accessKey()).isEqualTo("a-key");
      assertThat(request.header("authorization")).contains("/eu-central-1/s3/aws4_request");
    }
  }

  @Test
  void withoutSettingsNothingOfTheKindIsSent() throws Exception {
    try (S3Files files = files()) {
      assertThatThrownBy(() -> FaultyBucket.create(files, LOCATION, new byte[1]))
          .isInstanceOf(IOException.class);
    }
    Map<String, String> sent = store.requests(S3Call.PUT_OBJECT).get(0).headers();
    assertThat(sent).doesNotContainKeys("x-amz-server-side-encryption", "x-amz-tagging");
    assertThat(sent).containsEntry("if-none-match", "*").containsKey("x-amz-trailer");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | AccessDenied | the store denies access (docs/operations.md",
        "403 | InvalidAccessKeyId | the store does not know the access key (see to s3.access-key)",
        "403 | SignatureDoesNotMatch | the secret key is not that of the access key (see to",
        "400 | ExpiredToken | the keys have expired (",
        "404 | NoSuchBucket | there is no such bucket (make it, or see to warehouse",
        "301 | PermanentRedirect | the bucket is in another region (set s3.region)",
        "400 | AuthorizationHeaderMalformed | the bucket is in another region (set s3.region)",
        "403 | RequestTimeTooSkewed | this machine's clock is too far from the store's (set the",
        "503 | SlowDown | the store answered 503 SlowDown: said by a test",
        "200 | InternalError | the store answered 200 InternalError: said by a test",
      })
  void refusalIsSaidWithWhatToDo(int status, String code, String sentence) throws Exception {
    refuse(status, code);
    try (S3Files files = files()) {
      assertThatThrownBy(() -> FaultyBucket.create(files, LOCATION, new byte[1 + 8_388_608]))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot write file: " + LOCATION + ": " + sentence);
      assertThatThrownBy(() -> files.requireWritable("s3://lake/warehouse"))
          .isInstanceOf(RuntimeIOException.class)
          .hasMessageStartingWith("cannot write to warehouse: s3://lake/warehouse: ");
    }
  }

  /** What stands between may answer for a store that has never seen the file. */
  @Test
  void answerThatIsNoStoresIsNoSuccess() throws Exception {
    refuse(200, "Nothing");
    try (S3Files files = files()) {
      assertThatThrownBy(() -> FaultyBucket.create(files, LOCATION, new byte[1]))
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith(": the answer is not that of a store that speaks S3");
    }
  }

  /** Else a bucket that is not there would look like tables that are lost. */
  @Test
  void missingBucketIsNoMissingFile() throws Exception {
    try (S3Files files = files()) {
      refuse(404, "NoSuchBucket");
      assertThatThrownBy(() -> files.newInputFile(LOCATION).exists())
          .isInstanceOf(RuntimeIOException.class)
          .hasMessageContaining("there is no such bucket");
      assertThatThrownBy(() -> files.deleteFile(LOCATION))
          .isInstanceOf(RuntimeIOException.class)
          .hasMessageContaining("there is no such bucket");
      refuse(404, "NoSuchKey");
      assertThat(files.newInputFile(LOCATION).exists()).isFalse();
      assertThatThrownBy(() -> files.newInputFile(LOCATION).newStream())
          .isInstanceOf(NotFoundException.class);
    }
  }

  @Test
  void storeThatIsNotThereIsSaid() throws Exception {
    store.close();
    try (S3Files files = files()) {
      assertThatThrownBy(() -> files.requireWritable("s3://lake/warehouse"))
          .isInstanceOf(RuntimeIOException.class)
          .hasMessageContaining("Connection refused");
    }
  }

  private void refuse(int status, String code) {
    store.play(FaultScript.all(new StoreFault.Answer(status, code)));
  }

  private S3Files files() {
    return new S3Files(FaultyBucket.config(store.endpoint()), FaultyBucket.HASTY);
  }
}

package io.sluice.lake.s3;

import java.util.Objects;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Why a request failed and what to do, in the words of who runs this. */
final class S3Reason {

  private static final int REDIRECT = 301;
  private static final int FORBIDDEN = 403;

  /** Without the request's object: the caller names it. */
  static String of(Throwable e) {
    if (e instanceof AwsServiceException answer) {
      return said(answer);
    }
    if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
      return "the store has not answered in time";
    }
    String message = Objects.requireNonNullElse(e.getMessage(), e.toString());
    if (e instanceof SdkClientException && message.contains("Unable to load credentials")) {
      return "no keys are set, and the AWS SDK finds none (set s3.access-key and s3.secret-key, or"
          + " see to where it looks: environment, profile, web identity, container, instance)";
    }
    if (e instanceof SdkClientException && message.contains("Unable to load region")) {
      return "no region is set, and the AWS SDK finds none (set s3.region)";
    }
    return message.replaceFirst(" \\(SDK Attempt Count: \\d+\\)", "");
  }

  private static String said(AwsServiceException answer) {
    String code = code(answer);
    return switch (code) {
      case "AccessDenied" -> denied();
      case "InvalidAccessKeyId" -> "the store does not know the access key (see to s3.access-key)";
      case "SignatureDoesNotMatch" ->
          "the secret key is not that of the access key (see to s3.secret-key)";
      case "ExpiredToken", "TokenRefreshRequired" ->
          "the keys have expired (found ones are looked for anew, set ones have to be set anew)";
      case "InvalidToken" -> "the session token of the keys is not valid";
      case "NoSuchBucket" ->
          "there is no such bucket (make it, or see to warehouse and s3.endpoint)";
      case "PermanentRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException" ->
          elsewhere(answer);
      case "RequestTimeTooSkewed" ->
          "this machine's clock is too far from the store's (set the clock)";
      default ->
          answer.statusCode() == REDIRECT
              ? elsewhere(answer)
              : answer.statusCode() == FORBIDDEN ? deniedOrUnknown(code) : whatever(answer, code);
    };
  }

  private static String denied() {
    return "the store denies access (docs/operations.md, Tables in S3, has the rights that are needed)";
  }

  /** The answer to a HEAD says nothing but no, to wrong keys as well. */
  private static String deniedOrUnknown(String code) {
    return code.isEmpty()
        ? "the store denies access (docs/operations.md, Tables in S3, has the rights that are needed; or a key is wrong: s3.access-key, s3.secret-key)"
        : denied();
  }

  private static String elsewhere(AwsServiceException answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    String region =
        details == null || details.sdkHttpResponse() == null
            ? ""
            : details.sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region").orElse("");
    return "the bucket is in another region (set s3.region%s)"
        .formatted(region.isEmpty() ? "" : " to " + region);
  }

  private static String whatever(AwsServiceException answer, String code) {
    AwsErrorDetails details = answer.awsErrorDetails();
    String message =
        details == null || details.errorMessage() == null ? "" : details.errorMessage();
    return "the store answered %d %s%s"
        .formatted(answer.statusCode(), code, message.isEmpty() ? "" : ": " + message)
        .trim();
  }

  /** Empty if the answer had none, as that to a HEAD. */
  static String code(AwsServiceException answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  private S3Reason() {}
}

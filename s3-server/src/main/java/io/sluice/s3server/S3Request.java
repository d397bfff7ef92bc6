package io.sluice.s3server;

import java.util.Map;

/**
 * A request as it came.
 *
 * @param target path and query, percent-encoded
 * @param headers by name in lower case
 */
public record S3Request(S3Call call, String method, String target, Map<String, String> headers) {

  public S3Request {
    headers = Map.copyOf(headers);
  }

  /** Empty if it has none. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** Whose key it is signed with; empty if it is not signed. */
  public String accessKey() {
    return header("authorization").replaceFirst("^.*Credential=([^/]*)/.*$", "$1");
  }
}

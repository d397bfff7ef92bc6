package io.sluice.lake.s3;

/** {@code s3://bucket/key}; {@code s3a} and {@code s3n}, as others write it, are the same. */
record S3Location(String bucket, String key) {

  /**
   * @throws IllegalArgumentException it is not of that form
   */
  static S3Location of(String location) {
    int scheme = location.indexOf("://");
    int slash = location.indexOf('/', scheme + 3);
    boolean isS3 = scheme > 0 && location.substring(0, scheme).matches("s3[an]?");
    if (!isS3 || slash < scheme + 4 || slash + 1 == location.length()) {
      throw new IllegalArgumentException("cannot use location: " + location + " (s3://bucket/key)");
    }
    return new S3Location(location.substring(scheme + 3, slash), location.substring(slash + 1));
  }

  @Override
  public String toString() {
    return "s3://" + bucket + "/" + key;
  }
}

package io.sluice.s3server;

/** What a request asks of the store. */
public enum S3Call {
  PUT_OBJECT,
  CREATE_UPLOAD,
  UPLOAD_PART,
  COMPLETE_UPLOAD,
  ABORT_UPLOAD,
  LIST_UPLOADS,
  GET_OBJECT,
  HEAD_OBJECT,
  DELETE_OBJECT,
  LIST_OBJECTS,
  OTHER;

  /**
   * @param target path, with the bucket in it, and query
   */
  static S3Call of(String method, String target) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? "" : "&" + target.substring(mark + 1);
    boolean isObject = path.indexOf('/', 1) > 0 && !path.endsWith("/");
    boolean isUpload = query.contains("&uploadId=");
    return switch (method) {
      case "PUT" -> isUpload ? UPLOAD_PART : isObject ? PUT_OBJECT : OTHER;
      case "POST" ->
          isUpload ? COMPLETE_UPLOAD : query.contains("&uploads") ? CREATE_UPLOAD : OTHER;
      case "DELETE" -> isUpload ? ABORT_UPLOAD : isObject ? DELETE_OBJECT : OTHER;
      case "HEAD" -> isObject ? HEAD_OBJECT : OTHER;
      case "GET" ->
          isObject ? GET_OBJECT : query.contains("&uploads") ? LIST_UPLOADS : LIST_OBJECTS;
      default -> OTHER;
    };
  }
}

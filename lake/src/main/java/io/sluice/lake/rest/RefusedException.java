package io.sluice.lake.rest;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A request that is answered with an error whatever the catalog holds. */
final class RefusedException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private final int status;
  private final String type;

  private RefusedException(int status, String type, String message) {
    super(message);
    this.status = status;
    this.type = type;
  }

  static RefusedException badRequest(String why) {
    return new RefusedException(BAD_REQUEST, "BadRequestException", why);
  }

  static RefusedException noRoute(RestRequest request) {
    return new RefusedException(
        NOT_FOUND,
        "NotFoundException",
        "cannot answer: %s %s (not served here; GET /v1/config lists what is)"
            .formatted(request.method(), request.path()));
  }

  static RefusedException readOnly() {
    return new RefusedException(
        FORBIDDEN,
        "ForbiddenException",
        "cannot write through this catalog: it is read-only (rows come in by OTLP; tables are changed through the catalog that Sluice itself uses, setting catalog.uri)");
  }

  static RefusedException away(@Nullable String why) {
    return new RefusedException(
        RestErrors.UNAVAILABLE,
        "ServiceUnavailableException",
        "cannot read tables yet: %s (ask again)".formatted(why));
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }
}

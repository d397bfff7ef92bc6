package io.sluice.lake.rest;

import io.sluice.lake.Backoff;
import io.sluice.schema.service.Secrets;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.rest.responses.ErrorResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What went wrong, in the protocol's words. */
final class RestErrors {

  private static final Logger LOG = LoggerFactory.getLogger(RestErrors.class);
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int FAILED = 500;
  static final int UNAVAILABLE = 503;

  /** Of something that was asked wrongly, is not there, or cannot be had now. */
  static ErrorResponse of(RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof RefusedException refused) {
      return error(refused.status(), refused.type(), message);
    }
    if (e instanceof NoSuchTableException
        || e instanceof NoSuchNamespaceException
        || e instanceof NoSuchViewException) {
      return error(NOT_FOUND, e.getClass().getSimpleName(), message);
    }
    if (Backoff.mayPass(e)) {
      return unavailable("cannot ask the catalog: " + message + " (ask again)");
    }
    LOG.error("cannot answer a reader of the catalog", e);
    return error(FAILED, "InternalServerError", message);
  }

  static ErrorResponse denied(boolean unknown, String why) {
    return unknown
        ? error(UNAUTHORIZED, "NotAuthorizedException", why)
        : error(FORBIDDEN, "ForbiddenException", why);
  }

  static ErrorResponse unavailable(String why) {
    return error(UNAVAILABLE, "ServiceUnavailableException", why);
  }

  private static ErrorResponse error(int code, String type, String message) {
    return ErrorResponse.builder()
        .responseCode(code)
        .withType(type)
        .withMessage(Secrets.mask("", message))
        .build();
  }

  private RestErrors() {}
}

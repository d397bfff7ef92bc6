package io.sluice.schema.admin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What Jetty itself refuses, such as what is no HTTP, in a sentence. */
final class AdminErrors extends ErrorHandler {

  private final AdminHandler handler;

  AdminErrors(AdminHandler handler) {
    this.handler = handler;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    handler.refused(status);
    Object reason = request.getAttribute(ERROR_MESSAGE);
    String sentence =
        status >= HttpStatus.INTERNAL_SERVER_ERROR_500 || reason == null
            ? "cannot answer: " + HttpStatus.getMessage(status) + "\n"
            : "cannot read the request: %s (look at its path and headers)\n".formatted(reason);
    byte[] body = sentence.getBytes(StandardCharsets.UTF_8);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }
}

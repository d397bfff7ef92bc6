package io.sluice.acceptor.receive;

import com.google.rpc.Code;
import io.sluice.schema.table.Signal;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * POST /v1/traces, /v1/logs, /v1/metrics. Judges path, method, type and encoding, then hands the
 * body to {@link HttpBody}. Never redirects: there are clients that take a redirect for a success.
 */
final class OtlpHttpHandler extends Handler.Abstract {

  private static final Map<String, Signal> PATHS =
      Map.of("/v1/traces", Signal.TRACES, "/v1/logs", Signal.LOGS, "/v1/metrics", Signal.METRICS);

  private static final long MAX_READ_FOR_NOTHING = 1 << 20;

  private final RequestHandler requests;
  private final Patience patience;
  private final int maxBytes;
  private final Executor workers;
  private final ScheduledExecutorService timer;
  private volatile boolean draining;

  OtlpHttpHandler(
      RequestHandler requests,
      ReceiveLimits limits,
      Executor workers,
      ScheduledExecutorService timer) {
    this.requests = requests;
    this.patience = requests.patience(limits.httpPatience());
    this.maxBytes = limits.maxRequestBytes();
    this.workers = workers;
    this.timer = timer;
  }

  void drain() {
    draining = true;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String type = mediaType(request);
    String answerType = type.equals(HttpAnswers.PROTOBUF) ? type : HttpAnswers.JSON;
    Signal signal = PATHS.get(path(request));
    if (draining) {
      response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
      HttpAnswers.unavailable(
          response, new Outcome.Unavailable(1_000, "the Acceptor stops"), answerType, callback);
    } else if (signal == null) {
      refuse(request, response, HttpStatus.NOT_FOUND_404, notFound(request), answerType, callback);
    } else if (!HttpMethod.POST.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, HttpMethod.POST.asString());
      refuse(request, response, HttpStatus.METHOD_NOT_ALLOWED_405, "POST it", answerType, callback);
    } else {
      accept(signal, type, request, response, callback);
    }
    return true;
  }

  private void accept(
      Signal signal, String type, Request request, Response response, Callback callback) {
    ContentEncoding encoding = encoding(request);
    if (!type.equals(HttpAnswers.PROTOBUF)) {
      String why = "cannot take Content-Type '%s': send application/x-protobuf".formatted(type);
      refuse(
          request,
          response,
          HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
          why,
          HttpAnswers.JSON,
          callback);
    } else if (encoding == null) {
      response.getHeaders().put(HttpHeader.ACCEPT_ENCODING, ContentEncoding.ACCEPTED);
      String why = "cannot take this Content-Encoding: send " + ContentEncoding.ACCEPTED;
      refuse(request, response, HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, why, type, callback);
    } else {
      HttpBody body = new HttpBody(request, maxBytes, timer);
      body.read(read -> received(signal, read, body, encoding, response, callback));
    }
  }

  private void received(
      Signal signal,
      HttpBody.Result read,
      HttpBody body,
      ContentEncoding encoding,
      Response response,
      Callback callback) {
    switch (read) {
      case WHOLE ->
          workers.execute(() -> process(signal, body.bytes(), encoding, response, callback));
      case TOO_LARGE -> {
        Outcome large = new Outcome.TooLarge(Body.tooLarge(maxBytes).why());
        response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        Callback discard = Callback.from(() -> body.discard(callback), callback::failed);
        HttpAnswers.send(response, requests.refuse(signal, large), discard);
      }
      case TOO_SLOW -> {
        response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        String why = "cannot take the request: its body took too long";
        refuse(response, HttpStatus.REQUEST_TIMEOUT_408, why, HttpAnswers.PROTOBUF, callback);
      }
      case BROKEN -> callback.failed(body.failure());
    }
  }

  private void process(
      Signal signal,
      Body.Bytes read,
      ContentEncoding encoding,
      Response response,
      Callback callback) {
    Body body = encoding.decode(read, maxBytes);
    if (body instanceof Body.TooLarge large) {
      Outcome outcome = new Outcome.TooLarge(large.why());
      HttpAnswers.send(response, requests.refuse(signal, outcome), callback);
    } else if (body instanceof Body.Broken broken) {
      Outcome outcome = new Outcome.Malformed(broken.why());
      HttpAnswers.send(response, requests.refuse(signal, outcome), callback);
    } else if (body instanceof Body.Bytes bytes) {
      requests.handle(
          patience.received(signal, bytes, -1),
          outcome -> HttpAnswers.send(response, outcome, callback));
    }
  }

  /** The body is read first: Jetty closes a connection whose request is answered unread. */
  private void refuse(
      Request request, Response response, int http, String why, String type, Callback callback) {
    if (request.getLength() > MAX_READ_FOR_NOTHING) {
      response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
      refuse(response, http, why, type, callback);
    } else {
      new HttpBody(request, maxBytes, timer)
          .discard(
              Callback.from(() -> refuse(response, http, why, type, callback), callback::failed));
    }
  }

  private static void refuse(
      Response response, int http, String why, String type, Callback callback) {
    HttpAnswers.error(response, http, Code.INVALID_ARGUMENT, why, type, callback);
  }

  /** One trailing slash is forgiven; the query is ignored. */
  private static String path(Request request) {
    String path = String.valueOf(request.getHttpURI().getCanonicalPath());
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static String notFound(Request request) {
    return "cannot take %s: OTLP/HTTP is POST /v1/traces, /v1/logs and /v1/metrics"
        .formatted(request.getHttpURI().getPath());
  }

  private static String mediaType(Request request) {
    String header = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (header == null) {
      return "";
    }
    int end = header.indexOf(';');
    String type = (end < 0 ? header : header.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    return type.equals("application/protobuf") ? HttpAnswers.PROTOBUF : type;
  }

  private static @Nullable ContentEncoding encoding(Request request) {
    String given = null;
    for (HttpField field : request.getHeaders()) {
      if (field.getHeader() == HttpHeader.CONTENT_ENCODING) {
        given = given == null ? field.getValue() : given + "," + field.getValue();
      }
    }
    return ContentEncoding.named(given);
  }
}

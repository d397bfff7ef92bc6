package io.sluice.acceptor.receive;

import com.google.rpc.Code;
import io.sluice.schema.table.Signal;
import io.sluice.schema.wire.BatchId;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * POST /v1/traces, /v1/logs, /v1/metrics, /v1development/profiles, in protobuf or JSON. Judges
 * path, method, type and encoding, then hands the request to an {@link HttpCall}. Never redirects:
 * there are clients that take a redirect for a success.
 */
final class OtlpHttpHandler extends Handler.Abstract {

  private static final Map<String, Signal> PATHS =
      Map.of(
          "/v1/traces", Signal.TRACES,
          "/v1/logs", Signal.LOGS,
          "/v1/metrics", Signal.METRICS,
          "/v1development/profiles", Signal.PROFILES);

  private static final Map<String, BatchId.Encoding> FORMATS =
      Map.of(
          HttpAnswers.PROTOBUF, BatchId.Encoding.PROTOBUF, HttpAnswers.JSON, BatchId.Encoding.JSON);

  private static final long MAX_READ_FOR_NOTHING = 1 << 20;

  private final RequestHandler requests;
  private final Admission admission;
  private final ReceiveLimits limits;
  private final ContentEncodings encodings;
  private final Lanes lanes;
  private final Supplier<BodyPace> paces;
  private volatile boolean draining;

  OtlpHttpHandler(
      RequestHandler requests,
      Admission admission,
      ReceiveLimits limits,
      ContentEncodings encodings,
      Lanes lanes,
      Supplier<BodyPace> paces) {
    this.requests = requests;
    this.admission = admission;
    this.limits = limits;
    this.encodings = encodings;
    this.lanes = lanes;
    this.paces = paces;
  }

  void drain() {
    draining = true;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String type = mediaType(request);
    String answerType = HttpAnswers.type(type);
    Signal signal = PATHS.get(path(request));
    if (draining) {
      if (signal != null) {
        requests.refuse(new Came(Came.Door.HTTP, "", signal), ByteBudget.STOPPED);
      }
      response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
      HttpAnswers.refusal(
          response, requests.retryAfter().spread(ByteBudget.STOPPED), answerType, callback);
    } else if (signal == null) {
      requests.refuse(Came.Door.HTTP, null, Ledger.Head.WRONG_PATH);
      refuse(
          request,
          response,
          HttpStatus.NOT_FOUND_404,
          HttpPaths.notFound(request.getHttpURI().getPath()),
          answerType,
          callback);
    } else if (!HttpMethod.POST.is(request.getMethod())) {
      requests.refuse(Came.Door.HTTP, signal, Ledger.Head.WRONG_METHOD);
      response.getHeaders().put(HttpHeader.ALLOW, HttpMethod.POST.asString());
      refuse(
          request,
          response,
          HttpStatus.METHOD_NOT_ALLOWED_405,
          HttpPaths.notAllowed(request.getMethod()),
          answerType,
          callback);
    } else {
      Admission.Result admitted =
          admission.admit(
              request.getHeaders().getValuesList(Admission.AUTHORIZATION),
              request.getHeaders().getValuesList(Admission.TENANT_HEADER));
      Outcome why = admitted.refused();
      if (why == null) {
        String tenant = Objects.requireNonNull(admitted.tenant());
        accept(tenant, signal, type, request, response, callback);
      } else {
        Outcome told =
            requests
                .retryAfter()
                .spread(requests.refuse(new Came(Came.Door.HTTP, "", signal), why));
        unread(
            request,
            response,
            () -> HttpAnswers.refusal(response, told, answerType, callback),
            callback);
      }
    }
    return true;
  }

  private void accept(
      String tenant,
      Signal signal,
      String type,
      Request request,
      Response response,
      Callback callback) {
    BatchId.Encoding format = FORMATS.get(type);
    ContentEncoding encoding = encodings.named(encoding(request));
    if (format == null) {
      requests.refuse(Came.Door.HTTP, signal, Ledger.Head.WRONG_TYPE);
      String why = "cannot take Content-Type '%s': send %s or %s";
      wrongType(
          request,
          response,
          why.formatted(type, HttpAnswers.PROTOBUF, HttpAnswers.JSON),
          HttpAnswers.JSON,
          callback);
    } else if (format == BatchId.Encoding.JSON && !isUtf8(request)) {
      requests.refuse(Came.Door.HTTP, signal, Ledger.Head.WRONG_TYPE);
      String why = "cannot take JSON in another charset than UTF-8: send " + HttpAnswers.JSON;
      wrongType(request, response, why, type, callback);
    } else if (encoding == null) {
      requests.refuse(Came.Door.HTTP, signal, Ledger.Head.WRONG_ENCODING);
      response.getHeaders().put(HttpHeader.ACCEPT_ENCODING, encodings.accepted());
      String why =
          "cannot take Content-Encoding '%s': send %s"
              .formatted(encoding(request), encodings.accepted());
      wrongType(request, response, why, type, callback);
    } else {
      new HttpCall(
              new Came(Came.Door.HTTP, tenant, signal),
              format,
              encoding,
              requests,
              limits,
              lanes.workers(tenant),
              paces.get(),
              request,
              response,
              callback)
          .begin();
    }
  }

  private void wrongType(
      Request request, Response response, String why, String type, Callback callback) {
    refuse(request, response, HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, why, type, callback);
  }

  private void refuse(
      Request request, Response response, int http, String why, String type, Callback callback) {
    unread(request, response, () -> refuse(response, http, why, type, callback), callback);
  }

  /**
   * A short body is read first: Jetty closes a connection whose request is answered unread. One
   * that is long, or does not say how long it is, is not read, and ends the connection: whoever may
   * not send costs no more than a head.
   */
  private void unread(Request request, Response response, Runnable answer, Callback callback) {
    if (request.getLength() > MAX_READ_FOR_NOTHING || isOfUnknownLength(request)) {
      response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
      answer.run();
    } else {
      new HttpBody(
              request, limits.maxRequestBytes(), requests.reservation(Lanes.NOBODY), paces.get())
          .discard(Callback.from(answer, callback::failed));
    }
  }

  /** Of HTTP/1.1 a request without either header has no body. */
  private static boolean isOfUnknownLength(Request request) {
    return request.getLength() < 0
        && (request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
            || request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2);
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

  static String mediaType(Request request) {
    String header = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (header == null) {
      return "";
    }
    int end = header.indexOf(';');
    String type = (end < 0 ? header : header.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    return type.equals("application/protobuf") ? HttpAnswers.PROTOBUF : type;
  }

  /** JSON is; a client may say so. */
  private static boolean isUtf8(Request request) {
    String charset =
        MimeTypes.getCharsetFromContentType(request.getHeaders().get(HttpHeader.CONTENT_TYPE));
    return charset == null || charset.equalsIgnoreCase("utf-8") || charset.equalsIgnoreCase("utf8");
  }

  private static @Nullable String encoding(Request request) {
    String given = null;
    for (HttpField field : request.getHeaders()) {
      if (field.getHeader() == HttpHeader.CONTENT_ENCODING) {
        given = given == null ? field.getValue() : given + "," + field.getValue();
      }
    }
    return given;
  }
}

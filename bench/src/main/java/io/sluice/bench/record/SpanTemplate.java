package io.sluice.bench.record;

import static io.sluice.bench.record.Vocabulary.flag;
import static io.sluice.bench.record.Vocabulary.number;
import static io.sluice.bench.record.Vocabulary.pick;
import static io.sluice.bench.record.Vocabulary.real;
import static io.sluice.bench.record.Vocabulary.text;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.sluice.schema.table.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Spans of about 550 bytes: traces of up to eight spans, 6-12 attributes, some events and links.
 */
final class SpanTemplate {

  private static final int SPANS_PER_SCOPE = 128;

  private final Words words;
  private final RandomGenerator random;
  private final int spans;

  SpanTemplate(Words words, int spans) {
    this.words = words;
    this.random = words.random();
    this.spans = spans;
  }

  Template build() {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    for (int first = 0; first < spans; first += 2 * SPANS_PER_SCOPE) {
      ResourceSpans.Builder group =
          request
              .addResourceSpansBuilder()
              .setResource(Vocabulary.resource(words))
              .setSchemaUrl("https://opentelemetry.io/schemas/1.37.0");
      group.addScopeSpans(scope(first));
      if (first + SPANS_PER_SCOPE < spans) {
        group.addScopeSpans(scope(first + SPANS_PER_SCOPE));
      }
    }
    return Template.of(new Shape(Signal.TRACES, spans), request.build());
  }

  private ScopeSpans scope(int first) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder().setScope(Vocabulary.scope(random));
    for (int i = first; i < Math.min(first + SPANS_PER_SCOPE, spans); i++) {
      scope.addSpans(span(i));
    }
    return scope.build();
  }

  private Span span(int ordinal) {
    int root = ordinal - ordinal % Shape.SPANS_PER_TRACE;
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(Slot.TRACE.bytes(root))
            .setSpanId(Slot.SPAN.bytes(ordinal))
            .setStartTimeUnixNano(Slot.START.fixed64(ordinal))
            .setEndTimeUnixNano(Slot.END.fixed64(ordinal))
            .setFlags(0x101);
    if (ordinal == root) {
      server(span, ordinal);
    } else {
      span.setParentSpanId(Slot.SPAN.bytes(root + (ordinal - root) / 2));
      database(span, ordinal);
    }
    if (random.nextInt(10) == 0) {
      span.addEvents(exception(ordinal));
      span.setStatus(
          Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).setMessage("timeout"));
    }
    if (random.nextInt(20) == 0) {
      span.addLinks(
          Span.Link.newBuilder()
              .setTraceId(Slot.TRACE.bytes(root))
              .setSpanId(Slot.SPAN.bytes(root))
              .addAttributes(text("messaging.operation.name", "process")));
    }
    return span.build();
  }

  private void server(Span.Builder span, int ordinal) {
    String method = pick(Vocabulary.METHODS, random);
    String route = words.one(Vocabulary.ROUTES);
    span.setName(method + " " + route).setKind(Span.SpanKind.SPAN_KIND_SERVER);
    List<KeyValue> attributes = new ArrayList<>();
    attributes.add(text("http.request.method", method));
    attributes.add(text("http.route", route));
    attributes.add(text("url.path", "/api/v1/orders/" + Slot.FRESH.text(ordinal)));
    attributes.add(text("url.scheme", "https"));
    attributes.add(number("http.response.status_code", random.nextInt(20) == 0 ? 500 : 200));
    attributes.add(text("server.address", words.like("shop.example.com")));
    attributes.add(number("server.port", 8443));
    attributes.add(text("client.address", address()));
    attributes.add(
        text(
            "user_agent.original",
            words.like("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")));
    attributes.add(text("network.protocol.version", random.nextBoolean() ? "1.1" : "2"));
    attributes.add(text("enduser.id", Slot.FRESH.text(ordinal)));
    attributes.add(real("shop.order.total", Math.round(random.nextDouble() * 1e5) / 100.0));
    span.addAllAttributes(attributes.subList(0, 10 + random.nextInt(3)));
  }

  /** Of a network for examples; of more, if there are to be more values. */
  private String address() {
    int number = words.below(256);
    return "203.0." + (113 + number / 256) % 256 + "." + number % 256;
  }

  private void database(Span.Builder span, int ordinal) {
    String table = words.one(Vocabulary.TABLES);
    span.setName("SELECT shop." + table).setKind(Span.SpanKind.SPAN_KIND_CLIENT);
    List<KeyValue> attributes = new ArrayList<>();
    attributes.add(text("db.system.name", "postgresql"));
    attributes.add(text("db.namespace", words.like("shop")));
    attributes.add(text("db.collection.name", table));
    attributes.add(text("db.operation.name", "SELECT"));
    attributes.add(
        text(
            "db.query.text",
            "SELECT id, state, total, updated_at FROM " + table + " WHERE id = $1 LIMIT 1"));
    attributes.add(text("server.address", "db-" + words.below(4) + ".shop.internal"));
    attributes.add(number("server.port", 5432));
    attributes.add(number("db.response.returned_rows", words.below(200)));
    attributes.add(text("thread.name", "http-nio-8080-exec-" + words.below(200)));
    attributes.add(number("thread.id", words.below(500)));
    attributes.add(flag("db.cache.hit", random.nextBoolean()));
    attributes.add(text("shop.order.id", Slot.FRESH.text(ordinal)));
    span.addAllAttributes(attributes.subList(0, 10 + random.nextInt(3)));
  }

  private Span.Event exception(int ordinal) {
    return Span.Event.newBuilder()
        .setName("exception")
        .setTimeUnixNano(Slot.END.fixed64(ordinal))
        .addAttributes(text("exception.type", "java.util.concurrent.TimeoutException"))
        .addAttributes(
            text("exception.message", words.like("no answer from inventory after 250 ms")))
        .addAttributes(flag("exception.escaped", false))
        .build();
  }
}

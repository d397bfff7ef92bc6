package io.sluice.bench.record;

import static io.sluice.bench.record.Vocabulary.number;
import static io.sluice.bench.record.Vocabulary.pick;
import static io.sluice.bench.record.Vocabulary.text;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.sluice.schema.table.Signal;
import java.util.List;
import java.util.random.RandomGenerator;

/** Log records of about 390 bytes, most of them within a trace. */
final class LogTemplate {

  private static final int LOGS_PER_RESOURCE = 256;
  private static final List<String> LEVELS = List.of("INFO", "INFO", "INFO", "DEBUG", "WARN");

  private final Words words;
  private final RandomGenerator random;
  private final int logs;

  LogTemplate(Words words, int logs) {
    this.words = words;
    this.random = words.random();
    this.logs = logs;
  }

  Template build() {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    for (int first = 0; first < logs; first += LOGS_PER_RESOURCE) {
      ResourceLogs.Builder group =
          request.addResourceLogsBuilder().setResource(Vocabulary.resource(words));
      ScopeLogs.Builder scope = group.addScopeLogsBuilder().setScope(Vocabulary.scope(random));
      for (int i = first; i < Math.min(first + LOGS_PER_RESOURCE, logs); i++) {
        scope.addLogRecords(log(i));
      }
    }
    return Template.of(new Shape(Signal.LOGS, logs), request.build());
  }

  private LogRecord log(int ordinal) {
    String level = pick(LEVELS, random);
    LogRecord.Builder log =
        LogRecord.newBuilder()
            .setTimeUnixNano(Slot.START.fixed64(ordinal))
            .setObservedTimeUnixNano(Slot.END.fixed64(ordinal))
            .setSeverityText(level)
            .setSeverityNumber(SeverityNumber.valueOf("SEVERITY_NUMBER_" + level))
            .setBody(body(ordinal))
            .addAttributes(text(RunKeys.ATTRIBUTE, Slot.KEY.text(ordinal)))
            .addAttributes(
                text("code.function.name", words.like("com.example.shop.OrderService.place")))
            .addAttributes(text("thread.name", "http-nio-8080-exec-" + words.below(200)))
            .addAttributes(text("code.file.path", words.like("OrderService.java")))
            .addAttributes(number("code.line.number", 20 + words.below(400)))
            .addAttributes(text("log.logger", "com.example.shop." + words.one(Vocabulary.TABLES)));
    if (random.nextInt(10) > 0) {
      log.setTraceId(Slot.TRACE.bytes(ordinal)).setSpanId(Slot.SPAN.bytes(ordinal)).setFlags(1);
    }
    return log.build();
  }

  private AnyValue body(int ordinal) {
    String fresh = Slot.FRESH.text(ordinal);
    return AnyValue.newBuilder()
        .setStringValue(
            switch (random.nextInt(3)) {
              case 0 ->
                  "order " + fresh + " placed, " + random.nextInt(20) + " lines, paid by card";
              case 1 -> "reserved stock for order " + fresh + " in " + random.nextInt(90) + " ms";
              default -> "cart " + fresh + ": price changed since it was put there, asking again";
            })
        .build();
  }
}

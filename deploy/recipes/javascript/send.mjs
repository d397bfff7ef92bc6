// An order shop for a moment: a span, a log record and a step of a counter for each order.
// Where to is in the environment (OTEL_EXPORTER_OTLP_...), as for every exporter of OpenTelemetry.
import { metrics, trace, diag, DiagConsoleLogger, DiagLogLevel } from '@opentelemetry/api';
import { logs as logsApi } from '@opentelemetry/api-logs';
import { NodeSDK, logs, metrics as sdkMetrics, tracing } from '@opentelemetry/sdk-node';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';

const orders = Number(process.argv[2] ?? 1000);
diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN); // what is dropped is said, and counted below
let failed = 0;
const counted = (exporter) => {
  const send = exporter.export.bind(exporter);
  exporter.export = (items, done) => send(items, (result) => { failed += result.code === 0 ? 0 : 1; done(result); });
  return exporter;
};

// Queues that hold all of a burst: what does not fit is dropped.
const queue = { maxQueueSize: orders + 512 };
const sdk = new NodeSDK({
  serviceName: 'javascript-shop',
  spanProcessors: [new tracing.BatchSpanProcessor(counted(new OTLPTraceExporter()), queue)],
  logRecordProcessors: [new logs.BatchLogRecordProcessor({ exporter: counted(new OTLPLogExporter()), ...queue })],
  metricReaders: [new sdkMetrics.PeriodicExportingMetricReader({ exporter: counted(new OTLPMetricExporter()) })],
});
sdk.start();

const placed = metrics.getMeter('shop').createCounter('orders');
const log = logsApi.getLogger('shop');
for (let number = 0; number < orders; number++) {
  trace.getTracer('shop').startActiveSpan('order', { attributes: { 'order.number': number } }, (span) => {
    log.emit({ severityText: 'INFO', body: `order ${number} placed` });
    placed.add(1);
    span.end();
  });
}
await sdk.shutdown(); // sends what is left
console.log(`${orders} orders, ${failed} requests not delivered`);
process.exitCode = failed === 0 ? 0 : 1;

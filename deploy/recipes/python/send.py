"""An order shop for a moment: a span, a log record and a step of a counter for each order.

Where to is in the environment (OTEL_EXPORTER_OTLP_...), as for every exporter of OpenTelemetry.
"""

import sys

from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

failed = 0


class Counted:
    """An exporter whose requests that were not delivered are counted: it logs them, and no more."""

    def export(self, *items, **options):
        global failed
        result = super().export(*items, **options)
        failed += result.name != "SUCCESS"
        return result


class Spans(Counted, OTLPSpanExporter):
    pass


class Logs(Counted, OTLPLogExporter):
    pass


class Points(Counted, OTLPMetricExporter):
    pass


orders = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
shop = Resource.create({"service.name": "python-shop"})

# Queues that hold all of a burst: what does not fit is dropped, with a warning.
spans = TracerProvider(resource=shop)
spans.add_span_processor(BatchSpanProcessor(Spans(), max_queue_size=orders + 512))
logs = LoggerProvider(resource=shop)
logs.add_log_record_processor(BatchLogRecordProcessor(Logs(), max_queue_size=orders + 512))
points = MeterProvider(resource=shop, metric_readers=[PeriodicExportingMetricReader(Points())])

tracer, logger = spans.get_tracer("shop"), logs.get_logger("shop")
placed = points.get_meter("shop").create_counter("orders")
for number in range(orders):
    with tracer.start_as_current_span("order", attributes={"order.number": number}):
        logger.emit(severity_text="INFO", body=f"order {number} placed")
        placed.add(1)

for provider in (spans, logs, points):
    provider.shutdown()  # sends what is left
print(f"{orders} orders, {failed} requests not delivered")
sys.exit(1 if failed else 0)

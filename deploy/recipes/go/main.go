// An order shop for a moment: a span, a log record and a step of a counter for each order.
// Where to is in the environment (OTEL_EXPORTER_OTLP_...), as for every exporter of OpenTelemetry.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploggrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

func main() {
	orders := 1000
	if len(os.Args) > 1 {
		orders = must(strconv.Atoi(os.Args[1]))
	}
	var failed atomic.Int64
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		failed.Add(1)
		fmt.Fprintln(os.Stderr, "not delivered:", err)
	}))

	ctx := context.Background()
	shop := resource.NewSchemaless(attribute.String("service.name", "go-shop"))
	// Queues that hold all of a burst: what does not fit is dropped.
	spans := sdktrace.NewTracerProvider(sdktrace.WithResource(shop),
		sdktrace.WithBatcher(must(otlptracegrpc.New(ctx)), sdktrace.WithMaxQueueSize(orders+512)))
	logs := sdklog.NewLoggerProvider(sdklog.WithResource(shop),
		sdklog.WithProcessor(sdklog.NewBatchProcessor(must(otlploggrpc.New(ctx)), sdklog.WithMaxQueueSize(orders+512))))
	points := sdkmetric.NewMeterProvider(sdkmetric.WithResource(shop),
		sdkmetric.WithReader(sdkmetric.NewPeriodicReader(must(otlpmetricgrpc.New(ctx)))))

	tracer, logger := spans.Tracer("shop"), logs.Logger("shop")
	placed := must(points.Meter("shop").Int64Counter("orders"))
	for number := range orders {
		ctx, span := tracer.Start(ctx, "order", trace.WithAttributes(attribute.Int("order.number", number)))
		var record log.Record
		record.SetSeverityText("INFO")
		record.SetBody(attribute.StringValue(fmt.Sprintf("order %d placed", number)))
		logger.Emit(ctx, record)
		placed.Add(ctx, 1)
		span.End()
	}

	// Sends what is left.
	for _, shutdown := range []func(context.Context) error{spans.Shutdown, logs.Shutdown, points.Shutdown} {
		if err := shutdown(ctx); err != nil {
			otel.Handle(err)
		}
	}
	fmt.Printf("%d orders, %d requests not delivered\n", orders, failed.Load())
	if failed.Load() > 0 {
		os.Exit(1)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	return value
}

/**
 * Records made and exported by the OpenTelemetry SDK: its processors, its queues, its exporters
 * with their retries.
 */
@NullMarked
package io.sluice.bench.torture.sdk;

import org.jspecify.annotations.NullMarked;

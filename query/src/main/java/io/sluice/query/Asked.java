package io.sluice.query;

import io.sluice.schema.service.HostPort;
import org.jspecify.annotations.Nullable;

/**
 * A Writer that was asked something: exactly one of answer and failure is there.
 *
 * @param address where it was asked
 * @param failure why there is no answer
 */
public record Asked<T>(HostPort address, @Nullable T answer, @Nullable ReadException failure) {}

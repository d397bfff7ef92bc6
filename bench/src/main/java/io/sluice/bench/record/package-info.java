/**
 * What a load run sends, and how each record carries its own key, so that every row of a table can
 * be told to be of this run, and which record it is.
 *
 * <pre>
 * RunKeys         record (lane, request, ordinal) <-> span ids, or the attribute sluice.load.key
 * Shape           which table a record of a request belongs to
 * Template        a request's bytes with the places that differ from request to request
 * Templates       realistic requests of each signal
 * </pre>
 */
@NullMarked
package io.sluice.bench.record;

import org.jspecify.annotations.NullMarked;

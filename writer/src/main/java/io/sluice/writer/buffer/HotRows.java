package io.sluice.writer.buffer;

/**
 * Some rows of a batch, ascending.
 *
 * @param rows which rows; never changed
 */
@SuppressWarnings("ArrayRecordComponent") // a view that is compared by nobody
public record HotRows(HotBatch batch, int[] rows) {}

package io.sluice.writer.buffer;

/**
 * A set that is in a parked file.
 *
 * @param from exclusive
 * @param to inclusive
 * @param lastRow the position of its last row
 * @param bytes what its rows take once they are read back
 */
public record ParkedRange(long from, long to, long lastRow, long rows, long bytes) {

  LoggedPart part(Voids voids) {
    return new LoggedPart(from, to, rows, bytes, voids, true);
  }
}

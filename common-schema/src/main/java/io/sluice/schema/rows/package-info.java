/**
 * Wire rows become plain rows: what the Acceptor sends (WireSchema) as what the tables have
 * (TableSchema), for hot reads and for Parquet.
 *
 * <pre>
 * WireBatch    one loaded wire root: time, day, shard and names of a row without expanding it
 * EventTime    which of the times of a record is believed
 * RowExpander  appends rows of wire batches, in any order, to a window of plain rows
 * WireColumn   how one kind of column is expanded; one small class per kind
 * Growing      one plain vector while it grows
 * Source       one wire vector as addresses
 * </pre>
 *
 * <p>Addresses are read without bounds checks: whoever takes a root from outside checks its offsets
 * and run ends first.
 */
package io.sluice.schema.rows;

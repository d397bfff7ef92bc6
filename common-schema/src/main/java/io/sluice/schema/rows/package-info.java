/**
 * Wire rows become plain rows: what the Acceptor sends (WireSchema) as what the tables have
 * (TableSchema), for hot reads and for Parquet.
 *
 * <pre>
 * WireBatch    rows as they came: time, day, shard and names of a row without expanding it
 * BatchReader  where a record batch has its columns, and whether all are inside it
 * ContentCheck whether every reader of the table takes the rows
 * EventTime    which of the times of a record is believed
 * RowExpander  appends rows of wire batches, in any order, to a window of plain rows
 * WireColumn   how one kind of column is expanded; one small class per kind
 * Growing      one plain vector while it grows
 * Source       one wire column as addresses, of a Shape
 * </pre>
 *
 * <p>Addresses are read without bounds checks: what comes from outside passes the BatchReader.
 */
package io.sluice.schema.rows;

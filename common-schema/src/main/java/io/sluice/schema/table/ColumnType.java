package io.sluice.schema.table;

import java.util.List;

/** The types a column can have: the common ground of Arrow, Parquet and Iceberg. */
public sealed interface ColumnType {

  /** Types without parts. Times are micros since the epoch, in UTC. */
  enum Primitive implements ColumnType {
    STRING,
    BINARY,
    BOOLEAN,
    INT,
    LONG,
    DOUBLE,
    TIMESTAMP
  }

  /** {@code map<string,string>}: attributes. A value may be null, a key never. */
  record StringMap() implements ColumnType {}

  /** A list; its elements are never null. */
  record ListOf(ColumnType element) implements ColumnType {}

  /** A group of named columns. */
  record Struct(List<Column> fields) implements ColumnType {}
}

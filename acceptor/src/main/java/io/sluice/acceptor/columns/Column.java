package io.sluice.acceptor.columns;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** One field of the wire schema being filled, row after row, with what is below it. */
abstract sealed class Column
    permits BoolColumn, BytesColumn, IntColumn, ListColumn, LongColumn, RunsColumn, StructColumn {

  static Column of(Field field, BufferSource source) {
    ArrowType type = field.getType();
    return switch (type.getTypeID()) {
      case Utf8, Binary -> new BytesColumn(source);
      case Bool -> new BoolColumn(source);
      case FloatingPoint -> new LongColumn(source);
      case Int ->
          ((ArrowType.Int) type).getBitWidth() == 32
              ? new IntColumn(source)
              : new LongColumn(source);
      case List, Map -> new ListColumn(source, of(field.getChildren().get(0), source));
      case Struct -> new StructColumn(source, field);
      case RunEndEncoded -> new RunsColumn(source, field);
      default -> throw new IllegalArgumentException("cannot fill columns of type: " + type);
    };
  }

  abstract int rows();

  /** The same, to be asked again and again. */
  abstract RowCount count();

  abstract void reset();

  /**
   * Fills it up to so many rows, and what is below it, with what absent fields are: empty, 0 or
   * null. Until then a column may lack the last rows, if its field is absent in them.
   */
  abstract void finish(int rows);

  /** Cuts it to so many rows, at most those it has. */
  abstract void truncate(int rows);

  /** Adds all rows of another column of the same field. */
  abstract void append(Column other);

  /** Bytes written, as a record batch has them. */
  abstract long bytes();

  abstract void collect(List<ArrowFieldNode> nodes, List<ArrowBuf> buffers);
}

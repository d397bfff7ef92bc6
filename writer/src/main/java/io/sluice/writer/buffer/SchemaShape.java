package io.sluice.writer.buffer;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.WireSchema;
import java.util.List;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Whether a schema that somebody sent has the fields that are expected, so far as it takes to read
 * it. In a flatbuffer one field may be the child of many, lie deeper than any stack, or say that it
 * has more than there is memory for: a few bytes that end the process which reads them. So none is
 * followed further than what is expected goes.
 */
final class SchemaShape {

  /** Of the schema: clients put what they like there. */
  private static final int MOST_NOTES = 64;

  private final Table table;

  private SchemaShape(Table table) {
    this.table = table;
  }

  /**
   * @throws MalformedMessageException it has others than the table's wire schema
   * @throws RuntimeException it leads out of its bytes
   */
  static void require(Table table, Schema sent) throws MalformedMessageException {
    SchemaShape shape = new SchemaShape(table);
    if (sent.customMetadataLength() > MOST_NOTES) {
      throw shape.other("it", sent.customMetadataLength(), "notes", "at most " + MOST_NOTES);
    }
    List<Field> expected = WireSchema.of(table).getFields();
    shape.require("it", sent.fieldsLength(), "fields", expected.size());
    for (int i = 0; i < expected.size(); i++) {
      shape.field(sent.fields(i), expected.get(i));
    }
  }

  private void field(org.apache.arrow.flatbuf.Field sent, Field expected)
      throws MalformedMessageException {
    String name = expected.getName();
    require(name, sent.typeType(), "as its type", expected.getType().getTypeID().getFlatbufID());
    require(name, sent.dictionary() == null ? 0 : 1, "dictionaries", 0);
    require(name, sent.customMetadataLength(), "notes", expected.getMetadata().size());
    List<Field> children = expected.getChildren();
    require(name, sent.childrenLength(), "children", children.size());
    for (int i = 0; i < children.size(); i++) {
      field(sent.children(i), children.get(i));
    }
  }

  private void require(String of, int sent, String what, int expected)
      throws MalformedMessageException {
    if (sent != expected) {
      throw other(of, sent, what, Integer.toString(expected));
    }
  }

  private MalformedMessageException other(String of, int sent, String what, String expected) {
    return new MalformedMessageException(
        "cannot open put: schema of %s: %s has %d %s, expected %s"
            .formatted(table, of, sent, what, expected));
  }
}

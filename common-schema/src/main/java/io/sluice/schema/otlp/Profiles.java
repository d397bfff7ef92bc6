package io.sluice.schema.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A row of profiles to what its request has besides the profile, which is there in bytes. */
final class Profiles {

  private static final int DICTIONARY_IN_REQUEST = 2;

  /** The request's dictionary with its tag; empty if none was sent. */
  static ByteString dictionary(Cells row, int i) {
    if (row.isNull("dictionary", i)) {
      return ByteString.EMPTY;
    }
    ByteString dictionary = row.bytes("dictionary", i);
    ByteString.Output field = ByteString.newOutput(dictionary.size() + 16);
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(field);
      out.writeTag(DICTIONARY_IN_REQUEST, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeBytesNoTag(dictionary);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a dictionary to memory", e);
    }
    return field.toByteString();
  }

  private Profiles() {}
}

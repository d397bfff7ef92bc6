package io.sluice.acceptor.transcode;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.util.List;

/** Makes messages such that JSON can say them: ids of usual lengths, one NaN, no unknown fields. */
public final class Expressible {

  public static Message made(Message message) {
    Message.Builder builder =
        message.toBuilder().setUnknownFields(UnknownFieldSet.getDefaultInstance());
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (value instanceof List<?> list) {
                builder.setField(field, list.stream().map(one -> made(field, one)).toList());
              } else {
                builder.setField(field, made(field, value));
              }
            });
    return builder.build();
  }

  private static Object made(FieldDescriptor field, Object value) {
    if (value instanceof Message message) {
      return made(message);
    }
    if (value instanceof Double number && number.isNaN()) {
      return Double.NaN;
    }
    if (value instanceof ByteString bytes && !bytes.isEmpty() && field.getName().endsWith("_id")) {
      ByteString enough = bytes.concat(ByteString.copyFrom(new byte[16]));
      return enough.substring(
          0, field.getName().equals("trace_id") || field.getName().equals("profile_id") ? 16 : 8);
    }
    return value;
  }

  private Expressible() {}
}

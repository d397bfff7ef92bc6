package io.sluice.acceptor.transcode;

import static io.sluice.acceptor.transcode.Scalar.BOOL;
import static io.sluice.acceptor.transcode.Scalar.BYTES;
import static io.sluice.acceptor.transcode.Scalar.DOUBLE;
import static io.sluice.acceptor.transcode.Scalar.INT32;
import static io.sluice.acceptor.transcode.Scalar.INT64;
import static io.sluice.acceptor.transcode.Scalar.STRING;
import static io.sluice.acceptor.transcode.Scalar.UINT32;

/** opentelemetry.proto.common.v1 and resource.v1, and the groups all signals have. */
final class CommonMessages {

  static final Message ANY_VALUE = new Message();

  static final Message ARRAY_VALUE = new Message().repeated("values", 1, ANY_VALUE);

  static final Message KEY_VALUE =
      new Message()
          .single("key", 1, STRING)
          .single("value", 2, ANY_VALUE)
          .single("keyStrindex", 3, INT32);

  static final Message KEY_VALUE_LIST = new Message().repeated("values", 1, KEY_VALUE);

  static final Message INSTRUMENTATION_SCOPE =
      new Message()
          .single("name", 1, STRING)
          .single("version", 2, STRING)
          .repeated("attributes", 3, KEY_VALUE)
          .single("droppedAttributesCount", 4, UINT32);

  static final Message ENTITY_REF =
      new Message()
          .single("schemaUrl", 1, STRING)
          .single("type", 2, STRING)
          .repeated("idKeys", 3, STRING)
          .repeated("descriptionKeys", 4, STRING);

  static final Message RESOURCE =
      new Message()
          .repeated("attributes", 1, KEY_VALUE)
          .single("droppedAttributesCount", 2, UINT32)
          .repeated("entityRefs", 3, ENTITY_REF);

  static {
    ANY_VALUE
        .oneof("stringValue", 1, STRING)
        .oneof("boolValue", 2, BOOL)
        .oneof("intValue", 3, INT64)
        .oneof("doubleValue", 4, DOUBLE)
        .oneof("arrayValue", 5, ARRAY_VALUE)
        .oneof("kvlistValue", 6, KEY_VALUE_LIST)
        .oneof("bytesValue", 7, BYTES)
        .oneof("stringValueStrindex", 8, INT32);
  }

  /**
   * Export*ServiceRequest.
   *
   * @param signal as the names of its groups end, as "Spans"
   * @param records name of the list of records
   */
  static Message request(String signal, String records, Message record) {
    Message scopeGroup =
        new Message()
            .single("scope", 1, INSTRUMENTATION_SCOPE)
            .repeated(records, 2, record)
            .single("schemaUrl", 3, STRING);
    Message resourceGroup =
        new Message()
            .single("resource", 1, RESOURCE)
            .repeated("scope" + signal, 2, scopeGroup)
            .single("schemaUrl", 3, STRING);
    return new Message().repeated("resource" + signal, 1, resourceGroup);
  }

  private CommonMessages() {}
}

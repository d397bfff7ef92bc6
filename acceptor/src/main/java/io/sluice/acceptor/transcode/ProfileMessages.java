package io.sluice.acceptor.transcode;

import static io.sluice.acceptor.transcode.CommonMessages.ANY_VALUE;
import static io.sluice.acceptor.transcode.Scalar.BYTES;
import static io.sluice.acceptor.transcode.Scalar.FIXED64;
import static io.sluice.acceptor.transcode.Scalar.INT32;
import static io.sluice.acceptor.transcode.Scalar.INT64;
import static io.sluice.acceptor.transcode.Scalar.SPAN_ID;
import static io.sluice.acceptor.transcode.Scalar.STRING;
import static io.sluice.acceptor.transcode.Scalar.TRACE_ID;
import static io.sluice.acceptor.transcode.Scalar.UINT32;
import static io.sluice.acceptor.transcode.Scalar.UINT64;

/** opentelemetry.proto.profiles.v1development. A profile's id has as many bytes as a trace's. */
final class ProfileMessages {

  static final Message VALUE_TYPE =
      new Message().single("typeStrindex", 1, INT32).single("unitStrindex", 2, INT32);

  static final Message SAMPLE =
      new Message()
          .single("stackIndex", 1, INT32)
          .repeated("attributeIndices", 2, INT32)
          .single("linkIndex", 3, INT32)
          .repeated("values", 4, INT64)
          .repeated("timestampsUnixNano", 5, FIXED64);

  static final Message PROFILE =
      new Message()
          .single("sampleType", 1, VALUE_TYPE)
          .repeated("samples", 2, SAMPLE)
          .single("timeUnixNano", 3, FIXED64)
          .single("durationNano", 4, UINT64)
          .single("periodType", 5, VALUE_TYPE)
          .single("period", 6, INT64)
          .single("profileId", 7, TRACE_ID)
          .single("droppedAttributesCount", 8, UINT32)
          .single("originalPayloadFormat", 9, STRING)
          .single("originalPayload", 10, BYTES)
          .repeated("attributeIndices", 11, INT32);

  static final Message MAPPING =
      new Message()
          .single("memoryStart", 1, UINT64)
          .single("memoryLimit", 2, UINT64)
          .single("fileOffset", 3, UINT64)
          .single("filenameStrindex", 4, INT32)
          .repeated("attributeIndices", 5, INT32);

  static final Message LINE =
      new Message()
          .single("functionIndex", 1, INT32)
          .single("line", 2, INT64)
          .single("column", 3, INT64);

  static final Message LOCATION =
      new Message()
          .single("mappingIndex", 1, INT32)
          .single("address", 2, UINT64)
          .repeated("lines", 3, LINE)
          .repeated("attributeIndices", 4, INT32);

  static final Message FUNCTION =
      new Message()
          .single("nameStrindex", 1, INT32)
          .single("systemNameStrindex", 2, INT32)
          .single("filenameStrindex", 3, INT32)
          .single("startLine", 4, INT64);

  static final Message LINK =
      new Message().single("traceId", 1, TRACE_ID).single("spanId", 2, SPAN_ID);

  static final Message KEY_VALUE_AND_UNIT =
      new Message()
          .single("keyStrindex", 1, INT32)
          .single("value", 2, ANY_VALUE)
          .single("unitStrindex", 3, INT32);

  static final Message STACK = new Message().repeated("locationIndices", 1, INT32);

  static final Message DICTIONARY =
      new Message()
          .repeated("mappingTable", 1, MAPPING)
          .repeated("locationTable", 2, LOCATION)
          .repeated("functionTable", 3, FUNCTION)
          .repeated("linkTable", 4, LINK)
          .repeated("stringTable", 5, STRING)
          .repeated("attributeTable", 6, KEY_VALUE_AND_UNIT)
          .repeated("stackTable", 7, STACK);

  static final Message REQUEST =
      CommonMessages.request("Profiles", "profiles", PROFILE).single("dictionary", 2, DICTIONARY);

  private ProfileMessages() {}
}

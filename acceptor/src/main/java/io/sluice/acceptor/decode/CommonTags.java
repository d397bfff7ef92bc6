package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.ProtoReader.I64;
import static io.sluice.acceptor.decode.ProtoReader.LEN;
import static io.sluice.acceptor.decode.ProtoReader.VARINT;

import io.sluice.schema.otlp.RequestCutter;

/** Tags of opentelemetry.proto.common.v1 and resource.v1, and of the groups all signals have. */
final class CommonTags {

  static final class AnyValue {
    static final int STRING_VALUE = (1 << 3) | LEN;
    static final int BOOL_VALUE = (2 << 3) | VARINT;
    static final int INT_VALUE = (3 << 3) | VARINT;
    static final int DOUBLE_VALUE = (4 << 3) | I64;
    static final int ARRAY_VALUE = (5 << 3) | LEN;
    static final int KVLIST_VALUE = (6 << 3) | LEN;
    static final int BYTES_VALUE = (7 << 3) | LEN;
    static final int STRING_VALUE_STRINDEX = (8 << 3) | VARINT;

    private AnyValue() {}
  }

  static final class ArrayValue {
    static final int VALUES = (1 << 3) | LEN;

    private ArrayValue() {}
  }

  static final class KeyValueList {
    static final int VALUES = (1 << 3) | LEN;

    private KeyValueList() {}
  }

  static final class KeyValue {
    static final int KEY = (1 << 3) | LEN;
    static final int VALUE = (2 << 3) | LEN;
    static final int KEY_STRINDEX = (3 << 3) | VARINT;

    private KeyValue() {}
  }

  static final class InstrumentationScope {
    static final int NAME = (1 << 3) | LEN;
    static final int VERSION = (2 << 3) | LEN;
    static final int ATTRIBUTES = (3 << 3) | LEN;
    static final int DROPPED_ATTRIBUTES_COUNT = (4 << 3) | VARINT;

    private InstrumentationScope() {}
  }

  static final class EntityRef {
    static final int SCHEMA_URL = (1 << 3) | LEN;
    static final int TYPE = (2 << 3) | LEN;
    static final int ID_KEYS = (3 << 3) | LEN;
    static final int DESCRIPTION_KEYS = (4 << 3) | LEN;

    private EntityRef() {}
  }

  static final class Resource {
    static final int ATTRIBUTES = (1 << 3) | LEN;
    static final int DROPPED_ATTRIBUTES_COUNT = (2 << 3) | VARINT;
    static final int ENTITY_REFS = (3 << 3) | LEN;

    private Resource() {}
  }

  /** Export*ServiceRequest: the same in all signals, but for profiles' dictionary. */
  static final class Request {
    static final int RESOURCE_GROUPS = (1 << 3) | LEN;

    /** Not OTLP's: what tells a request apart that was made of stored rows. */
    static final int LABEL = (RequestCutter.LABEL_FIELD << 3) | LEN;

    /** Of profiles alone. */
    static final int DICTIONARY = (2 << 3) | LEN;

    private Request() {}
  }

  /** ResourceSpans, ResourceLogs, ResourceMetrics, ResourceProfiles. */
  static final class ResourceGroup {
    static final int RESOURCE = (1 << 3) | LEN;
    static final int SCOPE_GROUPS = (2 << 3) | LEN;
    static final int SCHEMA_URL = (3 << 3) | LEN;

    private ResourceGroup() {}
  }

  /** ScopeSpans, ScopeLogs, ScopeMetrics, ScopeProfiles. */
  static final class ScopeGroup {
    static final int SCOPE = (1 << 3) | LEN;
    static final int RECORDS = (2 << 3) | LEN;
    static final int SCHEMA_URL = (3 << 3) | LEN;

    private ScopeGroup() {}
  }

  private CommonTags() {}
}

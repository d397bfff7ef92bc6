package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.ProtoReader.I64;
import static io.sluice.acceptor.decode.ProtoReader.LEN;
import static io.sluice.acceptor.decode.ProtoReader.VARINT;

/** Tags of opentelemetry.proto.profiles.v1development. */
final class ProfileTags {

  static final class Profile {
    static final int SAMPLE_TYPE = (1 << 3) | LEN;
    static final int SAMPLES = (2 << 3) | LEN;
    static final int TIME_UNIX_NANO = (3 << 3) | I64;
    static final int DURATION_NANO = (4 << 3) | VARINT;
    static final int PERIOD_TYPE = (5 << 3) | LEN;
    static final int PERIOD = (6 << 3) | VARINT;
    static final int PROFILE_ID = (7 << 3) | LEN;
    static final int DROPPED_ATTRIBUTES_COUNT = (8 << 3) | VARINT;
    static final int ORIGINAL_PAYLOAD_FORMAT = (9 << 3) | LEN;
    static final int ORIGINAL_PAYLOAD = (10 << 3) | LEN;
    static final int ATTRIBUTE_INDICES = (11 << 3) | LEN;
    static final int ATTRIBUTE_INDICES_UNPACKED = (11 << 3) | VARINT;

    private Profile() {}
  }

  static final class ValueType {
    static final int TYPE_STRINDEX = (1 << 3) | VARINT;
    static final int UNIT_STRINDEX = (2 << 3) | VARINT;

    private ValueType() {}
  }

  static final class Sample {
    static final int STACK_INDEX = (1 << 3) | VARINT;
    static final int ATTRIBUTE_INDICES = (2 << 3) | LEN;
    static final int LINK_INDEX = (3 << 3) | VARINT;
    static final int VALUES = (4 << 3) | LEN;
    static final int TIMESTAMPS_UNIX_NANO = (5 << 3) | LEN;

    private Sample() {}
  }

  static final class ProfilesDictionary {
    static final int MAPPING_TABLE = (1 << 3) | LEN;
    static final int LOCATION_TABLE = (2 << 3) | LEN;
    static final int FUNCTION_TABLE = (3 << 3) | LEN;
    static final int LINK_TABLE = (4 << 3) | LEN;
    static final int STRING_TABLE = (5 << 3) | LEN;
    static final int ATTRIBUTE_TABLE = (6 << 3) | LEN;
    static final int STACK_TABLE = (7 << 3) | LEN;

    private ProfilesDictionary() {}
  }

  static final class Mapping {
    static final int MEMORY_START = (1 << 3) | VARINT;
    static final int MEMORY_LIMIT = (2 << 3) | VARINT;
    static final int FILE_OFFSET = (3 << 3) | VARINT;
    static final int FILENAME_STRINDEX = (4 << 3) | VARINT;
    static final int ATTRIBUTE_INDICES = (5 << 3) | LEN;

    private Mapping() {}
  }

  static final class Location {
    static final int MAPPING_INDEX = (1 << 3) | VARINT;
    static final int ADDRESS = (2 << 3) | VARINT;
    static final int LINES = (3 << 3) | LEN;
    static final int ATTRIBUTE_INDICES = (4 << 3) | LEN;

    private Location() {}
  }

  static final class Stack {
    static final int LOCATION_INDICES = (1 << 3) | LEN;

    private Stack() {}
  }

  static final class KeyValueAndUnit {
    static final int KEY_STRINDEX = (1 << 3) | VARINT;
    static final int VALUE = (2 << 3) | LEN;
    static final int UNIT_STRINDEX = (3 << 3) | VARINT;

    private KeyValueAndUnit() {}
  }

  private ProfileTags() {}
}

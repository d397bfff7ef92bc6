package io.sluice.schema.table;

import static io.sluice.schema.table.Column.filled;
import static io.sluice.schema.table.Column.nullable;
import static io.sluice.schema.table.ColumnType.Primitive.BINARY;
import static io.sluice.schema.table.ColumnType.Primitive.LONG;
import static io.sluice.schema.table.ColumnType.Primitive.STRING;

import java.util.List;

/**
 * What {@code profiles} has of its own: opentelemetry.proto.profiles.v1development.Profile. What
 * the message gives by an index into the request's dictionary is resolved; samples and stacks are
 * in the bytes alone.
 */
final class ProfileColumns {

  private static final String NO_ENTRY = "not sent, or the dictionary has no such entry";

  static final List<Column> PROFILE =
      List.of(
          nullable("profile_id", STRING, "lower-case hex", "empty"),
          filled(
              "time_unix_nano", LONG, "when the profile began, exact, unsigned nanos; 0 unknown"),
          filled("duration_nano", LONG, "how long it was taken, unsigned nanos"),
          nullable("sample_type", STRING, "what a sample's values are, as cpu", NO_ENTRY),
          nullable("sample_unit", STRING, "their unit, as nanoseconds", NO_ENTRY),
          nullable("period_type", STRING, "what lies between two samples", NO_ENTRY),
          nullable("period_unit", STRING, "its unit", NO_ENTRY),
          filled("period", LONG, "how much of it lies between two samples"),
          filled("sample_count", LONG, "how many samples the profile has"),
          filled("original_payload_format", STRING, "of the original payload; empty if none"),
          filled("original_payload", BINARY, "what the profile was made of; empty if none"));

  static final List<Column> RECORD_RAW =
      List.of(
          filled("profile", BINARY, "the exact OTLP bytes of the Profile message"),
          nullable(
              "dictionary",
              BINARY,
              "the exact OTLP bytes of the ProfilesDictionary of the profile's request",
              "no dictionary was sent"));

  private ProfileColumns() {}
}

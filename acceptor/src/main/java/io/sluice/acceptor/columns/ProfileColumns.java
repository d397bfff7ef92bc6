package io.sluice.acceptor.columns;

/** opentelemetry.proto.profiles.v1development.Profile. */
public final class ProfileColumns implements RecordColumns {

  public final BytesColumn profileId;
  public final LongColumn time;
  public final LongColumn duration;
  public final BytesColumn sampleType;
  public final BytesColumn sampleUnit;
  public final BytesColumn periodType;
  public final BytesColumn periodUnit;
  public final LongColumn period;
  public final IntColumn sampleCount;
  public final BytesColumn originalPayloadFormat;
  public final BytesColumn originalPayload;
  public final IntColumn droppedAttributesCount;
  public final AttributeColumns attributes;
  public final BytesColumn raw;

  ProfileColumns(StructColumn of, Shared shared) {
    profileId = of.bytes("profile_id");
    time = of.longs("time_unix_nano");
    duration = of.longs("duration_nano");
    sampleType = of.bytes("sample_type");
    sampleUnit = of.bytes("sample_unit");
    periodType = of.bytes("period_type");
    periodUnit = of.bytes("period_unit");
    period = of.longs("period");
    sampleCount = of.ints("sample_count");
    originalPayloadFormat = of.bytes("original_payload_format");
    originalPayload = of.bytes("original_payload");
    droppedAttributesCount = of.ints("dropped_attributes_count");
    attributes = shared.attributes(of);
    raw = of.bytes("raw");
  }
}

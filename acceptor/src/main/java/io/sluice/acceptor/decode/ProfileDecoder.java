package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.BytesColumn;
import io.sluice.acceptor.columns.ProfileColumns;
import io.sluice.acceptor.columns.WireColumns;
import io.sluice.acceptor.decode.ProfileTags.Profile;
import io.sluice.acceptor.decode.ProfileTags.ValueType;
import io.sluice.schema.table.Table;

/**
 * opentelemetry.proto.profiles.v1development.Profile: one row of profiles each, with the message's
 * own bytes. What it has by an index is looked up in the request's dictionary.
 */
final class ProfileDecoder implements RecordDecoder {

  private final ProtoReader in;
  private final AttributeDecoder fields;
  private final ValueDecoder values;
  private final ShapeCheck check;
  private final Dictionary dictionary;
  private final Parts parts;
  private final TableRows rows;

  private long made; // of the profile at hand

  // Of the ValueType read last.
  private int type;
  private int unit;

  ProfileDecoder(
      ProtoReader in,
      AttributeDecoder fields,
      ValueDecoder values,
      ShapeCheck check,
      Dictionary dictionary,
      Parts parts) {
    this.in = in;
    this.fields = fields;
    this.values = values;
    this.check = check;
    this.dictionary = dictionary;
    this.parts = parts;
    this.rows = parts.rows(Table.PROFILES);
  }

  @Override
  public void record(boolean rejected) {
    int to = in.end;
    WireColumns columns = rows.next();
    int row = columns.rows();
    boolean whole = true;
    boolean identified = false;
    try {
      identified = profile((ProfileColumns) columns.records());
    } catch (TooDeepException e) {
      values.clear();
      in.at(to, to);
      whole = false;
    }
    if (whole && !rejected) {
      rows.made(made);
      rows.added(identified);
    } else {
      columns.truncate(row);
      parts.rejected();
    }
  }

  private boolean profile(ProfileColumns out) {
    int from = in.pos;
    long time = 0;
    long duration = 0;
    int sampleType = 0;
    int sampleUnit = 0;
    int periodType = 0;
    int periodUnit = 0;
    long period = 0;
    int samples = 0;
    int dropped = 0;
    long id = 0;
    long format = 0;
    long payload = 0;
    while (in.next()) {
      switch (in.tag) {
        case Profile.SAMPLE_TYPE -> {
          valueType(sampleType, sampleUnit);
          sampleType = type;
          sampleUnit = unit;
        }
        case Profile.SAMPLES -> {
          check.field(ProfileShapes.SAMPLE);
          samples++;
        }
        case Profile.TIME_UNIX_NANO -> time = in.fixed64();
        case Profile.DURATION_NANO -> duration = in.varint();
        case Profile.PERIOD_TYPE -> {
          valueType(periodType, periodUnit);
          periodType = type;
          periodUnit = unit;
        }
        case Profile.PERIOD -> period = in.varint();
        case Profile.PROFILE_ID -> id = in.range();
        case Profile.DROPPED_ATTRIBUTES_COUNT -> dropped = in.int32();
        case Profile.ORIGINAL_PAYLOAD_FORMAT -> format = in.range();
        case Profile.ORIGINAL_PAYLOAD -> payload = in.range();
        case Profile.ATTRIBUTE_INDICES -> {
          int outer = in.enter();
          while (!in.atEnd()) {
            fields.addOf(in.int32(), out.attributes);
          }
          in.leave(outer);
        }
        case Profile.ATTRIBUTE_INDICES_UNPACKED -> fields.addOf(in.int32(), out.attributes);
        default -> in.pass();
      }
    }
    fields.bytes(id, out.profileId);
    out.time.add(time);
    out.duration.add(duration);
    text(sampleType, out.sampleType);
    text(sampleUnit, out.sampleUnit);
    text(periodType, out.periodType);
    text(periodUnit, out.periodUnit);
    out.period.add(period);
    out.sampleCount.add(samples);
    fields.text(format, out.originalPayloadFormat);
    fields.bytes(payload, out.originalPayload);
    out.droppedAttributesCount.add(dropped);
    fields.end(out.attributes);
    out.raw.add(in.buf, from, in.end - from);
    made = time;
    return Ids.isSet(in.buf, id) || Ids.isFine(time);
  }

  /** Reads a ValueType, of which parts may have come before. */
  private void valueType(int typeBefore, int unitBefore) {
    type = typeBefore;
    unit = unitBefore;
    int outer = in.enter();
    while (in.next()) {
      switch (in.tag) {
        case ValueType.TYPE_STRINDEX -> type = in.int32();
        case ValueType.UNIT_STRINDEX -> unit = in.int32();
        default -> in.pass();
      }
    }
    in.leave(outer);
  }

  private void text(int index, BytesColumn out) {
    long range = dictionary.stringIfAny(index);
    if (range == Dictionary.NONE) {
      out.addNull();
    } else {
      fields.text(range, out);
    }
  }
}
